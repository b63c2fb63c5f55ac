"""encode_unknown_as_next_index

en: encode gives an unknown character the index after the last: it should raise KeyError.
zh: encode 给不认识的字符最后一个之后的下标：应该抛出 KeyError。
fails: test_unknown
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx.get(char, len(char2idx)) for char in text])
