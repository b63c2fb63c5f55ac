"""encode_unknown_as_none

en: encode gets None for an unknown character and fails only when the tensor is made: it should raise KeyError.
zh: encode 对不认识的字符得到 None，直到建立张量时才出错：应该抛出 KeyError。
fails: ?
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx.get(char) for char in text])
