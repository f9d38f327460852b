"""An adapter names the base that it was trained on."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import WrongBase
from gardener_core.models.identity import identity_of, read_identity, require_base, write_identity
from gardener_core.models.model import BaseModel
from gardener_core.models.probe import PROBE, checked_identity
from gardener_core.models.store import ModelStore
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.dequantise import ensure_training_folder
from gardener_core.system.places import Places


@pytest.fixture
def added(base_gguf: Path, tmp_path: Path) -> BaseModel:
    store = ModelStore(Places(config=tmp_path / "config", data=tmp_path / "data"))
    base = store.register(Path(shutil.copyfile(base_gguf, tmp_path / "tiny.gguf")))
    ensure_training_folder(base)
    return base


def test_it_is_kept_with_its_difference_told(seedling: BaseModel, tmp_path: Path) -> None:
    identity = identity_of(seedling, [1, 2, 3], checked=False)
    write_identity(tmp_path, identity)
    assert read_identity(tmp_path) == identity
    require_base(tmp_path, "v1", seedling)
    write_identity(tmp_path, replace(identity, shape=replace(identity.shape, layers=99)))
    require_base(tmp_path, "v1", seedling)
    other = replace(seedling, sha256="f" * 64)
    with pytest.raises(WrongBase, match="layers 99, not") as refused:
        require_base(tmp_path, "v1", other)
    assert "sha256 " + seedling.sha256[:12] + ", not ffffffffffff" in refused.value.what
    assert "width" not in refused.value.what, "only what differs"


def test_an_adapter_of_before_names_it_in_its_config(seedling: BaseModel, tmp_path: Path) -> None:
    require_base(tmp_path, "v1", seedling)
    config = tmp_path / "adapter_config.json"
    config.write_text(json.dumps({"revision": seedling.sha256}))
    require_base(tmp_path, "v1", seedling)
    config.write_text(json.dumps({"revision": "0" * 64}))
    with pytest.raises(WrongBase):
        require_base(tmp_path, "v1", seedling)


def test_both_tokenizers_are_compared_once(added: BaseModel, tmp_path: Path) -> None:
    identity = checked_identity(added, tmp_path / "log")
    assert identity.checked and identity.weights == added.sha256
    assert identity == identity_of(added, TextTokens(added.folder).encode(PROBE), checked=True)
    (tmp_path / "log").unlink()
    assert checked_identity(added, tmp_path / "log") == identity
    assert not (tmp_path / "log").exists(), "llama.cpp was not started again"
