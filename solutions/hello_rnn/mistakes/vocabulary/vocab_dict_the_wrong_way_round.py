"""vocab_dict_the_wrong_way_round

en: char2idx leads from indices to characters: it should lead from characters to indices.
zh: char2idx 是从下标到字符：应该是从字符到下标。
fails: test_build_vocab
"""


def build_vocab(text):
    idx2char = sorted(set(text))
    return idx2char, dict(enumerate(idx2char))
