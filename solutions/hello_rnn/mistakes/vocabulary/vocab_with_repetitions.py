"""vocab_with_repetitions

en: A character that the text has twice stands twice in your list: each should be there once.
zh: 文本中出现两次的字符在你的列表里也出现两次：每个字符只应出现一次。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(text)
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
