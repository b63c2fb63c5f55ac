"""vocab_indices_from_one

en: The indices in char2idx begin with 1: they should be the places in the list, and idx2char[char2idx[c]] should be c.
zh: char2idx 里的下标从 1 开始：它应该是在列表中的位置，idx2char[char2idx[c]] 应该等于 c。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, {char: idx for idx, char in enumerate(idx2char, 1)}
