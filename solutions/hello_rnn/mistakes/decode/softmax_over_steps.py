"""softmax_over_steps

en: You compare the steps with each other before you choose, along axis 0: only the numbers of one row compete.
zh: 在选择之前，你沿第 0 轴让各步互相比较：只有同一行的数才互相竞争。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.softmax(dim=0).argmax(dim=1).tolist())
