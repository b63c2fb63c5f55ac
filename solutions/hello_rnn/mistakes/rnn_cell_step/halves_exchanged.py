"""halves_exchanged

en: Side by side, the numbers of x and h and the columns of the two matrices stand in different orders: look at which number meets which weight.
zh: 并排放置之后，x 和 h 的数与两个矩阵的列顺序不一致：看看哪个数碰上了哪个权重。
fails: test_values
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):

    both = torch.cat([h, x], dim=1)
    weights = torch.cat([w_ih, w_hh], dim=1)
    return torch.tanh(both @ weights.T + b_ih + b_hh)
