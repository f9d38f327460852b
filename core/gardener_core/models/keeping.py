"""Put the files of a pulled model in their place."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gardener_core.models.adding import described
from gardener_core.models.catalogue.entry import CatalogueEntry, role_in_lists
from gardener_core.models.record import ModelFile, ModelRecord, write_record
from gardener_core.models.sources.source import Delivered
from gardener_core.system.files.atomic import (
    make_folder,
    recover_folder,
    staging,
    swap_folder,
    sync_folder,
)
from gardener_core.system.places import Places


def keep(entry: CatalogueEntry, delivered: Sequence[Delivered], places: Places) -> ModelRecord:
    """Move what is ours, record the rest where it is; interrupted, it can be done again.

    A base GGUF is kept by its sha256. What is used by its path, such as an embedder or the files
    of a folder, is kept under its name.
    """
    weights_first = sorted(delivered, key=lambda one: one.file.name != entry.weights.name)
    role = role_in_lists(entry)
    record = ModelRecord(
        entry.name, weights_first[0].origin, entry.format, entry.architecture, entry.context, ()
    )
    record = replace(record, role=role, licence=entry.licence)
    record = described(record, weights_first[0].path)
    if entry.format == "gguf" and role == "base":
        files = tuple(_by_digest(one, places) for one in weights_first)
        record = replace(record, files=files)
        write_record(make_folder(places.models) / entry.name, record)
    else:
        record = _in_a_folder(record, weights_first, places.models / entry.name)
    shutil.rmtree(places.incoming(entry.name), ignore_errors=True)
    return record


def _by_digest(one: Delivered, places: Places) -> ModelFile:
    if not one.ours:
        return _file(one, one.path, str(one.path))
    place = make_folder(places.model_files) / one.file.sha256
    if one.path == place:  # kept by an earlier pull
        return _file(one, place, "")
    os.chmod(one.path, 0o600)
    sync_folder(one.path)
    os.replace(one.path, place)
    sync_folder(place.parent)
    return _file(one, place, "")


def _in_a_folder(record: ModelRecord, delivered: Sequence[Delivered], target: Path) -> ModelRecord:
    """All files under their names, those of others by a link."""
    recover_folder(target)
    new = staging(target)
    files = []
    for one in delivered:
        place = new / one.file.name
        make_folder(place.parent)
        if one.ours:
            _link_or_copy(one.path, place)
        else:
            place.symlink_to(one.path)
        files.append(_file(one, place, ""))
    record = replace(record, files=tuple(files))
    write_record(new, record)
    swap_folder(new, target)
    return record


def _link_or_copy(path: Path, place: Path) -> None:
    """A second name, so that an interrupted pull still has the first."""
    os.chmod(path, 0o600)
    try:
        os.link(path, place)
    except OSError:  # a file system without links
        shutil.copyfile(path, place)


def _file(one: Delivered, place: Path, elsewhere: str) -> ModelFile:
    status = place.stat()
    return ModelFile(one.file.name, one.file.sha256, status.st_size, status.st_mtime_ns, elsewhere)
