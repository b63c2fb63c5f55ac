"""largest_magnitude

en: You ignore the sign of the logits: a large negative number means unlikely.
zh: 你忽略了 logits 的符号：绝对值很大的负数表示不太可能。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.abs().argmax(dim=1).tolist())
