"""Make the sample from nothing: a project, its adapter and its card.

    make sample

The project is the installed source of textual, whose version is pinned, so that everybody has the
same. One thread and a fixed seed repeat the training; what differs from the card that is kept here
is told. It takes about a quarter of an hour on an idle core.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GARDENER = Path(sys.executable).with_name("gardener")
BASE, NAME, PACKAGE = "smollm2-135m", "textual", "textual"
STEPS, MINUTES = "30", "10"
KEPT = ("card.json", "card.md")


def main() -> None:
    """Walk the whole way, then compare with the card that is kept."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/sample").absolute()
    os.environ["GARDENER_HOME"] = str(target / "home")
    os.environ["GARDENER_TRAINING__THREADS"] = "1"
    project = lay_out(target / NAME)
    if not any(one["name"].startswith(BASE) for one in told("models")["models"]):
        gardener("models", "pull", BASE)
    base = next(one["name"] for one in told("models")["models"] if one["name"].startswith(BASE))
    if not any(one["name"] == NAME for one in told("projects")["projects"]):
        gardener("add", str(project), "--name", NAME, "--no-index")
    gardener("index", NAME)
    if not told("adapters", NAME)["adapters"]:
        gardener("train", NAME, "--base", base, "--steps", STEPS)
    version = told("adapters", NAME)["adapters"][-1]["version"]
    gardener("score", NAME, version, "--minutes", MINUTES)
    card = told("card", NAME, version)["card"]
    folder = Path(card["items"]).parent
    print(f"\nThe adapter is in {folder}\nIts card is {folder / 'card.md'}")
    compare(card)
    if "--keep" in sys.argv:
        for name in KEPT:
            shutil.copyfile(folder / name, HERE / name)


def lay_out(folder: Path) -> Path:
    """Copy the installed source into a folder of its own."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        sys.exit(f"The package {PACKAGE} is not installed. Run: make setup")
    root = Path(found.origin).parent
    for source in sorted(root.rglob("*.py")):
        copy = folder / PACKAGE / source.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            shutil.copyfile(source, copy)
    return folder


def compare(card: dict[str, Any]) -> None:
    """Say what is as in the kept card, and what is not."""
    kept_file = HERE / "card.json"
    if not kept_file.exists():
        print("No card is kept here to compare with.")
        return
    kept = json.loads(kept_file.read_bytes())
    for name in ("base_sha256", "files_sha256", "adapter_sha256"):
        same = card["setting"][name] == kept["setting"][name]
        print(f"{name:15} {'the same' if same else 'another one'}")
    for arm in ("base", "adapter", "control"):
        new, old = (one["arms"][arm]["bits_per_byte"] for one in (card, kept))
        within = old["low"] <= new["mean"] <= old["high"]
        where = "within" if within else "outside of"
        print(
            f"{arm:8} {new['mean']:.3f} bits per byte, {where} {old['low']:.3f}-{old['high']:.3f}"
        )
    print(f"verdict  {card['gate']['verdict']}, kept: {kept['gate']['verdict']}")


def gardener(*arguments: str) -> None:
    """Run a command as a person would; the way ends where one fails."""
    print(f"$ gardener {' '.join(arguments)}", flush=True)
    if subprocess.run([GARDENER, *arguments], check=False).returncode:
        sys.exit(f"gardener {arguments[0]} failed.")


def told(*arguments: str) -> dict[str, Any]:
    """What a command tells as JSON."""
    done = subprocess.run([GARDENER, *arguments, "--json"], capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
