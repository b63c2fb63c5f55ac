"""one_based_indices

en: Each character is its neighbour in front in idx2char: columns count from 0, as lists do.
zh: 每个字符都成了 idx2char 里它前面的那个：列和列表一样从 0 开始数。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx - 1] for idx in logits.argmax(dim=1).tolist())
