"""outputs_as_list

en: You return the outputs as a list of tensors: they should be one tensor, with the steps on axis 0.
zh: 你把 outputs 作为张量的列表返回：它应该是一个张量，各步排在第 0 轴。
fails: test_shape
"""


def run_cell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return outputs, hidden
