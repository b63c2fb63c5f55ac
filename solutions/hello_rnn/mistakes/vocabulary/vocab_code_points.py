"""vocab_code_points

en: The indices in char2idx are the characters' code points: they should be the places in the list.
zh: char2idx 里的是字符的编码值：应该是字符在列表中的位置。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, {char: ord(char) for char in idx2char}
