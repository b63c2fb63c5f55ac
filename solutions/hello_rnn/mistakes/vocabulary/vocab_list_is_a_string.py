"""vocab_list_is_a_string

en: idx2char is one string: a list of characters is asked for.
zh: idx2char 是一个字符串：题目要的是字符的列表。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = "".join(sorted(set(text)))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
