"""A tiny seedling, an adapter on it, a tiny encoder, gardens: made once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest
import support
from support.grown import THREADS, Grown, grown_seedling
from support.indexed import IndexedGardens
from support.ollama_double import OllamaDouble
from support.shared import made_once
from support.tiny_encoder import Reference, save_folder, write_gguf

from gardener_core.evaluation.split import SourceFile
from gardener_core.events.union import Event
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.pretraining.corpus import SourceDocument, installed_corpus
from gardener_core.settings.schema import TrainingSettings
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan

KEPT_CODE = Path(support.__file__).parent / "kept_code.jsonl"
ODD_TEXTS = (
    "\ufeffimport os\n",
    "a\x00b\n",
    "x = '🙂‍🔥 déjà vu 漢字 ½ ² ٣'\n",
    "if x:\r\n\treturn 12345.678e-9 + 0xFF_FF\r\n",
    "<|eos|>text <|file|>a.py\n",
    "e\u0301 \u00a0nbsp\u200bzw",
    "    \n\n\n\t\t ",
    "a" * 300,
)


@dataclass(frozen=True, slots=True)
class Trained:
    """An adapter as PEFT and as GGUF."""

    adapter: Path
    gguf: Path
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Tiny:
    """An encoder: the same weights for each way to run it, and what its vectors have to be."""

    folder: Path
    gguf: Path
    reference: Reference


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> IndexedGardens:
    return IndexedGardens(tmp_path_factory.mktemp("indexed"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    home = tmp_path_factory.mktemp("encoder")
    folder = save_folder(home / "nomic-embed-text")
    return Tiny(folder, write_gguf(folder, home / "nomic-embed-text.gguf"), Reference(folder))


@pytest.fixture
def ollama(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    double = OllamaDouble(tiny.reference)
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


@pytest.fixture(scope="session")
def odd_texts() -> tuple[str, ...]:
    return ODD_TEXTS


@pytest.fixture(scope="session")
def corpus() -> list[SourceDocument]:
    return installed_corpus()


@pytest.fixture(scope="session")
def snack(corpus: list[SourceDocument]) -> list[SourceDocument]:
    """The least that a seedling can grow from."""
    edible = [file for file in corpus[:300] if file.read()]
    return sorted(edible, key=lambda file: file.path.stat().st_size)[:26]


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grown_seedling(tmp_path_factory)


@pytest.fixture(scope="session")
def seedling(grown: Grown) -> BaseModel:
    return grown.model


@pytest.fixture(scope="session")
def base_gguf(seedling: BaseModel) -> Path:
    return ensure_base_gguf(seedling)


@pytest.fixture(scope="session")
def sources() -> tuple[SourceFile, ...]:
    """Some of our files as they once were: what is learned from them stays the same."""
    lines = KEPT_CODE.read_text("utf-8").splitlines()
    return tuple(SourceFile(**json.loads(line)) for line in lines)


@pytest.fixture(scope="session")
def trained(
    seedling: BaseModel, sources: tuple[SourceFile, ...], tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    def make(folder: Path) -> Trained:
        # So few files have none that could stop the run, and the rate makes a difference.
        plan = small_plan(seedling, sources[:20], folder)
        plan = replace(plan, settings=replace(plan.settings, learning_rate=0.008))
        events = tuple(train(plan))
        gguf = write_lora_gguf(plan.adapter, seedling.path, plan.folder / "adapter.gguf")
        return Trained(plan.adapter, gguf, events)

    return made_once(tmp_path_factory, "trained", make)


@pytest.fixture(scope="session")
def llama(
    base_gguf: Path, trained: Trained, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Llama]:
    log = tmp_path_factory.mktemp("llama") / "log.txt"
    with Llama(base_gguf, [trained.gguf], log, threads=1, context=512, exact=True) as engine:
        yield engine


@pytest.fixture(scope="session")
def plan_of(seedling: BaseModel, sources: tuple[SourceFile, ...]) -> Callable[..., TrainPlan]:
    """Makes small plans on the seedling; what is named is changed."""

    def plan(folder: Path, **changed: Any) -> TrainPlan:
        whole = small_plan(seedling, sources, folder)
        named = {field.name for field in fields(TrainingSettings)}
        own = {name: value for name, value in changed.items() if name in named}
        rest = {name: value for name, value in changed.items() if name not in named}
        return replace(whole, settings=replace(whole.settings, **own), **rest)

    return plan


def small_plan(base: BaseModel, sources: tuple[SourceFile, ...], folder: Path) -> TrainPlan:
    return TrainPlan(
        run="r",
        base=base,
        sources=sources,
        folder=folder,
        settings=TrainingSettings(
            steps=6,
            rank=4,
            alpha=8,
            learning_rate=0.003,
            sequence_tokens=128,
            rows_a_step=2,
            threads=THREADS,
            probe_lines=0,
        ),
    )
