"""What the key that exports does."""

from functools import partial
from pathlib import Path

from gardener_core.garden.exports import FormatOffer
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_tui import toasts
from gardener_tui.panes.background import call
from gardener_tui.screens.sheets.line import LineSheet
from gardener_tui.screens.versions.export_list import ExportList
from gardener_tui.screens.workbench.host import Host


class ExportActions:
    """Exports the adapter of the selected project, or measures the formats."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def export(self) -> None:
        """Show the formats, and write the one that is chosen."""
        self._host.start("list", self._export)

    async def _export(self) -> None:
        host, project = self._host, self._host.needed_project()
        if project is None:
            return
        adapter = await call(partial(host.garden.adapters.chosen, project))
        offers = await call(partial(host.garden.exports.formats, project, adapter.version))
        sheet = ExportList(project.name, adapter.title, offers)
        wanted = await host.app.push_screen_wait(sheet)
        if wanted is None:
            return
        if wanted.offer is None:
            await call(partial(host.garden.exports.measure, project, adapter.version))
            said = f"The formats of {adapter.title} are being measured."
        elif not await self._write(project, adapter, wanted.offer):
            return
        else:
            said = f"{adapter.title} is being written as {wanted.offer.format}, then measured."
        toasts.show(host.app, said)
        host.reload(project.id)

    async def _write(self, project: Project, adapter: Adapter, offer: FormatOffer) -> bool:
        """Ask where to, and why where it is known to lose too much; whether it was started."""
        host, reason = self._host, ""
        if offer.fidelity is not None and not offer.fidelity.passes:
            why = LineSheet[str](
                f"Why take {offer.quant} all the same?",
                f"It loses {offer.fidelity.bits_lost:.1%} of bits per byte. The reason is kept.",
                "",
                lambda text: text,
                "a reason",
            )
            given = await host.app.push_screen_wait(why)
            if given is None:
                return False
            reason = given
        exports = host.garden.exports
        sheet = LineSheet[Run](
            "Write it where?",
            "A folder; it is made if it is missing.",
            str(exports.folder_of(project)),
            lambda folder: exports.start(
                project, adapter.version, offer.format, Path(folder),
                quant=offer.quant, reason=reason,
            ),
            "a folder",
        )  # fmt: skip
        return await host.app.push_screen_wait(sheet) is not None
