"""encode_with_a_vocabulary_of_its_own

en: encode numbers the characters of the text anew: it should use the char2idx that it is given.
zh: encode 给文本的字符重新编了号：应该使用给它的 char2idx。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    own = {char: idx for idx, char in enumerate(sorted(set(text)))}
    return torch.tensor([own[char] for char in text])
