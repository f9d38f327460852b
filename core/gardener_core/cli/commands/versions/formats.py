"""Show what each format of an export takes and loses."""

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.garden.exports import FormatOffer
from gardener_core.system.numbers import size

_COLUMNS = ("FORMAT", "NUMBERS", "SIZE", "MEMORY", "TOKENS/S", "BITS PER BYTE LOST", "")


@click.command(epilog="Example: gardener formats acme-web --measure")
@click.argument("name")
@click.option("--adapter", "version", help="A version; else the active one, else the newest.")
@click.option("--measure", is_flag=True, help="Write and measure each that was not measured.")
@json_option
@click.pass_obj
def formats(session: Session, name: str, version: str | None, measure: bool, out: Output) -> None:
    """Show what an export takes in each format, and what it loses.

    Size and memory (with 2,048 tokens of context) are computed; the tokens a second that were
    written here and what is lost on held-out files were measured, by an export or by --measure.
    """
    garden = session.garden
    project = garden.projects.find(name)
    chosen = garden.adapters.chosen(project, version).version
    if measure:
        show_run(garden, garden.exports.measure(project, chosen).id, out)
    offers = garden.exports.formats(project, chosen)
    if out.as_json:
        out.fields({"version": chosen, "formats": offers})
    else:
        out.table(_COLUMNS, [_row(one) for one in offers])


def _row(offer: FormatOffer) -> tuple[str, ...]:
    found = offer.fidelity
    start = (offer.format, offer.quant or "-", size(offer.bytes))
    if found is None:
        return (*start, size(offer.memory_bytes) if offer.memory_bytes else "-", "-", "-", "")
    lost = f"{found.bits_lost:+.2%} ({found.bits_low:+.2%} to {found.bits_high:+.2%})"
    speed = f"{found.tokens_a_second:.0f}" if found.tokens_a_second else "-"
    verdict = "" if found.passes else "refused"
    return (*start, size(offer.memory_bytes), speed, lost, verdict)
