"""Edit the settings file, its comments kept."""

from pathlib import Path

import tomlkit
from tomlkit.items import Table

from gardener_core.atomic import make_folder, write_whole


def set_value(path: Path, key: str, value: int | float | str | bool) -> None:
    """Write one setting; everything else in the file stays as the user wrote it."""
    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    section, _, name = key.partition(".")
    table = document.get(section)
    if not isinstance(table, Table):
        table = tomlkit.table()
        document[section] = table
    table[name] = value
    make_folder(path.parent)
    write_whole(path, tomlkit.dumps(document).encode())
