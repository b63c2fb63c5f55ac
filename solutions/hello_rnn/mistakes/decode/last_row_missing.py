"""last_row_missing

en: The last row is missing from your text: count its characters.
zh: 你的文本缺了最后一行：数一数字符个数。
fails: test_values
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits[:-1].argmax(dim=1).tolist())
