"""The number formats of training."""

import torch


def has_bf16() -> bool:
    """Whether this CPU multiplies bf16 natively; emulated it is slower than f32."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def training_dtype() -> torch.dtype:
    """The type of frozen weights while an adapter is trained."""
    return torch.bfloat16 if has_bf16() else torch.float32


def mixed_precision(enabled: bool = True) -> torch.autocast:
    """The context in which a forward pass of training runs."""
    return torch.autocast("cpu", torch.bfloat16, enabled=enabled and has_bf16())
