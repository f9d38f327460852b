"""A garden full of lifelike things."""

import math
import random
import time

from gardener_core.events.answer import Answered, Completed, Token
from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import Citation, CodeSpan, Correction, Why
from gardener_core.events.run import Finished, Noted, PhaseAdvanced, Started
from gardener_core.events.train import Checkpointed, Planned, Saved, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.garden.index import Health
from gardener_core.graph.map import MappedFile, MappedSymbol, ProjectMap
from gardener_core.graph.neighbours import Group, Neighbour, Neighbours, Sureness
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.search.measuring.records import Arm, Retrieval
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.runs import Run
from support.offers import four_offers
from support.scripted_garden import ScriptedGarden, a_project

CODE = '''def refresh_token(self, token: Token, *, grace: int = 30) -> Token:
    """Rotate a refresh token; reuse inside the grace window is allowed."""
    with self.store.lock(token.family):
        if token.id in self.store.revoked(token.family):
            raise TokenReuseError(token.family)
        new = token.rotate(self.clock.now() + timedelta(seconds=grace))
        self.store.put(new)
        return new
'''
STORE = """class TokenStore(Protocol):
    def lock(self, family: str) -> ContextManager[None]: ...
    def revoked(self, family: str) -> set[str]: ...
    def put(self, token: Token) -> None: ...
"""
TYPESCRIPT = """export async function refresh(req: Request): Promise<Response> {
  const t = await readToken(req);
  return json(await sessions.refresh(t), { status: 200 });
}
"""
CALLER = """def refresh(request: Request) -> Response:
    token = read_token(request)
    fresh = sessions.refresh_token(token)
    return Response(fresh)
"""
TEST = """def test_reuse_outside_grace_revokes_family(clock, sessions):
    t = sessions.issue(user=1)
    sessions.refresh_token(t)
    clock.tick(31)
    with pytest.raises(TokenReuseError):
        sessions.refresh_token(t)
"""
ANSWER = """Refresh tokens are **rotated on every use** and share a `family` id [1]. Reuse \
outside the grace window raises `TokenReuseError` [1].

```python
if token.id in self.store.revoked(token.family):
    raise TokenReuseError(token.family)
```

The TypeScript endpoint only forwards the call [3]."""


def hit(
    rank: int,
    path: str,
    start: int,
    symbol: str,
    kind: str,
    parts: tuple[float, float],
    text: str,
    *corrections: Correction,
) -> Hit:
    """A hit whose score is what its why adds up to."""
    language = {"py": "python", "ts": "typescript"}[path.rpartition(".")[2]]
    words, meaning = parts
    score = words + meaning + sum(item.value for item in corrections)
    why = Why(
        words_rank=rank,
        words_score=round(14.2 * max(words, 0.1), 2),
        terms=("refresh", "token", "revok"),
        meaning_rank=rank if meaning > 0 else 0,
        meaning_score=round(0.9 * max(meaning, 0.0), 2),
        corrections=corrections,
        words_part=words,
        meaning_part=meaning,
    )
    end = start + text.count("\n") - 1
    role = "test" if path.startswith("tests/") else "code"
    return Hit(rank, path, start, end, symbol, kind, language, round(score, 4), why, text, role)


def hits() -> Retrieved:
    name, piece, test = ("exact name", 0.3), ("piece", -0.1), ("test", -1.0)
    return Retrieved(
        (
            hit(1, "src/auth/session.py", 118, "Sessions.refresh_token", "method", (1.0, 0.41),
                CODE, Correction(*name)),
            hit(2, "src/auth/store.py", 40, "TokenStore", "class", (0.82, 0.33), STORE),
            hit(3, "web/api/session.ts", 12, "", "lines", (0.64, 0.0), TYPESCRIPT,
                Correction(*piece)),
        ),
        0.038,
        tests=(
            hit(1, "tests/auth/test_rotation.py", 77, "test_reuse", "function", (0.71, 0.22),
                TEST, Correction(*test)),
        ),
    )  # fmt: skip


def around() -> Neighbours:
    """What stands around the first hit."""

    def row(path: str, symbol: str, kind: str, start: int, sure: Sureness, *uses: int) -> Neighbour:
        return Neighbour(CodeSpan(path, symbol, kind, "python", start, start + 6), sure, uses)

    def group(*rows: Neighbour) -> Group:
        return Group(rows, len(rows))

    return Neighbours(
        path="src/auth/session.py",
        symbol="Sessions.refresh_token",
        holders=group(row("src/auth/session.py", "Sessions", "class", 92, "plain")),
        bases=group(row("src/auth/base.py", "Service", "class", 12, "sure")),
        subclasses=group(),
        callers=group(
            row("src/api/tokens.py", "refresh", "function", 31, "sure", 33),
            row("src/jobs/rotate.py", "rotate_all", "function", 8, "likely", 11, 13),
        ),
        callees=group(row("src/auth/store.py", "TokenStore.put", "method", 43, "sure")),
        tests=group(),
    )


def files() -> list[ProjectFile]:
    """Files in every state."""
    return [
        ProjectFile("config/dev.toml", "toml", 812, 3, ((7, "assigned"),), "", "indexed", "again"),
        ProjectFile("data/dump.sql", "sql", 40, 0, (), "cannot be read: Permission denied",
                    "failed", "again"),
        ProjectFile("src/auth/session.py", "python", 9_120, 31, (), "", "indexed", "again"),
        ProjectFile("src/auth/store.py", "python", 4_002, 12, (), "", "indexed", "again"),
        ProjectFile("web/dist/app.min.js", "javascript", 2_400_000, 0, (), "larger than 1 MB",
                    "left out", "anyway"),
        ProjectFile("web/logo.png", "text", 90_000, 0, (), "binary", "left out", ""),
    ]  # fmt: skip


