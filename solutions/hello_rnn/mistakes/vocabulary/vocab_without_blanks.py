"""vocab_without_blanks

en: The blank is missing from your list: it is a character like the others.
zh: 你的列表里没有空格：它和别的字符一样也是字符。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text.replace(" ", "")))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
