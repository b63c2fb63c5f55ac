"""encode_by_place_in_dictionary

en: You count the dictionary's keys instead of reading its values: the index of a character is char2idx[char], wherever it stands.
zh: 你数的是字典里的键，而没有读它的值：字符的索引是 char2idx[char]，不管它排在哪里。
fails: test_encode
"""

import torch


def encode(text, char2idx):
    places = {char: place for place, char in enumerate(char2idx)}
    return torch.tensor([places[char] for char in text])
