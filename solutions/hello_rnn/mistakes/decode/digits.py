"""digits

en: Your text is made of indices as digits: each has to be looked up in idx2char.
zh: 你的文本是由下标数字组成的：应该在 idx2char 里逐个查出字符。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(str(idx) for idx in logits.argmax(dim=1).tolist())
