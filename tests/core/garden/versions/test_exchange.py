"""A PEFT folder made elsewhere is taken in where it fits, and refused in words where not."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.deployable import BASE, Deployable, lay_out, tiny_files

from gardener_core.errors import BadInput, GardenError, ModelUnfit, WrongBase
from gardener_core.export.foreign_adapter import take
from gardener_core.garden.versions.exchange import AdapterExchange
from gardener_core.models.identity import identity_of, read_identity, write_identity
from gardener_core.models.llama.client import Llama
from gardener_core.models.store import ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import CONFIG, GGUF, WEIGHTS
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.versions.record import read_record
from gardener_core.store.manifest import read_manifest


@pytest.fixture
def garden(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployable:
    return lay_out(tiny_files(tmp_path_factory), tmp_path / "home")


@pytest.fixture
def foreign(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as PEFT saves it, and nothing else."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    for name in (CONFIG, WEIGHTS):
        shutil.copyfile(tiny_files(tmp_path_factory) / "adapter" / name, folder / name)
    return folder


def exchange(garden: Deployable) -> AdapterExchange:
    return AdapterExchange(garden.places, Database(garden.places.database))


def configured(folder: Path, **changes: object) -> None:
    fields = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**fields, **changes}))


def changed(folder: Path, change: Callable[[torch.Tensor], torch.Tensor], names: str = "") -> None:
    tensors = load_file(folder / WEIGHTS)
    new = {name: change(one) if names in name else one for name, one in tensors.items()}
    save_file({name: one.contiguous() for name, one in new.items()}, folder / WEIGHTS)


def pickled(folder: Path) -> None:
    (folder / WEIGHTS).rename(folder / "adapter_model.bin")


def padded(folder: Path) -> None:
    with (folder / WEIGHTS).open("ab") as file:
        file.write(b"more")


LIGHT: list[tuple[Callable[[Path], object], str]] = [
    (pickled, "a pickle: opening it could run a program"),
    (lambda folder: (folder / WEIGHTS).unlink(), "has no adapter_model.safetensors"),
    (lambda folder: (folder / CONFIG).write_text("{"), "cannot be read"),
    (lambda folder: os.truncate(folder / WEIGHTS, 5000), "is no whole safetensors file"),
    (lambda folder: (folder / WEIGHTS).write_bytes(b"\x80\x04 pickle"), "no whole safetensors"),
    (padded, "no whole safetensors file"),
    (lambda folder: changed(folder, lambda one: one.to(torch.int32)), "numbers of the kind I32"),
]
HEAVY: list[tuple[Callable[[Path], object], str]] = [
    (lambda folder: changed(folder, lambda one: one[:, :-1], "lora_A"), "is of another base"),
    (lambda folder: changed(folder, lambda one: one[:-1], "q_proj.lora_B"), "does not fit tiny"),
    (lambda folder: changed(folder, lambda one: one * float("nan")), "not finite"),
    (lambda folder: configured(folder, peft_type="IA3"), "its type is 'IA3'"),
    (lambda folder: configured(folder, use_dora=True), "use_dora is set"),
    (lambda folder: configured(folder, modules_to_save=["lm_head"]), "modules_to_save is set"),
    (lambda folder: configured(folder, init_lora_weights="pissa"), "changes the base"),
]


@pytest.mark.parametrize(("spoil", "words"), LIGHT)
def test_what_is_no_peft_folder_is_refused_before_anything_is_loaded(
    garden: Deployable, foreign: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(foreign)
    with pytest.raises(GardenError, match=words):
        exchange(garden).bring_in(garden.project, foreign, BASE)
    adapters = garden.places.adapters(garden.project.id)
    assert sorted(path.name for path in adapters.iterdir()) == ["v1", "v2", "v3"]


@pytest.mark.parametrize(("spoil", "words"), HEAVY)
def test_what_does_not_fit_or_is_of_another_kind_is_refused_in_words(
    garden: Deployable, foreign: Path, tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(foreign)
    with pytest.raises(ModelUnfit, match=words):
        take(foreign, ModelStore(garden.places).get(BASE), tmp_path / "log")
    assert not (foreign / GGUF).exists()


def test_one_that_fits_gets_what_ours_have_and_loads(
    garden: Deployable, foreign: Path, tmp_path: Path
) -> None:
    configured(foreign, auto_mapping={"parent_library": "os"}, revision="main")
    base = ModelStore(garden.places).get(BASE)
    take(foreign, base, tmp_path / "log")
    config = json.loads((foreign / CONFIG).read_text())
    assert "auto_mapping" not in config and config["revision"] == base.sha256
    identity = read_identity(foreign)
    assert identity is not None and identity.weights == base.sha256 and identity.tokens
    with Llama(base.gguf, [foreign / GGUF], tmp_path / "log2", threads=1, context=64) as llama:
        ids = llama.tokenize("def water")
        on, off = (llama.complete(ids, [scale], 1, top=3).top for scale in (1.0, 0.0))
    assert on != off


def test_a_base_has_to_be_known_and_the_one_that_it_says(garden: Deployable, foreign: Path) -> None:
    configured(foreign, base_model_name_or_path="someone/large-7b")
    with pytest.raises(BadInput, match="names large-7b, and no such base is here"):
        exchange(garden).bring_in(garden.project, foreign)
    base = ModelStore(garden.places).get(BASE)
    write_identity(foreign, replace(identity_of(base, [1], False), weights="0" * 64))
    with pytest.raises(WrongBase, match="trained on another base"):
        exchange(garden).bring_in(garden.project, foreign, BASE)


def test_one_that_is_taken_out_has_every_file_whole(garden: Deployable, tmp_path: Path) -> None:
    adapter = AdapterTable(Database(garden.places.database)).get(garden.project.id, "v1")
    target = tmp_path / "out" / "v1"
    paths = exchange(garden).take_out(garden.project, adapter, target)
    assert {path.name for path in paths} >= {CONFIG, WEIGHTS, GGUF, "files.json"}
    source = garden.places.adapters(garden.project.id) / "v1"
    for path in paths:
        assert path.read_bytes() == (source / path.name).read_bytes()


@pytest.mark.long
def test_one_is_brought_in_as_the_next_version(
    garden: Deployable, foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(garden.places.data.parent))
    adapter = exchange(garden).bring_in(garden.project, foreign, BASE)
    folder = garden.places.adapters(garden.project.id) / adapter.version
    assert adapter.version == "v4", "v1 to v3 are there, though nobody counted them"
    assert (adapter.state, adapter.base) == ("trained", BASE)
    record = read_record(folder)
    assert record is not None and record.origin == "brought in" and record.parameters > 0
    assert read_manifest(folder).keys() >= {CONFIG, WEIGHTS, GGUF, "base.json", "record.json"}
    changed(foreign, lambda one: one[:, :-1], "lora_A")
    with pytest.raises(ModelUnfit, match="is of another base"):
        exchange(garden).bring_in(garden.project, foreign, BASE)
