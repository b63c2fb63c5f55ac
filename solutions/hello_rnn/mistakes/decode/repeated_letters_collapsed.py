"""repeated_letters_collapsed

en: A letter that follows itself is there only once: every row gives a character, so "ll" stays "ll".
zh: 连续相同的字母只剩下一个：每一行都给出一个字符，所以 "ll" 还是 "ll"。
fails: test_values
"""


def decode(logits, idx2char):
    text = ""
    for idx in logits.argmax(dim=1).tolist():
        if not text.endswith(idx2char[idx]):
            text += idx2char[idx]
    return text