def drawn() -> ProjectMap:
    """A map of two files."""
    session = (
        MappedSymbol("Sessions", "Sessions", "class", 92, "class Sessions(Service)", 0.081, 140),
        MappedSymbol(
            "Sessions.refresh_token",
            "refresh_token",
            "method",
            118,
            "def refresh_token(self, token: Token, *, grace: float = 0.0) -> Token",
            0.043,
            125,
        ),
    )
    store = (
        MappedSymbol(
            "TokenStore", "TokenStore", "class", 40, "class TokenStore(Protocol)", 0.064, 43
        ),
    )
    files = (
        MappedFile("src/auth/session.py", 0.213, session),
        MappedFile("src/auth/store.py", 0.131, store),
    )
    return ProjectMap(files, 62, (), 0, 0.06)


def measured() -> Retrieval:
    """A measurement with both kinds of questions."""
    arms = (
        Arm("docs", "words", 0.485, 0.441, 0.530, 0.371, 0.642, 0.731, 240),
        Arm("docs", "vectors", 0.465, 0.420, 0.509, 0.346, 0.621, 0.725, 240),
        Arm("docs", "joined", 0.541, 0.497, 0.586, 0.425, 0.700, 0.788, 240),
        Arm("docs", "grep-like", 0.165, 0.131, 0.202, 0.087, 0.262, 0.371, 240),
        Arm("commits", "words", 0.302, 0.214, 0.391, 0.208, 0.417, 0.500, 48),
        Arm("commits", "joined", 0.331, 0.243, 0.420, 0.229, 0.458, 0.542, 48),
    )
    return Retrieval(
        "2026-11-20T10:12:00Z",
        "static-1",
        arms,
        0.5,
        0.048,
        0.012,
        0.085,
        18_331,
        9.4,
        "projects/acme/retrieval/2026-11-20T101200Z.jsonl",
    )


ENDING: list[Event] = [
    Scored("after", "bits_per_byte", 2.604, 43),
    Saved("v6", "adapters/v6", 318_102),
    Finished(1_284.0),
]


def training(steps: int, total: int, seed: int = 3) -> list[Event]:
    dice = random.Random(seed)
    told: list[Event] = [
        Started(),
        PhaseAdvanced("loading"),
        Planned("run-a", "train", "seedling", total, 312_400, 171, 43),
        PhaseAdvanced("preparing", 171, 171, "files"),
        *(PhaseAdvanced("scoring before", n, 90_000, "tokens") for n in (0, 45_000, 90_000)),
        Scored("before", "bits_per_byte", 2.914, 43),
        Noted("171 files to learn from, packed into 610 rows"),
        PhaseAdvanced("training", 0, total, "steps"),
    ]
    for step in range(1, steps + 1):
        loss = 2.1 + 3.4 * math.exp(-step / total * 5) + dice.gauss(0, 0.16)
        loss += 1.4 if step == 70 else 0
        rate = 3e-3 * min(1.0, (total - step) / (0.35 * total))
        pace, memory = 1_862 + step % 7, 563_000_000
        told.append(StepDone("run-a", "train", step, total, loss, rate, pace, memory))
        if step % 50 == 0:
            told.append(Checkpointed(step))
    return told


def full_garden() -> ScriptedGarden:
    """Four projects, one of them being trained, with hits and answers at hand."""
    acme = a_project(
        "acme-web", files=1204, chunks=18331, languages=("python", "typescript", "sql"),
        adapter="v7", base="seedling",
    )  # fmt: skip
    garden = ScriptedGarden(
        acme,
        a_project("billing-core", files=412, chunks=5120, adapter="v2", base="seedling"),
        a_project("infra-tools", files=96, chunks=1033, languages=("python", "shell")),
        a_project("legacy-cobol", files=214, chunks=0, languages=(), state="new"),
    )
    garden.adapters.adapters = [
        Adapter(acme.id, f"v{n}", "seedling", f"run-{n}", float(n), 318_000 + n * 17)
        for n in (7, 6, 5)
    ]
    now = time.time()
    before = Run("run-6", "train", acme.id, now - 3 * 86_400, "finished", 400, 400, 2.2)
    garden.runs.put(before, [*training(400, 400, 5), *ENDING])
    run = Run("run-a", "train", acme.id, now - 1_230, "running", 124, 400, 2.9)
    garden.runs.put(run, training(124, 400))
    garden.runs.subjects = {"run-6": "v6", "run-a": "v8"}
    garden.index.found = hits()
    garden.index.known = files()
    garden.index.drawn, garden.index.measured = drawn(), measured()
    garden.index.healths = {
        acme.id: Health(432_000_000, 0),
        "id-billing-core": Health(61_300_000, 3),
        "id-infra-tools": Health(9_870_000, 0, "its index is not there", "index"),
        "id-legacy-cobol": Health(12_300, 0),
    }
    garden.models.listed = four_offers()
    garden.code.around["Sessions.refresh_token"] = around()
    garden.code.texts["src/api/tokens.py"] = CALLER
    garden.code.texts["src/auth/session.py"] = CODE
    citations = (
        Citation(1, "src/auth/session.py", 118, 125, "Sessions.refresh_token"),
        Citation(3, "web/api/session.ts", 12, 15, ""),
    )
    garden.chats.script = [
        hits(),
        *(Token(f"{word} ") for word in ANSWER.split(" ")),
        Answered(ANSWER, True, citations, "quotes", "quotes", "", 0, 0.02, 0.41),
    ]
    garden.chats.completed = Completed(
        "\n        return self.store.revoke_all(family)", "v7", 11, 0.84
    )
    return garden
