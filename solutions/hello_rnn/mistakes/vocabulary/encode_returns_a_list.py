"""encode_returns_a_list

en: encode returns a list of ints: a tensor is asked for.
zh: encode 返回了整数的列表：题目要的是张量。
fails: test_encode
"""


def encode(text, char2idx):
    return [char2idx[char] for char in text]
