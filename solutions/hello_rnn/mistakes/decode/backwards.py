"""backwards

en: Your text runs backwards: the first row gives the first character.
zh: 你的文本是倒着的：第一行给出第一个字符。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.argmax(dim=1).tolist()[::-1])
