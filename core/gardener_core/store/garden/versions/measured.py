"""Keep what was measured of each format of an export."""

import contextlib
import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from gardener_core.events.parts import Fidelity
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.manifest import read_manifest
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.places import Places, measured_formats
from gardener_core.system.records import rebuild


def weights_digest(adapter: Path) -> str:
    """The sha256 of an adapter's weights as they were recorded; empty in older gardens."""
    weights = read_manifest(adapter).get(WEIGHTS)
    return weights.sha256 if weights else ""


def read_measured(places: Places, adapter_sha256: str) -> Mapping[str, Fidelity]:
    """The last measurement of each format; what cannot be read was not measured."""
    measured: dict[str, Fidelity] = {}
    if not adapter_sha256:
        return measured
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        for name, fields in read_object(measured_formats(places, adapter_sha256)).items():
            measured[name] = rebuild(Fidelity, fields)
    return measured


def keep_measured(places: Places, adapter_sha256: str, fidelity: Fidelity) -> None:
    """Keep a measurement beside those of the other formats."""
    if not adapter_sha256:
        return
    kept = {**read_measured(places, adapter_sha256), fidelity.format: fidelity}
    path = measured_formats(places, adapter_sha256)
    make_folder(path.parent)
    fields = {name: dataclasses.asdict(one) for name, one in sorted(kept.items())}
    write_whole(path, json.dumps(fields, indent=1).encode())
