"""Move what an export run wrote to where it is wanted."""

import dataclasses
import errno
import json
import os
import shutil
from collections.abc import Generator
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.events.export import Exported
from gardener_core.events.parts import Fidelity, WrittenFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.export.bundle.manifest import BUNDLE
from gardener_core.jobs.exporting.certifying import digest_of_file
from gardener_core.system.files.atomic import make_folder, sync_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.records import rebuild

_LIST = "delivered.json"


def delivery_of(box: Path, target: Path, run: Path, fidelity: Fidelity | None) -> Exported:
    """What there is to deliver, listed before the first file moves."""
    # The list of a bundle goes last: a folder without it is none.
    paths = sorted(
        (path for path in box.rglob("*") if path.is_file()),
        key=lambda path: (path.name == BUNDLE, path),
    )
    files = (
        WrittenFile(str(target / path.relative_to(box)), path.stat().st_size, digest_of_file(path))
        for path in paths
    )
    delivery = Exported(tuple(files), fidelity)
    fields = json.dumps(dataclasses.asdict(delivery))
    write_whole(run / _LIST, fields.encode(), durable=True)
    return delivery


def listed_delivery(run: Path) -> Exported | None:
    """What an earlier attempt began to deliver, if it came that far."""
    try:
        delivery: Exported = rebuild(Exported, read_object(run / _LIST))
        return delivery
    except (OSError, ValueError, TypeError, KeyError):
        return None


def deliver(
    delivery: Exported, box: Path, target: Path, run: Path, interruptible: Interruptible
) -> Generator[PhaseAdvanced, str | None, None]:
    """Put every file into its place by a rename; a run that is resumed goes on where it was."""
    make_folder(target)
    for done, file in enumerate(delivery.files):
        yield PhaseAdvanced("saving", done, len(delivery.files), "files")
        with interruptible:
            _move(box / Path(file.path).relative_to(target), Path(file.path), run.name)
    sync_folder(target)
    shutil.rmtree(box, ignore_errors=True)


def _move(source: Path, place: Path, run: str) -> None:
    if not source.exists():
        if place.exists():
            return  # an earlier attempt moved it
        raise Damaged(f"{place.name} is gone.", hint="Export it again.")
    make_folder(place.parent)
    try:
        os.replace(source, place)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        _copy(source, place, run)


def _copy(source: Path, place: Path, run: str) -> None:
    """To another disk: aside first, under a name that the next attempt takes again."""
    new = place.with_name(f".{place.name}.{run}")
    shutil.copyfile(source, new)
    sync_folder(new)
    os.replace(new, place)
    source.unlink()
