"""vocab_list_only

en: You return the list alone: the dict back is asked for as well.
zh: 你只返回了列表：题目还要求反向的字典。
fails: test_build_vocab
"""


def build_vocab(text):
    return sorted(set(text))
