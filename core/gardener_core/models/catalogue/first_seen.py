"""Remember the hashes of files that the catalogue has none of."""

import json

from gardener_core.models.catalogue.entry import CatalogueFile
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.places import Places


def seen_before(places: Places, model: str, file: CatalogueFile) -> str:
    """The sha256 with which a file was first seen here; empty if it never was."""
    value = _read(places).get(_key(model, file))
    return value if isinstance(value, str) else ""


def remember(places: Places, model: str, file: CatalogueFile, sha256: str) -> None:
    """Record how a file was first seen; what was recorded stays."""
    known = _read(places)
    if _key(model, file) not in known:
        known[_key(model, file)] = sha256
        make_folder(places.first_seen.parent)
        write_whole(places.first_seen, json.dumps(known, indent=1).encode(), durable=True)


def _key(model: str, file: CatalogueFile) -> str:
    return f"{model}/{file.name}"


def _read(places: Places) -> dict[str, object]:
    try:
        return read_object(places.first_seen)
    except (OSError, ValueError):
        return {}
