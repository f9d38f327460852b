"""Three projects with adapters that were really trained on them, in a minute each."""

from pathlib import Path

from gardener_core.events.run import Finished
from gardener_core.events.train import Saved, StepDone
from gardener_core.garden.door import Garden
from gardener_core.models.model import BaseModel
from gardener_core.store.garden.projects import Project
from support.switched import NAMES, Place, prompt_of

# Much, so that a few steps on a few lines tell adapters apart.
LEARNING_RATE, STEPS = "0.003", 4
FILES = 6


def three_trained(garden: Garden, base: BaseModel, folder: Path) -> list[Place]:
    """Indexed projects, each with an adapter v1 that learned its words."""
    garden.settings.set("training.learning_rate", LEARNING_RATE)
    garden.settings.set("training.threads", "1")
    places = []
    for name in NAMES:
        root = lay_out(folder / name, name)
        project = garden.projects.add(root, name)
        follow(garden, garden.runs.index(project).id)
        run = garden.runs.train(project, base=base.name, steps=STEPS, rows_a_step=1, measured=False)
        events = follow(garden, run.id)
        assert any(isinstance(event, Saved) for event in events), events[-3:]
        places.append(Place(project.id, root, f"{name}_token", prompt_of(name)))
    return places


def start_beside(garden: Garden, project: Project, base: BaseModel) -> str:
    """Begin a training of many steps, to be stopped, and wait for its first one; its id."""
    run = garden.runs.train(project, base=base.name, steps=2000, rows_a_step=1, measured=False)
    for batch in garden.runs.follow(run.id):
        if any(isinstance(event, StepDone) for event in batch):
            break
    return run.id


def follow(garden: Garden, run: str) -> list[object]:
    """All events of a run, which has to come to its end."""
    events: list[object] = [event for batch in garden.runs.follow(run) for event in batch]
    assert isinstance(events[-1], Finished), events[-1]
    return events


def lay_out(root: Path, name: str) -> Path:
    """A package of one project's words; the file with its token is the one that is found."""
    root.mkdir(parents=True)
    (root / f"{name}.py").write_text(f"def {name}_token(limit):\n    return limit\n")
    for number in range(FILES):
        lines = [f'"""What the {name} keeps in part {number}."""', ""]
        for step in range(5):
            lines += [
                f"def {name}_step_{number}_{step}({name}_path, {name}_limit):",
                f'    """The {name} takes {step} from {name}_path up to its own limit."""',
                f"    {name}_left = {name}_limit - {step + number}",
                f"    return {name}_path[{name}_left:]",
                "",
            ]
        (root / f"{name}_part_{number}.py").write_text("\n".join(lines) + "\n")
    return root
