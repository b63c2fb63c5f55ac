"""zeros_and_ones_exchanged

en: Zeros and ones are exchanged: each row has a 0 at its index.
zh: 0 和 1 反了：每一行在自己的下标处是 0。
fails: test_values
"""

import torch.nn.functional as F


def one_hot(indices, num_classes):
    return 1 - F.one_hot(indices, num_classes).float()
