"""each_character_once

en: Each character is there only once: every row gives a character, whether it came before or not.
zh: 每个字符只出现一次：每一行都给出一个字符，不管它之前有没有出现过。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(dict.fromkeys(idx2char[idx] for idx in logits.argmax(dim=1).tolist()))
