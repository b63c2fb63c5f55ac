"""first_row_only

en: You decode the first row alone: look at what stands inside your loop, and what after it.
zh: 你只解码了第一行：看看哪些语句在循环里面，哪些在循环之后。
fails: ?
"""


def decode(logits, idx2char):

    for row in logits:
        return idx2char[row.argmax()]
