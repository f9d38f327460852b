"""Train the embedder that comes with the program: mine pairs, train, write the table.

Run as: python tools/grow_embedder.py FOLDER
FOLDER keeps what is fetched, so a second run needs no network.
"""

import datetime
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from embedder_training.mining import Measured, Pair, mine
from embedder_training.training import EmbedderPlan, train_embedder
from fetching import fetch

from gardener_core.events.run import Noted
from gardener_core.events.train import StepDone
from gardener_core.pretraining.corpus import (
    HELD_OUT,
    SHARE_ALIKE,
    SourceDocument,
    installed_corpus,
    packaged_corpus,
)
from gardener_core.pretraining.npm_corpus import npm_corpus
from gardener_core.search.embedders.static import STATIC
from gardener_core.search.embedders.static_table import LearnedTable, quantised

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "core" / "gardener_core" / "search" / "embedders" / "data"
# The projects to measure on: nothing of these is learned, wherever it was copied to.
MEASURED = ROOT / "tests" / "long" / "questions.json"
PYPI = {
    "aiohttp": "3.14.5",
    "celery": "5.7.0",
    "cinder": "29.0.0",
    "dagster": "1.13.28",
    "distributed": "2026.8.0",
    "Django": "5.2.19",
    "mlflow": "3.18.0",
    "nova": "34.0.0",
    "prefect": "3.9.1",
    "SQLAlchemy": "2.1.9",
    "tornado": "6.6.1",
    "Twisted": "26.10.0",
}
NPM = {
    "@babylonjs/core": "9.34.0",
    "@cesium/engine": "24.0.0",
    "lodash": "4.18.1",
    "mathjs": "15.2.0",
    "ol": "10.11.0",
    "pixi.js": "8.22.0",
    "puppeteer-core": "24.43.1",
    "three": "0.187.0",
    "zod": "4.6.7",
}


def main() -> None:
    """Train it, and print what was done."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    place = Path(sys.argv[1])
    began = time.monotonic()
    pairs = list(mine(corpus(place), measured(place)))
    say(f"{len(pairs)} pairs mined in {time.monotonic() - began:.0f} s")
    plan = EmbedderPlan()
    table = trained(pairs, plan)
    data = quantised(table).to_bytes()
    DATA.mkdir(exist_ok=True)
    (DATA / f"{STATIC}.npz").write_bytes(data)
    card = json.dumps(described(pairs, plan, table, data), indent=1)
    (DATA / f"{STATIC}.json").write_text(card + "\n")
    say(f"{len(data) / 1e6:.1f} MB written, {time.monotonic() - began:.0f} s in all")


def corpus(place: Path) -> Iterator[SourceDocument]:
    """This environment, the standard library, and the packages named above."""
    yield from installed_corpus()
    for name, version in PYPI.items():
        yield from packaged_corpus(fetch(place, "wheel", name, version))
    for name, version in NPM.items():
        yield from npm_corpus(fetch(place, "npm", name, version))


def measured(place: Path) -> Measured:
    """Docs and code of the projects to measure on."""
    known = Measured()
    for name, about in json.loads(MEASURED.read_text())["projects"].items():
        folder = fetch(place, about["kind"], name, about["version"])
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            known.add(path.name, path.read_bytes())
    say(f"{len(known.bodies)} functions are measured on and not learned")
    return known


def trained(pairs: Sequence[Pair], plan: EmbedderPlan) -> LearnedTable:
    """Train to the end, a line for every tenth step."""
    training = train_embedder(pairs, plan)
    while True:
        try:
            event = next(training)
        except StopIteration as end:
            table: LearnedTable = end.value
            return table
        match event:
            case Noted(text=text):
                say(text)
            case StepDone(step=step, steps=steps, loss=loss) if step % 10 == 0:
                say(f"step {step} of {steps}, loss {loss:.3f}")


def described(
    pairs: Sequence[Pair], plan: EmbedderPlan, table: LearnedTable, data: bytes
) -> dict[str, Any]:
    """The card beside the table: what it was trained on, and how."""
    counts = Counter(pair.package for pair in pairs)
    return {
        "name": STATIC,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "made": datetime.date.today().isoformat(),
        "command": "python tools/grow_embedder.py FOLDER",
        "terms": len(table.terms),
        "dimensions": table.vectors.shape[1],
        "epochs": plan.epochs,
        "seed": plan.seed,
        "pairs": len(pairs),
        "licences": "as the packages declare them; all permissive",
        "packages": [
            {
                "name": package.name,
                "version": package.version,
                "licence": package.licence,
                "pairs": count,
            }
            for package, count in sorted(counts.items(), key=lambda item: item[0].name.lower())
        ],
        "never_eaten": sorted(HELD_OUT | SHARE_ALIKE),
    }


def say(text: str) -> None:
    """One line of progress."""
    print(f"embedder: {text}", flush=True)


if __name__ == "__main__":
    main()
