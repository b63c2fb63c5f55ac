"""joined_with_blanks

en: There are blanks between your characters: look at what joins them.
zh: 你的字符之间有空格：看看是什么把它们连起来的。
fails: test_values
"""


def decode(logits, idx2char):
    return " ".join(idx2char[idx] for idx in logits.argmax(dim=1).tolist())
