"""vocab_sorted_without_case

en: Small and capital letters stand side by side in your list: the plain order of `sorted` puts capitals first.
zh: 你的列表里大小写字母挨在一起：sorted 的普通顺序会把大写放在前面。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text), key=lambda char: (char.lower(), char))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
