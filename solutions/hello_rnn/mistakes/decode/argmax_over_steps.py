"""argmax_over_steps

en: You look for the largest number in each column, along axis 0: one guess is wanted for each row.
zh: 你沿第 0 轴在每一列里找最大的数：应该每一行猜一个。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.argmax(dim=0).tolist())
