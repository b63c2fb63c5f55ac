"""last_row_only

en: You decode the last row alone: every row gives a character.
zh: 你只解码了最后一行：每一行都给出一个字符。
fails: test_values
"""


def decode(logits, idx2char):
    return idx2char[logits[-1].argmax()]
