"""vocab_dict_only

en: You return the dict alone: the list is asked for as well.
zh: 你只返回了字典：题目还要求列表。
fails: test_build_vocab
"""


def build_vocab(text):
    return {char: idx for idx, char in enumerate(sorted(set(text)))}
