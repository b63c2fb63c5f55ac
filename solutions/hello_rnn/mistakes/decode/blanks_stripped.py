"""blanks_stripped

en: Blanks at the ends of your text are gone: they are characters like others, one for each row.
zh: 文本两端的空格没有了：它们和别的字符一样，每一行一个。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.argmax(dim=1).tolist()).strip()
