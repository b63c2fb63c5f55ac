"""logits_turned_into_probabilities_in_place

en: The text is right, but the caller's logits are probabilities now: leave them as they were.
zh: 文本是对的，但调用者的 logits 变成了概率：应保持原样。
fails: test_unchanged
"""


def decode(logits, idx2char):
    logits.copy_(logits.softmax(dim=1))
    return "".join(idx2char[idx] for idx in logits.argmax(dim=1).tolist())
