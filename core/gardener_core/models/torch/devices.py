"""Choose what a training computes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

import torch

from gardener_core.errors import BadInput, DeviceMissing, MemoryShort
from gardener_core.models.torch.precision import has_bf16
from gardener_core.system.hardware import (
    available_bytes,
    forget_peak,
    peak_private_bytes,
    resident_bytes,
    usable_cores,
)
from gardener_core.system.numbers import size

DeviceKind = Literal["cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU of CUDA: its number, name, free memory, and whether it computes in bf16."""

    number: int
    name: str
    free_bytes: int
    has_bf16: bool


@dataclass(frozen=True, slots=True)
class DeviceTable:
    """What torch finds on a machine; `mps_bf16` says whether the GPU of a Mac computes in bf16."""

    gpus: tuple[Gpu, ...] = ()
    has_mps: bool = False
    mps_bf16: bool = False
    cpu_bf16: bool = False
    cores: int = 1
    cuda_built: bool = False


@dataclass(frozen=True, slots=True)
class TrainingDevice:
    """Where a run computes, with which numbers, and why there."""

    kind: DeviceKind
    name: str
    why: str
    number: int = 0
    bf16: bool = False

    @property
    def place(self) -> torch.device:
        """The device as torch names it."""
        if self.kind == "cuda":
            return torch.device(self.kind, self.number)
        return torch.device(self.kind)

    @property
    def dtype(self) -> torch.dtype:
        """The numbers of frozen weights."""
        return torch.bfloat16 if self.bf16 else torch.float32

    @property
    def precision(self) -> str:
        """The same in a word."""
        return "bf16" if self.bf16 else "f32"

    def mixed(self, enabled: bool = True) -> torch.autocast:
        """The context in which a forward pass of training runs."""
        return torch.autocast(self.kind, torch.bfloat16, enabled=enabled and self.bf16)

    def forget_peak(self) -> bool:
        """Let the peak of memory begin at the present value; whether it can be measured."""
        match self.kind:
            case "cuda":
                torch.cuda.reset_peak_memory_stats(self.place)
                return True
            case "mps":
                return False  # torch tells the present value alone
            case "cpu":
                return forget_peak()
            case _ as never:
                assert_never(never)

    def peak_bytes(self) -> int:
        """The peak since it was forgotten, of the memory that this run computes in."""
        match self.kind:
            case "cuda":
                return int(torch.cuda.max_memory_reserved(self.place))
            case "mps":
                return int(torch.mps.driver_allocated_memory())
            case "cpu":
                return peak_private_bytes()
            case _ as never:
                assert_never(never)

    def free_bytes(self) -> int:
        """How much of that memory is free; 0 where nobody tells."""
        match self.kind:
            case "cuda":
                return int(torch.cuda.mem_get_info(self.place)[0])
            case "mps":
                return 0
            case "cpu":
                return available_bytes()
            case _ as never:
                assert_never(never)

    def used_bytes(self) -> int:
        """What the run holds now of that memory."""
        match self.kind:
            case "cuda":
                return int(torch.cuda.memory_reserved(self.place))
            case "mps":
                return int(torch.mps.driver_allocated_memory())
            case "cpu":
                return resident_bytes()
            case _ as never:
                assert_never(never)


def device_table() -> DeviceTable:
    """What this machine has."""
    has_mps = torch.backends.mps.is_available()
    return DeviceTable(
        gpus=tuple(_gpu(n) for n in range(torch.cuda.device_count()))
        if torch.cuda.is_available()
        else (),
        has_mps=has_mps,
        mps_bf16=has_mps and _computes_bf16("mps"),
        cpu_bf16=has_bf16(),
        cores=usable_cores(),
        cuda_built=torch.backends.cuda.is_built(),
    )


def choose_device(wanted: str, table: DeviceTable, needed_bytes: int) -> TrainingDevice:
    """The device of a training that takes so much memory: the one that is wanted, else the fastest.

    `auto` takes a GPU where one has room, and says on the CPU why none was taken.
    """
    match wanted:
        case "auto":
            return _fastest(table, needed_bytes)
        case "cpu":
            return _cpu(table, "training.device is cpu")
        case "mps":
            if not table.has_mps:
                raise _missing("mps", "torch finds no GPU of a Mac")
            return _mps(table, "training.device is mps")
        case "cuda":
            return _wanted_gpu(table, needed_bytes)
        case _:
            raise BadInput(f"{wanted!r} is no device.", hint="Take auto, cpu, cuda or mps.")


def cpu_device() -> TrainingDevice:
    """The CPU, where nothing else was chosen."""
    table = DeviceTable(cpu_bf16=has_bf16(), cores=usable_cores())
    return _cpu(table, "nothing else was asked for")


def _fastest(table: DeviceTable, needed_bytes: int) -> TrainingDevice:
    roomy = _roomiest(table.gpus)
    if roomy is not None and roomy.free_bytes >= needed_bytes:
        return _cuda(roomy, f"the fastest here, {size(roomy.free_bytes)} of its memory are free")
    if roomy is not None:
        return _cpu(
            table,
            f"{roomy.name} has {size(roomy.free_bytes)} free and the training takes "
            f"{size(needed_bytes)}",
        )
    if table.has_mps:
        return _mps(table, "the fastest here")
    built = "" if table.cuda_built else "; this torch is built without CUDA"
    return _cpu(table, f"torch finds no GPU{built}")


def _wanted_gpu(table: DeviceTable, needed_bytes: int) -> TrainingDevice:
    roomy = _roomiest(table.gpus)
    if roomy is None:
        found = "torch finds no GPU of CUDA"
        raise _missing("cuda", found if table.cuda_built else "this torch is built without CUDA")
    if roomy.free_bytes < needed_bytes:
        raise MemoryShort(
            f"The training takes about {size(needed_bytes)} and {roomy.name} has "
            f"{size(roomy.free_bytes)} free.",
            hint="End what else computes there, or set training.device to cpu.",
        )
    return _cuda(roomy, "training.device is cuda")


def _missing(wanted: str, found: str) -> DeviceMissing:
    return DeviceMissing(
        f"training.device is {wanted}, and {found}.", hint="Set training.device to auto."
    )


def _roomiest(gpus: Sequence[Gpu]) -> Gpu | None:
    return max(gpus, key=lambda gpu: (gpu.free_bytes, -gpu.number), default=None)


def _cuda(gpu: Gpu, why: str) -> TrainingDevice:
    return TrainingDevice("cuda", gpu.name, why, gpu.number, gpu.has_bf16)


def _mps(table: DeviceTable, why: str) -> TrainingDevice:
    return TrainingDevice("mps", "the GPU of this Mac", why, 0, table.mps_bf16)


def _cpu(table: DeviceTable, why: str) -> TrainingDevice:
    cores = f"{table.cores} core{'s' if table.cores > 1 else ''}"
    return TrainingDevice("cpu", f"the CPU ({cores})", why, 0, table.cpu_bf16)


def _gpu(number: int) -> Gpu:
    free, _ = torch.cuda.mem_get_info(number)
    return Gpu(
        number,
        torch.cuda.get_device_name(number),
        int(free),
        torch.cuda.get_device_capability(number) >= (8, 0),  # older ones emulate it
    )


def _computes_bf16(kind: str) -> bool:
    """Whether this GPU takes bf16; older systems refuse the first number."""
    try:
        torch.zeros(1, dtype=torch.bfloat16, device=kind).add_(1)
    except (RuntimeError, TypeError):
        return False
    return True
