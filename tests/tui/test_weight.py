"""The screen loads nothing heavy."""

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "torch", "transformers", "peft", "accelerate", "tokenizers", "safetensors", "lancedb",
    "pyarrow", "pandas", "numpy", "nomic", "xllamacpp", "gguf", "tree_sitter",
)  # fmt: skip
VISIT = f"""
import asyncio, sys
from support.showroom import full_garden
from support.waiting import see
from gardener_tui import cli
from gardener_tui.app import GardenerApp

async def visit():
    async with GardenerApp(full_garden()).run_test(size=(140, 45)) as pilot:
        await see(pilot, "training 31%")
        await pilot.press("4", "x", "enter")
        await see(pilot, "quotes ·", "3 hits")
        await pilot.press("escape", "n")
        await see(pilot, "Which folder")

asyncio.run(visit())
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_screen_loads_nothing_heavy() -> None:
    path = [str(Path(__file__).parents[1]), *sys.path]
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{VISIT}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == "[]"
