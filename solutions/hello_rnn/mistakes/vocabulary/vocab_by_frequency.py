"""vocab_by_frequency

en: Your characters stand in the order of how often they occur: the list should be sorted by the characters themselves.
zh: 你的字符按出现次数排列：列表应该按字符本身排序。
fails: test_build_vocab
"""

from collections import Counter


def build_vocab(text):
    idx2char = [char for char, _ in Counter(text).most_common()]
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}
