"""vocab_first_place_in_text

en: The indices in char2idx are places in the text, the first one of each character: they should be places in the list.
zh: char2idx 里的是字符在文本中第一次出现的位置：应该是在列表中的位置。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, {char: text.index(char) for char in idx2char}
