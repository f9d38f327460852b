"""The hub's library transfers; what the hub does wrong is told in one line."""

from pathlib import Path

import pytest
from support.hub_double import COMMIT, Fault, HubDouble
from support.pulled import DATA, REPOSITORY, drain, entry_of

from gardener_core.errors import DiskFull
from gardener_core.models.catalogue.entry import HubSource
from gardener_core.models.sources.hub import PIECE_BYTES, Hub
from gardener_core.models.sources.source import SourceFailed

SOURCE = HubSource(REPOSITORY, ("tiny.gguf",), COMMIT)


def test_a_file_comes_whole_with_progress(hub: HubDouble, box: Path) -> None:
    steps, (delivered,) = drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))
    assert delivered.path.read_bytes() == DATA and delivered.ours
    assert delivered.origin == f"{REPOSITORY}@{COMMIT[:12]}"
    assert steps[-1].done == steps[-1].total == len(DATA)


def test_without_a_revision_the_one_that_was_taken_is_told(hub: HubDouble, box: Path) -> None:
    newest = HubSource(REPOSITORY, ("tiny.gguf",))
    _, (delivered,) = drain(Hub(newest, hub.endpoint).fetch(entry_of(), box))
    assert delivered.origin.endswith(COMMIT[:12])


def test_a_transfer_that_was_cut_off_goes_on_where_it_was(hub: HubDouble, box: Path) -> None:
    hub.fault, hub.stop_at = "hangs", 2 * PIECE_BYTES
    transfer = Hub(SOURCE, hub.endpoint).fetch(entry_of(), box)
    while next(transfer).done < hub.stop_at:
        pass
    transfer.close()  # as a stop or the end of the process does
    hub.fault = ""
    hub.go_on.set()
    _, (delivered,) = drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))
    assert delivered.path.read_bytes() == DATA
    assert hub.ranges == ["", "bytes=131072-"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("answers 500", "status 500"),
        ("gated", "accept a licence"),
        ("too many", "more than the 300,000 bytes"),
    ],
)
def test_what_it_does_wrong_is_told(hub: HubDouble, box: Path, fault: Fault, told: str) -> None:
    hub.fault = fault
    if fault == "too many":
        hub.lies_about_size = len(DATA)
    with pytest.raises(SourceFailed, match=told):
        drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))


def test_another_file_of_the_name_is_refused_before_a_byte_of_it(hub: HubDouble, box: Path) -> None:
    with pytest.raises(SourceFailed, match=r"another tiny\.gguf: sha256"):
        drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(data=DATA[::-1]), box))
    with pytest.raises(SourceFailed, match="with 300,000 bytes, not 5"):
        drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(data=b"12345"), box))
    assert hub.ranges == []


def test_nobody_there_is_told(box: Path) -> None:
    with pytest.raises(SourceFailed, match="refused"):
        drain(Hub(SOURCE, "http://127.0.0.1:9").fetch(entry_of(), box))


def test_offline_by_the_users_own_wish(
    hub: HubDouble, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(SourceFailed, match="HF_HUB_OFFLINE"):
        drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))


def test_no_transfer_begins_without_room(hub: HubDouble, box: Path) -> None:
    hub.lies_about_size = 1 << 60
    with pytest.raises(DiskFull, match="are needed on the disk of"):
        drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(known=False), box))
    assert hub.ranges == []


@pytest.mark.parametrize("fault", ["truncates", "dies"])
def test_a_connection_that_breaks_off_once_costs_nothing(
    hub: HubDouble, box: Path, fault: Fault
) -> None:
    hub.fault, hub.stop_at, hub.times = fault, 2 * PIECE_BYTES, 1
    _, (delivered,) = drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))
    assert delivered.path.read_bytes() == DATA
    assert len(hub.ranges) == 2 and hub.ranges[1].startswith("bytes=")


@pytest.mark.long
@pytest.mark.parametrize("fault", ["truncates", "dies"])
def test_one_that_always_breaks_off_is_told_and_what_came_is_kept(
    hub: HubDouble, box: Path, fault: Fault
) -> None:
    hub.fault, hub.stop_at = fault, 2 * PIECE_BYTES
    with pytest.raises(SourceFailed):
        drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))
    hub.fault = ""
    _, (delivered,) = drain(Hub(SOURCE, hub.endpoint).fetch(entry_of(), box))
    assert delivered.path.read_bytes() == DATA
