"""Switching: the engine turns to another project's adapter and prompts, and says what is loaded."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.engines import running_engine
from support.served import place_adapters, place_base

from gardener_core.answers.requests import CompleteRequest
from gardener_core.engine.client import Engine
from gardener_core.engine.protocol import SwitchRequest
from gardener_core.events.answer import Completed
from gardener_core.events.switch import Switched
from gardener_core.models.serving.fingerprints import TOP
from gardener_core.models.serving.kept_prefixes import delete_orphans, delete_prefixes
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.manifest import write_manifest
from gardener_core.system.places import Places

ONE, OTHER = "0123456789ab", "0123456789cd"
LONG = "def read_lines(path, limit):\n    '''Read lines.'''\n" * 12


@pytest.fixture
def places(grown, trained, base_gguf: Path, tmp_path: Path, monkeypatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    places = Places.of_user()
    place_base(places, grown, base_gguf)
    for project in (ONE, OTHER):
        place_adapters(places, project, tmp_path / project, (trained.adapter, trained.gguf), 1)
    return places


@pytest.fixture
def engine(places: Places) -> Iterator[Engine]:
    with running_engine(places) as engine:
        yield engine


def switch(engine: Engine, project: str, **facts: object) -> Switched:
    request = replace(SwitchRequest(project, "seedling", "v0", context=512), **facts)  # type: ignore[arg-type]
    return engine.result(request, Switched)


def complete(engine: Engine, project: str, prefix: str = LONG, adapter: str = "v0") -> Completed:
    asked = CompleteRequest(project, "seedling", adapter, prefix, 4, context=512)
    return engine.result(replace(asked, engine="llama.cpp"), Completed)


def test_it_says_what_is_loaded_and_what_each_step_took(engine: Engine) -> None:
    told = switch(engine, ONE)
    assert (told.base, told.adapter, told.backend, told.context) == (
        "seedling",
        "v0",
        "llama.cpp",
        512,
    )
    assert [step.name for step in told.steps] == ["index", "model", "release", "verify", "prefix"]
    assert told.steps[1].seconds > 0 and told.chunks == 0 and told.steps[0].note
    assert told.memory.base > 0 and told.memory.served > told.memory.adapters > 0
    assert len(told.top) == TOP and not told.without and not told.problem
    assert not switch(engine, ONE, base="").base, "no base is loaded where none is named"


def test_what_one_project_has_read_is_there_when_it_comes_back(
    engine: Engine, places: Places
) -> None:
    switch(engine, ONE)
    first = complete(engine, ONE)
    switch(engine, OTHER)
    other = complete(engine, OTHER, LONG.replace("read", "save"))
    back = switch(engine, ONE)
    assert back.tokens_kept > 100, "the prompt of the first project need not be read again"
    assert complete(engine, ONE).text == first.text
    files = sorted(places.prefixes.iterdir())
    assert len(files) == 2 and {file.name.split("-")[0] for file in files} == {ONE, OTHER}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert switch(engine, OTHER).tokens_kept > 100
    assert complete(engine, OTHER, LONG.replace("read", "save")).text == other.text
    delete_prefixes(places.prefixes, ONE)
    assert [file.name.split("-")[0] for file in places.prefixes.iterdir()] == [OTHER]
    delete_orphans(places.prefixes, lambda name: name == ONE)
    assert not list(places.prefixes.iterdir())


def test_a_damaged_file_is_not_loaded(engine: Engine, places: Places) -> None:
    complete(engine, ONE)
    switch(engine, OTHER)
    (file,) = places.prefixes.iterdir()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    assert switch(engine, ONE).tokens_kept == 0 and not file.exists()


def test_an_adapter_that_does_not_load_lets_the_base_answer_and_says_why(
    engine: Engine, places: Places
) -> None:
    folder = places.adapters(ONE) / "v0"
    whole = (folder / GGUF).read_bytes()
    (folder / GGUF).write_bytes(whole[:200])
    write_manifest(folder)  # so that nothing but llama.cpp can tell
    assert complete(engine, OTHER).adapter == "v0", "the other one's does not suffer from it"
    told = switch(engine, ONE)
    assert told.adapter == "" and "llama.cpp" in told.without and told.base == "seedling"
    assert 0 < told.retry_seconds <= 1
    answer = complete(engine, ONE)
    assert answer.adapter == "" and answer.without == told.without
    alone = complete(engine, ONE, adapter="")
    assert answer.text == alone.text and not alone.without
    assert complete(engine, OTHER).adapter == "v0", "the others answer as before"
    (folder / GGUF).write_bytes(whole)
    write_manifest(folder)
    told = switch(engine, ONE)
    assert (told.adapter, told.without) == ("v0", "")


def test_an_adapter_that_is_another_than_it_was_is_not_believed(
    engine: Engine, places: Places
) -> None:
    switch(engine, ONE)
    (kept,) = places.fingerprints.iterdir()
    fields = json.loads(kept.read_bytes())
    for likely in fields["top"]:
        likely["logprob"] -= 1.0
    kept.write_text(json.dumps(fields))
    switch(engine, OTHER, adapter="")
    switch(engine, OTHER)
    told = switch(engine, ONE)
    assert told.adapter == "" and "otherwise than when it was first loaded" in told.without


def test_what_is_loaded_ahead_touches_nothing_in_use(engine: Engine) -> None:
    complete(engine, ONE)
    told = switch(engine, OTHER, spare=True, ahead=True)
    assert told.not_loaded == "unwanted" and not told.base
    assert [step.name for step in told.steps] == ["index"]
    assert not switch(engine, ONE).steps[2].note, "nothing had to be put aside"
