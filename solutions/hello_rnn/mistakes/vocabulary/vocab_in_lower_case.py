"""vocab_in_lower_case

en: You turned capitals into small letters: H and h are two characters here.
zh: 你把大写变成了小写：这里 H 和 h 是两个字符。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text.lower()))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
