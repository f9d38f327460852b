"""The number formats of training."""

import torch


def has_bf16() -> bool:
    """Whether this CPU multiplies bf16 natively; emulated it is slower than f32."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def training_dtype() -> torch.dtype:
    """The type of frozen weights while an adapter is trained."""
    return torch.bfloat16 if has_bf16() else torch.float32


def mixed_precision(enabled: bool = True, kind: str = "cpu") -> torch.autocast:
    """The context in which a forward pass of training runs; on a GPU, of weights in bf16 alone."""
    able = has_bf16() if kind == "cpu" else True
    return torch.autocast(kind, torch.bfloat16, enabled=enabled and able)


def device_and_dtype(exact: bool) -> tuple[torch.device, torch.dtype]:
    """Where a base computes when it answers, and with which numbers: f32 on the CPU if exact."""
    if exact:
        return torch.device("cpu"), torch.float32
    if torch.cuda.is_available():
        return torch.device("cuda"), torch.bfloat16
    if torch.backends.mps.is_available():
        return torch.device("mps"), torch.float16
    return torch.device("cpu"), training_dtype()
