"""list_of_characters

en: You return a list of characters: one string is asked for.
zh: 你返回了字符的列表：题目要的是一个字符串。
fails: test_values
"""


def decode(logits, idx2char):
    return [idx2char[idx] for idx in logits.argmax(dim=1).tolist()]
