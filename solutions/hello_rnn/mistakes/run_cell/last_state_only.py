"""last_state_only

en: You return the last state alone: the states of all steps are asked for as well.
zh: 你只返回了最后的状态：题目还要求所有步的状态。
fails: test_shape
"""


def run_cell(cell, inputs, hidden):
    for x in inputs:
        hidden = cell(x, hidden)
    return hidden
