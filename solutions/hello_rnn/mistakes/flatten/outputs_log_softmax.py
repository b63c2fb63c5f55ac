"""outputs_log_softmax

en: Your rows are log-probabilities: values stay as they are, cross-entropy does the rest.
zh: 你的行是对数概率：值应保持不变，其余由交叉熵来做。
fails: test_outputs
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten(0, 1).log_softmax(dim=1)
