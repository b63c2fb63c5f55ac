"""vocab_results_exchanged

en: The two results stand in the wrong order: the list comes first.
zh: 两个结果的顺序反了：列表应该在前。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text))
    return {char: idx for idx, char in enumerate(idx2char)}, idx2char
