"""fails_with_gradients

en: The values are right, but your code fails as soon as gradients are wanted: something in it cannot be differentiated, such as a detour through NumPy or a change in place.
zh: 值是对的，但一旦需要梯度，你的代码就报错：里面有无法求导的东西，比如绕道 NumPy，或者原地修改。
fails: test_gradients
"""

import numpy as np
import torch


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.from_numpy(np.tanh((x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).numpy()))
