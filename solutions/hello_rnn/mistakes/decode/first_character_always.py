"""first_character_always

en: Every character is idx2char[0]: look at whether you use the place of the largest number, or the number itself.
zh: 每个字符都是 idx2char[0]：看看你用的是最大数的位置，还是那个数本身。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[int(value)] for value in logits.max(dim=1).values)
