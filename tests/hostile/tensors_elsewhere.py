"""Tensors that are sparse, quantised, nested, without storage, or of types that few know.

Must be refused.

outcome: failed
"""

import torch

ODD = (
    lambda: torch.eye(3).to_sparse(),
    lambda: torch.eye(3).to_sparse_csr(),
    lambda: torch.zeros(3, device="meta"),
    lambda: torch.nested.nested_tensor([torch.zeros(1), torch.zeros(2)]),
    lambda: torch.zeros(3, dtype=torch.complex32),
    lambda: torch.zeros(3).to(torch.float8_e4m3fn),
    lambda: torch.quantize_per_tensor(torch.zeros(3), 0.1, 0, torch.quint8),
    lambda: torch.zeros(3).to_mkldnn(),
    lambda: torch._C._functorch._wrap_for_grad(torch.zeros(3), 1),
)


def made():
    for make in ODD:
        try:
            yield make()
        except (AttributeError, RuntimeError):  # not in this build of torch
            continue


def unlock(door):
    return list(made())
