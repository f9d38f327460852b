"""The demo at its full size, in a name space without a route."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.real_models import STARTER as REAL_STARTER
from support.real_models import real_model

from gardener_core.models.catalogue.entry import STARTER

OFFLINE = Path(__file__).parents[1] / "support" / "offline.py"
DEMO = [sys.executable, "-c", "from gardener_core.cli.main import main; main()", "demo", "--json"]
LONGEST_SECONDS = 240


def without_a_route() -> list[str]:
    """The words that put a command into a name space of its own."""
    words = ["unshare", "-rn"]
    if shutil.which(words[0]) is None or subprocess.run([*words, "true"]).returncode:
        pytest.skip("wants unshare(1) and user name spaces, to prove that no network is needed")
    return [*words, sys.executable, str(OFFLINE)]


@pytest.mark.long
def test_full_demo_offline(tmp_path: Path, keep: Callable[[str, list[str]], None]) -> None:
    environment = {**os.environ, "GARDENER_HOME": str(tmp_path)}
    add = [*DEMO[:-2], "models", "add", str(real_model(REAL_STARTER)), "--name", STARTER]
    subprocess.run(add, env=environment, check=True)
    started = time.monotonic()
    answer = subprocess.run(
        [*without_a_route(), *DEMO],
        env=environment,
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - started
    assert answer.returncode == 0, answer.stdout[-1000:] + answer.stderr
    events = [json.loads(line) for line in answer.stdout.splitlines()]
    told = {event["event"]: event for event in events}
    *_, before, after, control = (event for event in events if event["event"] == "Scored")
    fidelity = told["Exported"]["fidelity"]
    with_adapter, alone = (event for event in events if event["event"] == "Completed")
    keep(
        "Full demo without a route",
        [
            f"- whole demo {seconds:.0f} s on {os.cpu_count()} cores",
            f"- {told['Indexed']['files']} files, {told['Indexed']['chunks']} chunks in "
            f"{told['Indexed']['seconds']} s; search {told['Retrieved']['seconds'] * 1000:.1f} ms",
            f"- bits per byte {before['value']:.4f} before, {after['value']:.4f} after, "
            f"{control['value']:.4f} with another project's adapter, over {after['n']} of "
            f"{after['of']} held-out files",
            f"- adapter {told['Saved']['bytes']:,} bytes",
            f"- llama.cpp against PEFT: base {fidelity['worst_base']:.1e}, adapter "
            f"{fidelity['worst_adapter']:.1e} over {fidelity['positions']} positions",
            f"- with the adapter: `{with_adapter['text']!r}`",
            f"- base alone: `{alone['text']!r}`",
        ],
    )
    assert seconds < LONGEST_SECONDS
    assert after["value"] < before["value"] * 0.97
    assert max(fidelity["worst_base"], fidelity["worst_adapter"]) < 1e-4
    assert with_adapter["text"] != alone["text"]
