"""vocabulary_sorted_anew

en: You look the indices up in sorted order: idx2char is the order, whatever it is.
zh: 你按排好的顺序来查下标：顺序就是 idx2char 给出的，不管是什么。
fails: test_values
"""


def decode(logits, idx2char):
    characters = sorted(idx2char)
    return "".join(characters[idx] for idx in logits.argmax(dim=1).tolist())
