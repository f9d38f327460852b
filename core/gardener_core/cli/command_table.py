"""Every command, by its name."""

import gc
from typing import TYPE_CHECKING

import click

from gardener_core.system.lazy import load
from gardener_core.system.places import Places

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

# The module under `cli.commands` that holds it, and its first sentence: a module is loaded when
# its command is run, and the list of all is shown without loading any.
COMMANDS = {
    "add": ("projects", "Add a project and start to index it."),
    "projects": ("projects", "List the projects."),
    "rename": ("projects", "Give a project another name."),
    "remove": (
        "projects",
        "Move a project's index and adapters to the trash for a week; its code is not touched.",
    ),
    "restore": ("projects", "Bring back a removed project, by name or id, or a dropped run."),
    "repair": (
        "maintenance",
        "Check every part of a project and repair it; without a name, of all, and what is lost.",
    ),
    "index": ("index", "Bring a project's index up to date."),
    "search": ("index", "Find code by words and by meaning."),
    "map": ("map", "Show what matters most in a project: files and symbols by who refers to them."),
    "ask": (
        "answers",
        "Answer a question with a card of what the index knows, each line with its place.",
    ),
    "chats": ("chats", "List the conversations that are kept, of one project or of all."),
    "switches": (
        "switches",
        "Show what the last switches from project to project took, and what was loaded.",
    ),
    "complete": ("answers", "Continue code with the base model and the project's adapter."),
    "train": ("runs", "Train an adapter on a project, and measure it on held-out files."),
    "score": (
        "evaluation.cards",
        "Measure an adapter against its base on held-out files, and let the gate decide.",
    ),
    "card": (
        "evaluation.cards",
        "Show what was measured of an adapter, and the items of a figure.",
    ),
    "learned": (
        "evaluation.cards",
        "Show what an adapter learned: files, names, imports and idioms that became cheap.",
    ),
    "vote": (
        "evaluation.votes",
        "Say which of two answers is better, without knowing whose they are.",
    ),
    "votes": (
        "evaluation.votes",
        "Show the tally of blind votes, and each vote with what was shown.",
    ),
    "compare": (
        "evaluation.compare",
        "Put two adapters, or two runs, of a project beside each other.",
    ),
    "data": (
        "data",
        "Show the rows that training would learn from: counts by stage and reason, and the rows.",
    ),
    "runs": ("runs", "List every run, live or past."),
    "follow": ("runs", "Show a run from its beginning to its end."),
    "pause": ("runs", "Pause a run as soon as nothing is lost by it."),
    "resume": ("runs", "Resume a paused run, or start a dead one again where it stopped."),
    "stop": ("runs", "Ask a run to end; what it has done is kept."),
    "checkpoint": ("runs", "Ask a run to write a checkpoint now."),
    "adapters": ("adapters", "List a project's adapters."),
    "use": ("adapters", "Choose the adapter that answers, or the deployed model."),
    "rollback": ("adapters", "Let the version answer again that did before the active one."),
    "export": ("adapters", "Write an adapter into files that other programs load."),
    "formats": (
        "versions.formats",
        "Show what an export takes in each format, and what it loses.",
    ),
    "import": (
        "versions.bundles",
        "Take in a bundle that was exported on another machine.",
    ),
    "deploy": (
        "versions.deploying",
        "Give an adapter to the Ollama server as a model that other programs run.",
    ),
    "undeploy": (
        "versions.deploying",
        "Delete deployed models from the Ollama server: one version's, or all of a project.",
    ),
    "models": ("models", "List the base models and the embedders on this machine."),
    "config": ("config", "Show, explain or change settings; comments in the file stay."),
    "demo": (
        "demo",
        "Run everything once on a part of our own source, from the index to exported files.",
    ),
    "doctor": ("maintenance", "Say what works on this machine, what is missing, and what to type."),
    "audit": ("maintenance", "Show what was done here; verify recomputes the chain of entries."),
    "bench": (
        "bench",
        "Measure the screen's start, a project's reading, searching and answers, or a base.",
    ),
}

# The functions whose names Python has already.
_FUNCTIONS = {"map": "map_", "import": "import_"}


def open_garden(places: Places) -> "Garden":
    """Open the front door, for a command that needs it: the list of commands does not."""
    garden: Garden = load("gardener_core.garden.door").open_garden(places)
    gc.freeze()
    return garden


class CommandGroup(click.Group):
    """The commands, each loaded by the first that needs it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = load(f"gardener_core.cli.commands.{COMMANDS[cmd_name][0]}")
        name = _FUNCTIONS.get(cmd_name, cmd_name)
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of all."""
        with formatter.section("CommandGroup"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])
