"""outputs_of_last_step

en: You return the last step alone: every step is a prediction, so every step needs its row.
zh: 你只返回了最后一步：每一步都是一个预测，都需要自己的一行。
fails: test_outputs_shape
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out[-1]
