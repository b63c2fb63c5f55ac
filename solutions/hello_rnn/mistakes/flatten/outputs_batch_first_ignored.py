"""outputs_batch_first_ignored

en: The rows of a batch-first out come sample by sample: reshape alone never swaps the axes batch and seq.
zh: batch_first 时，out 的行是按样本排的：reshape 本身不会交换 batch 和 seq 两个轴。
fails: test_outputs
"""


def flatten_outputs(out, batch_first=False):
    return out.reshape(-1, out.shape[-1])
