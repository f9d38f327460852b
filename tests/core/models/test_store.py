"""The store keeps folders of its own and records of files elsewhere."""

import shutil
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, Damaged
from gardener_core.models.model import BASE_GGUF, BaseModel
from gardener_core.models.record import RECORD
from gardener_core.models.store import ModelStore
from gardener_core.system.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(config=tmp_path / "config", data=tmp_path / "data")


@pytest.fixture
def file(base_gguf: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(base_gguf, tmp_path / "Tiny-Q8.gguf"))


def test_a_file_is_added_where_it_is(places: Places, file: Path, seedling: BaseModel) -> None:
    model = ModelStore(places).register(file)
    assert ModelStore(places).all() == [model]
    assert (model.name, model.format, model.path, model.gguf) == ("tiny-q8", "gguf", file, file)
    assert (model.architecture, model.context) == ("llama", seedling.context)
    assert model.trainable and model.has_gguf and not model.has_folder
    assert not model.folder.exists()
    assert ModelStore(places).register(file) == model, "adding it again changes nothing"


def test_a_file_that_was_changed_or_is_gone_is_not_used(places: Places, file: Path) -> None:
    store = ModelStore(places)
    store.register(file, "tiny")
    whole = file.read_bytes()
    file.write_bytes(b"x" + whole[1:])
    with pytest.raises(Damaged, match="not as it was written"):
        store.get("tiny")
    file.unlink()
    assert store.all() == [] and "missing" in store.damaged()[0].what
    file.write_bytes(whole)
    assert store.get("tiny").path == file


def test_what_is_fetched_is_found_by_its_digest(places: Places, file: Path) -> None:
    store = ModelStore(places)
    model = store.register(file, "tiny")
    places.model_files.mkdir()
    file.rename(places.model_files / model.sha256)
    record = places.models / "tiny" / RECORD
    record.write_text(record.read_text().replace(str(file), ""))
    assert store.get("tiny").gguf == places.model_files / model.sha256
    assert store.names() == ["tiny"]


def test_other_bytes_do_not_take_a_name(places: Places, file: Path, seedling: BaseModel) -> None:
    store = ModelStore(places)
    shutil.copytree(
        seedling.path, places.models / "tiny", ignore=shutil.ignore_patterns(".*", BASE_GGUF)
    )
    with pytest.raises(BadInput, match="already"):
        store.register(file, "tiny")
    assert store.get("tiny").format == "transformers"
    for name in ("a/b", "files", "..", ".x"):
        with pytest.raises(BadInput, match="cannot be the name"):
            store.register(file, name)


def test_a_damaged_record_is_told(places: Places, file: Path) -> None:
    store = ModelStore(places)
    store.register(file, "tiny")
    (places.models / "tiny" / RECORD).write_text('{"record_format": 9}')
    with pytest.raises(Damaged, match="its format is 9"):
        store.get("tiny")
