"""vocab_of_words

en: Your list holds words: the vocabulary is one of characters, blanks included.
zh: 你的列表里是单词：这个词表是字符的，空格也算在内。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text.split()))
    return idx2char, {word: idx for idx, word in enumerate(idx2char)}
