"""outputs_features_first

en: Your result is (hidden, seq*batch): the predictions should be its rows.
zh: 你的结果是 (hidden, seq*batch)：每个预测应该是一行。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten(0, 1).T
