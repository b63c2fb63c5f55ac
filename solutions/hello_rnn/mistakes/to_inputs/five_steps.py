"""five_steps

en: Your sequences always have five steps: other texts are shorter or longer than "hello".
zh: 你的序列总是五步：别的文本可能比 "hello" 短，也可能更长。
fails: test_values
"""


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(5, batch_size, -1)
