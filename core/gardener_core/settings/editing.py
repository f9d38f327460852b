"""Edit the settings file and keep its comments."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gardener_core.errors import BadInput
from gardener_core.settings.schema import AlertSettings
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_regular

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

LARGEST_FILE = 1_000_000
RULES = "alerts"


def set_value(path: Path, key: str, value: int | float | str | bool) -> None:
    """Write one setting; everything else in the file stays as the user wrote it.

    If the file is a link, the file that it points to is written.
    """
    import tomlkit  # 10 ms, and settings are rarely written
    from tomlkit.items import Table

    document = _parse(path) if path.exists() else tomlkit.document()
    section, _, name = key.partition(".")
    table = document.get(section)
    if not isinstance(table, Table):
        table = tomlkit.table()
        for line in _explained(section):
            table.add(tomlkit.comment(line))
        document[section] = table
    table[name] = value
    make_folder(path.parent)
    write_whole(path.resolve(), tomlkit.dumps(document).encode())


def _explained(section: str) -> Iterator[str]:
    """What may stand in a table of rules, for whoever opens the file; others are looked up."""
    if section != RULES:
        return
    for rule in dataclasses.fields(AlertSettings):
        shown = str(rule.default).lower() if isinstance(rule.default, bool) else repr(rule.default)
        yield f"{rule.name} = {shown}: {rule.metadata['effect']}"


def _parse(path: Path) -> "TOMLDocument":
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(read_regular(path, LARGEST_FILE).decode("utf-8"))
    except RecursionError:
        raise BadInput(f"{path} is nested too deeply.", hint=f"Correct {path}") from None
    except (TOMLKitError, ValueError) as problem:
        raise BadInput(f"{path} cannot be edited: {problem}.", hint=f"Correct {path}") from None
