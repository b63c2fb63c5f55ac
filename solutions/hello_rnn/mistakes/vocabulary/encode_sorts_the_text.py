"""encode_sorts_the_text

en: The indices come in sorted order: they should follow the text.
zh: 下标是排过序的：它们应该按文本的顺序。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in sorted(text)])
