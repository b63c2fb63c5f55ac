"""outputs_detached

en: The values are right, but the result is cut off from out: no gradient can pass.
zh: 值是对的，但结果和 out 断开了：梯度无法通过。
fails: test_gradients
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten(0, 1).detach()
