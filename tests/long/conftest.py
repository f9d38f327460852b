"""The last results of what takes minutes, dated."""

import platform
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

RESULTS = Path(__file__).parent / "results.md"
TITLE = "# Last results of `make test-long`\n"


@pytest.fixture
def keep() -> Callable[[str, list[str]], None]:
    """Puts a result into results.md, in the place of the last one of that name."""

    def put(name: str, lines: list[str]) -> None:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        section = [f"## {name}", f"{time.strftime('%Y-%m-%d')}, {machine}", "", *lines]
        text = RESULTS.read_text() if RESULTS.exists() else TITLE
        kept = re.split(r"\n(?=## )", text.strip())
        others = [part for part in kept[1:] if not part.startswith(f"## {name}\n")]
        parts = sorted([*others, "\n".join(section)])
        RESULTS.write_text("\n\n".join([kept[0].strip(), *(p.strip() for p in parts)]) + "\n")

    return put
