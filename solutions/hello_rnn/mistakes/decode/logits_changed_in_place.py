"""logits_changed_in_place

en: The text is right, but the logits have been shifted in place: each row's largest number is 0 now.
zh: 文本是对的，但 logits 被原地平移了：现在每一行最大的数是 0。
fails: test_unchanged
"""


def decode(logits, idx2char):
    logits.sub_(logits.max(dim=1, keepdim=True).values)
    return "".join(idx2char[idx] for idx in logits.argmax(dim=1).tolist())
