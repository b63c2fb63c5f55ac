"""rows_reshaped_in_place

en: The result is right, but the caller's tensor has got another shape: a method that ends in _ changes its tensor in place.
zh: 结果是对的，但调用者的张量变了形状：以 _ 结尾的方法会原地改动张量。
fails: test_gradients
"""


def to_inputs(one_hot, batch_size):
    one_hot.resize_(len(one_hot) // batch_size, batch_size, one_hot.shape[1])
    return one_hot
