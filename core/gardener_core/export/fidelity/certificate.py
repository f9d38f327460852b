"""Keep beside a file how faithful it is."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from gardener_core.events.parts import Fidelity
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

SUFFIX = ".fidelity.json"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was measured of a file, which is known by its sha256.

    `caveat` says what the gate says of the adapter, if it did not pass.
    """

    file: str
    bytes: int
    sha256: str
    fidelity: Fidelity
    project: str
    adapter: str
    adapter_sha256: str
    base: str
    base_sha256: str
    made: str
    program: str
    caveat: str = ""


def certificate_path(file: Path) -> Path:
    """Where the certificate of a file is."""
    return file.with_name(file.name + SUFFIX)


def write_certificate(folder: Path, certificate: Certificate) -> Path:
    """Write it beside its file."""
    path = certificate_path(folder / certificate.file)
    fields = dataclasses.asdict(certificate)
    fields["passes"] = certificate.fidelity.passes
    write_whole(path, json.dumps(fields, indent=1).encode(), durable=True)
    return path


def read_certificate(file: Path) -> Certificate | None:
    """The certificate of a file; None where there is none that can be read."""
    try:
        certificate: Certificate = rebuild(Certificate, read_object(certificate_path(file)))
        return certificate
    except (OSError, ValueError, TypeError, KeyError):
        return None
