"""A training takes the device that it is told to, or the fastest with room, and says why."""

import pytest
import torch

from gardener_core.errors import BadInput, DeviceMissing, MemoryShort
from gardener_core.models.torch.devices import (
    DeviceTable,
    Gpu,
    TrainingDevice,
    choose_device,
    cpu_device,
    device_table,
)

GB = 1_000_000_000
SMALL, LARGE = Gpu(0, "RTX 3060", 4 * GB, True), Gpu(1, "H200", 139 * GB, True)
OLD = Gpu(0, "GTX 1080", 8 * GB, False)
CPU_ALONE = DeviceTable(cpu_bf16=True, cores=2)
TWO_GPUS = DeviceTable((SMALL, LARGE), cpu_bf16=True, cores=16, cuda_built=True)
MAC = DeviceTable(has_mps=True, mps_bf16=True, cores=8)


@pytest.mark.parametrize(
    ("wanted", "table", "kind", "number", "bf16", "why"),
    [
        ("auto", CPU_ALONE, "cpu", 0, True, "torch finds no GPU; this torch is built without CUDA"),
        ("auto", TWO_GPUS, "cuda", 1, True, "the fastest here, 129.5 GiB of its memory are free"),
        ("auto", MAC, "mps", 0, True, "the fastest here"),
        ("auto", DeviceTable((OLD,), cuda_built=True), "cuda", 0, False, "the fastest here"),
        ("cpu", TWO_GPUS, "cpu", 0, True, "training.device is cpu"),
        ("cuda", TWO_GPUS, "cuda", 1, True, "training.device is cuda"),
        ("mps", MAC, "mps", 0, True, "training.device is mps"),
        ("mps", DeviceTable(has_mps=True), "mps", 0, False, "training.device is mps"),
    ],
)
def test_each_table_has_its_device(
    wanted: str, table: DeviceTable, kind: str, number: int, bf16: bool, why: str
) -> None:
    device = choose_device(wanted, table, 3 * GB)
    assert (device.kind, device.number, device.bf16) == (kind, number, bf16)
    assert why in device.why
    assert device.dtype is (torch.bfloat16 if bf16 else torch.float32)
    assert device.place.type == kind


def test_a_gpu_without_room_leaves_it_to_the_cpu_and_says_so() -> None:
    device = choose_device("auto", TWO_GPUS, 200 * GB)
    assert device.kind == "cpu"
    assert "H200 has 129.5 GiB free and the training takes 186.3 GiB" in device.why
    with pytest.raises(MemoryShort, match=r"H200 has 129\.5 GiB free"):
        choose_device("cuda", TWO_GPUS, 200 * GB)


def test_what_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(
        DeviceMissing, match="cuda, and this torch is built without CUDA"
    ) as refusal:
        choose_device("cuda", CPU_ALONE, GB)
    assert refusal.value.hint == "Set training.device to auto."
    with pytest.raises(DeviceMissing, match="torch finds no GPU of CUDA"):
        choose_device("cuda", DeviceTable(cuda_built=True), GB)
    with pytest.raises(DeviceMissing, match="torch finds no GPU of a Mac"):
        choose_device("mps", TWO_GPUS, GB)
    with pytest.raises(BadInput, match="'tpu' is no device"):
        choose_device("tpu", TWO_GPUS, GB)


def test_this_machine_has_a_table_and_its_cpu_measures_itself() -> None:
    table = device_table()
    assert table.cores >= 1
    device = cpu_device()
    assert device.used_bytes() > 50_000_000
    assert device.free_bytes() >= 0
    with device.mixed():
        made = torch.ones(2, 2) @ torch.ones(2, 2)
    assert made.dtype is (torch.bfloat16 if device.bf16 else torch.float32)


def test_the_precision_is_a_word() -> None:
    assert TrainingDevice("cuda", "H200", "", 1, True).precision == "bf16"
    assert TrainingDevice("cuda", "GTX 1080", "").precision == "f32"
    assert str(TrainingDevice("cuda", "H200", "", 1).place) == "cuda:1"
