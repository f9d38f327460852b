"""A request goes to the engine that is expected to end first."""

from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.pool import ModelPool
from gardener_core.models.serving.routing import RequestSize, Router
from gardener_core.models.serving.speeds import PROBE_ANSWER, PROBE_TOKENS, Speed, Speeds, measure

LONG = RequestSize(characters=6000, tokens=32, context=4096)
SHORT = RequestSize(characters=300, tokens=32, context=4096)
# As they were measured with a coder of half a billion parameters on two cores.
LLAMA = Speed(read=100, written=25, load_seconds=0.5, measured=0)
TORCH = Speed(read=700, written=10, load_seconds=4, measured=0)


@pytest.fixture
def speeds(tmp_path: Path, seedling: BaseModel) -> Speeds:
    speeds = Speeds(tmp_path / "cache" / "speeds.json")
    speeds.keep(seedling.sha256, "llama.cpp", LLAMA)
    speeds.keep(seedling.sha256, "transformers", TORCH)
    return speeds


@pytest.fixture
def pool(tmp_path: Path) -> ModelPool:
    return ModelPool(tmp_path / "log", tmp_path / "slots")


@pytest.fixture
def router(pool: ModelPool, speeds: Speeds) -> Router:
    return Router(pool, speeds)


def test_a_long_prompt_is_read_by_the_one_and_a_short_one_by_the_other(
    router: Router, seedling: BaseModel
) -> None:
    both = ("llama.cpp", "transformers")
    assert router.fastest(seedling, both, LONG) == "transformers"
    assert router.fastest(seedling, both, SHORT) == "llama.cpp"
    assert router.fastest(seedling, both, replace(LONG, tokens=2000)) == "llama.cpp"


def test_only_a_long_prompt_to_a_large_base_with_a_folder_has_a_choice(
    pool: ModelPool, speeds: Speeds, seedling: BaseModel, tmp_path: Path
) -> None:
    router = Router(pool, speeds)
    assert router.possible(seedling, LONG, 0, "auto") == ("llama.cpp",), "it is small"
    router = Router(pool, speeds, small_parameters=1000)
    assert router.possible(seedling, LONG, 0, "auto") == ("llama.cpp", "transformers")
    assert router.possible(seedling, SHORT, 0, "auto") == ("llama.cpp",)
    assert router.possible(seedling, LONG, 1_000_000, "auto") == ("llama.cpp",), "no memory"
    bare = replace(seedling, format="gguf", folder=tmp_path / "not-made")
    assert router.possible(bare, LONG, 0, "auto") == ("llama.cpp",)
    assert router.possible(seedling, SHORT, 0, "transformers") == ("transformers",)


def test_what_is_not_measured_is_asked_for_only_where_there_is_a_choice(
    router: Router, speeds: Speeds, seedling: BaseModel
) -> None:
    other = replace(seedling, sha256="0" * 64)
    assert router.unmeasured(other, ("llama.cpp",)) == ()
    assert router.unmeasured(other, ("llama.cpp", "transformers")) == ["llama.cpp", "transformers"]
    assert router.unmeasured(seedling, ("llama.cpp", "transformers")) == []


def test_speeds_are_kept_and_a_damaged_file_is_measured_anew(
    speeds: Speeds, seedling: BaseModel, tmp_path: Path
) -> None:
    assert speeds.of(seedling.sha256, "transformers") == TORCH
    assert speeds.of("0" * 64, "transformers") is None
    (tmp_path / "cache" / "speeds.json").write_text('{"a llama.cpp": {"read": "fast"}}')
    assert speeds.of(seedling.sha256, "transformers") is None
    speeds.keep(seedling.sha256, "llama.cpp", LLAMA)
    assert speeds.of(seedling.sha256, "llama.cpp") == LLAMA


def test_a_model_is_measured_by_what_it_reads_and_writes(llama: Llama) -> None:
    speed = measure(llama, 1, 0.5)
    assert llama.timing.read == PROBE_TOKENS and 0 < llama.timing.written <= PROBE_ANSWER
    assert speed.read > 0 and speed.written > 0 and speed.load_seconds == 0.5
