"""list_of_indices

en: You return a list of indices: each still has to be looked up in idx2char.
zh: 你返回了下标的列表：还要在 idx2char 里逐个查出字符。
fails: test_values
"""


def decode(logits, idx2char):
    return logits.argmax(dim=1).tolist()
