"""outputs_is_last_state

en: Both results are the last state: the first should have the state after every step, on an axis of its own.
zh: 两个结果都是最后的状态：第一个应包含每一步之后的状态，并有自己的时间轴。
fails: test_shape
"""


def run_cell(cell, inputs, hidden):

    for x in inputs:
        hidden = cell(x, hidden)
    return hidden, hidden
