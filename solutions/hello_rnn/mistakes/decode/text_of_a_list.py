"""text_of_a_list

en: Your text has brackets, quotes and commas in it: it is the picture of a list, and the characters should be joined.
zh: 你的文本里有方括号、引号和逗号：那是列表的样子，应该把字符连接起来。
fails: test_values
"""


def decode(logits, idx2char):

    return str([idx2char[idx] for idx in logits.argmax(dim=1).tolist()])
