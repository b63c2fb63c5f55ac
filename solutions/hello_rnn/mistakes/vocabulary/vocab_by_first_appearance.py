"""vocab_by_first_appearance

en: Your characters stand in the order in which the text first has them: the list should be sorted.
zh: 你的字符按在文本中第一次出现的顺序排列：列表应该是排好序的。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = list(dict.fromkeys(text))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
