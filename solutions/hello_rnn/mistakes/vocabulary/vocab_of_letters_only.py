"""vocab_of_letters_only

en: Only letters are in your list: blanks, digits and signs are characters as well.
zh: 你的列表里只有字母：空格、数字和符号也是字符。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted({char for char in text if char.isalpha()})
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
