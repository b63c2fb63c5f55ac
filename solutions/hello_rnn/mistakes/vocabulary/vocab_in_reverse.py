"""vocab_in_reverse

en: Your list is sorted from the end: look at which character gets index 0.
zh: 你的列表是倒着排序的：看看下标 0 是哪个字符。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text), reverse=True)
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
