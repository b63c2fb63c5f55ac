"""numpy_of_a_model

en: A tensor that tracks gradients has no numpy(): logits come from a model, so stay in torch, or detach them first.
zh: 跟踪梯度的张量不能调用 numpy()：logits 来自模型，所以请留在 torch 里，或者先 detach。
fails: test_of_a_model
"""


def decode(logits, idx2char):
    return "".join(idx2char[idx] for idx in logits.numpy().argmax(axis=1))
