"""The command that runs everything once."""

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import text_of
from gardener_core.cli.session import Session, json_option
from gardener_core.events.answer import Answered, Completed
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted
from gardener_core.events.train import StepDone
from gardener_core.events.union import Event
from gardener_core.garden.demo import walk

STEPS_BETWEEN_LINES = 50


@click.command(epilog="Example: gardener demo --json")
@click.option("--grow-steps", type=int, help="Steps that grow the base model.")
@click.option("--steps", type=int, help="Steps that train the adapter.")
@json_option
@click.pass_obj
def demo(session: Session, grow_steps: int | None, steps: int | None, out: Output) -> None:
    """Run everything once on a part of our own source, from the index to exported files.

    Everything is real and stays on this machine; it takes about four minutes on two cores. The
    project is kept under the name demo.
    """
    for event in walk.demo(session.garden, session.places, grow_steps=grow_steps, steps=steps):
        if out.as_json:
            out.event(event)
        else:
            _show(event, out)


def _show(event: Event, out: Output) -> None:
    match event:
        case Noted(text=text):
            out.say(f"\n{text}" if text[:1].isdigit() else f"  {text}")
        case Retrieved(hits=hits, seconds=seconds):
            out.say(f"  {len(hits)} hits in {seconds * 1000:.1f} ms")
            for hit in hits[:3]:
                out.say(f"  {hit.rank} {hit.score:.2f} {hit.path}:{hit.start_line} {hit.symbol}")
        case Answered(text=text, citations=citations):
            out.say(f"{text.rstrip()}\n  {len(citations)} places, each checked")
        case Completed(text=text, adapter=adapter, tokens=tokens, seconds=seconds):
            who = f"adapter {adapter}" if adapter else "base alone"
            out.say(f"  {who}, {tokens} tokens in {seconds:.2f} s\n{walk.PREFIX}{text}\n")
        case StepDone(kind=kind, step=step, steps=of, loss=loss):
            if step % STEPS_BETWEEN_LINES == 0 or step == of:
                out.say(f"  {kind} {step}/{of}  loss {loss:.3f}")
        case _:
            text = text_of(event)
            if text:
                out.say("  " + text.replace("\n", "\n  "))
