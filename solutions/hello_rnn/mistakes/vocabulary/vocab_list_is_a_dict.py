"""vocab_list_is_a_dict

en: idx2char is a dict: a list finds a character by its index as well, and a list is asked for.
zh: idx2char 是字典：列表同样可以用下标找到字符，题目要的是列表。
fails: test_build_vocab
"""


def build_vocab(text):
    char2idx = {char: idx for idx, char in enumerate(sorted(set(text)))}
    return {idx: char for char, idx in char2idx.items()}, char2idx
