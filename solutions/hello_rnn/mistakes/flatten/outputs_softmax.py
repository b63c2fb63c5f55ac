"""outputs_softmax

en: Your rows are probabilities that add up to 1: values stay as they are, cross-entropy does the softmax.
zh: 你的行是和为 1 的概率：值应保持不变，softmax 由交叉熵来做。
fails: test_outputs
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten(0, 1).softmax(dim=1)
