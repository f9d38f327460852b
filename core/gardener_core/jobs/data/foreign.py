"""Foreign code that is read again, against forgetting."""

import random
from collections.abc import Iterator

from gardener_core.pretraining.corpus import standard_library
from gardener_core.training.data.makers.replay_rows import ForeignFile
from gardener_core.training.data.writing import SEED

# Folders of tables, and of code that was written to be parsed.
_TABLES = frozenset({"encodings", "lib2to3", "pydoc_data", "idlelib", "turtledemo", "ensurepip"})


def foreign_files() -> Iterator[ForeignFile]:
    """Files of Python's own library in a fixed order, read one by one."""
    files = sorted(
        (file for file in standard_library() if not _TABLES & set(file.name.split("/"))),
        key=lambda file: file.name,
    )
    random.Random(SEED).shuffle(files)
    for file in files:
        text = file.read()
        if text is not None:
            yield ForeignFile(file.name, f"{file.package.licence} ({file.package.name} "
                              f"{file.package.version})", text)  # fmt: skip
