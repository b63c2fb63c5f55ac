"""encode_each_character_once

en: encode has an index for each distinct character: a character that comes twice in the text needs two.
zh: encode 给每个不同的字符一个下标：在文本中出现两次的字符需要两个。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in dict.fromkeys(text)])
