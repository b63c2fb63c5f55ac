"""result_detached

en: The values are right, but the result is cut off from all its arguments: no gradient can pass through it.
zh: 值是对的，但结果和所有参数的联系都被切断了：梯度无法通过。
fails: test_gradients
"""

import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    with torch.no_grad():
        return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
