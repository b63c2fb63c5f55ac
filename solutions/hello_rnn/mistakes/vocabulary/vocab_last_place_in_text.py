"""vocab_last_place_in_text

en: The indices in char2idx are places in the text, the last one of each character: they should be places in the list.
zh: char2idx 里的是字符在文本中最后出现的位置：应该是在列表中的位置。
fails: test_build_vocab
"""


def build_vocab(text):
    return sorted(set(text)), {char: idx for idx, char in enumerate(text)}
