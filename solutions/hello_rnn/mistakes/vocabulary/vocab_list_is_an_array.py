"""vocab_list_is_an_array

en: idx2char is a NumPy array: a plain list of characters is asked for.
zh: idx2char 是 NumPy 数组：题目要的是普通的字符列表。
fails: test_build_vocab
"""

import numpy as np


def build_vocab(text):
    idx2char = np.unique(list(text))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
