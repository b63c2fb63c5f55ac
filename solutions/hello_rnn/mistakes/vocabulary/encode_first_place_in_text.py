"""encode_first_place_in_text

en: encode gives each character its place in the text: look it up in char2idx instead.
zh: encode 给每个字符的是它在文本里的位置：应该到 char2idx 里去查。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    return torch.tensor([text.index(char) for char in text])
