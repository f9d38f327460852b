"""Which version of a package is installed."""

import sys
from pathlib import Path


def installed_version(package: str) -> str:
    """The version, by the name of the folder that says so; nothing where it is not installed.

    `importlib.metadata` takes 40 ms to import: it could read mail.
    """
    name = package.replace("-", "_")
    for place in sys.path:
        for found in Path(place or ".").glob(f"{name}-*.dist-info"):
            return found.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    return ""
