"""outputs_exchanged_in_place

en: The result is right, but the caller's out has its axes swapped now: a method that ends in _ changes its tensor in place.
zh: 结果是对的，但调用者的 out 的轴被交换了：以 _ 结尾的方法会原地改动张量。
fails: test_unchanged
"""


def flatten_outputs(out, batch_first=False):
    if batch_first:
        out.transpose_(0, 1)
    return out.flatten(0, 1)
