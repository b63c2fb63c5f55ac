"""smallest_logit

en: You take the character with the smallest logit: the higher the number, the likelier the character.
zh: 你取的是 logit 最小的字符：数越大，字符越可能。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.argmin(dim=1).tolist())
