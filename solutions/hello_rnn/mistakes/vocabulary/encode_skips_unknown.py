"""encode_skips_unknown

en: encode leaves out characters that it does not know: it should raise KeyError.
zh: encode 略去了它不认识的字符：应该抛出 KeyError。
fails: test_unknown
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in text if char in char2idx], dtype=torch.int64)
