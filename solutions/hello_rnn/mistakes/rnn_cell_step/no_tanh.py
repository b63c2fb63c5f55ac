"""no_tanh

en: You return the sum without the tanh around it: look at whether your values stay between -1 and 1.
zh: 你返回的是求和的结果，外面没有 tanh：看看你的值是否都在 -1 和 1 之间。
fails: test_values
"""


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
