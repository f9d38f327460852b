"""What the keys do with versions."""

import time
from functools import partial
from typing import assert_never

from gardener_core.garden.versions.deployments import DeployedModels
from gardener_core.garden.versions.listing import Version
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.screens.cards.actions import CardActions
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.screens.sheets.line import LineSheet
from gardener_tui.screens.sheets.reason import Reason
from gardener_tui.screens.versions.deployed_list import DeployedList
from gardener_tui.screens.versions.version_list import VersionList, VersionWish
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.undo import Undoable, UndoStack
from gardener_tui.widgets.wording import days

ALONE = "It answers now: then the base answers alone. "
MERGED = (
    "It is merged into its base, measured, uploaded, made and asked; others get it as latest only "
    "after that, and the one before is kept. That takes a minute or several."
)


class VersionActions:
    """Chooses, names, archives, removes, rolls back and deploys versions."""

    def __init__(self, host: Host, undo: UndoStack, cards: CardActions) -> None:
        self._host = host
        self._undo = undo
        self._cards = cards

    def choose(self) -> None:
        """Show the versions of the selected project, and do what is wanted with one."""
        self._host.start("list", self._choose)

    async def _choose(self) -> None:
        host, project, at = self._host, self._host.needed_project(), ""
        if project is None:
            return
        while True:
            versions = await call(partial(host.garden.versions.all, project))
            wanted = await host.app.push_screen_wait(VersionList(project, versions, at))
            if wanted is None or not await self._do(project, wanted):
                return
            at = wanted.version.adapter.version
            host.reload(project.id)

    async def _do(self, project: Project, wanted: VersionWish) -> bool:
        """Do it; whether the list is shown again afterwards."""
        adapter = wanted.version.adapter
        match wanted.act:
            case "use":
                if not wanted.version.active:
                    await self._cards.use(project, adapter.version)
                return False
            case "name" | "note":
                await self._write(adapter, wanted.act)
                return True
            case "archive":
                await self._archive(project, wanted.version)
                return True
            case "remove":
                await self._remove(project, wanted.version)
                return True
            case "deploy":
                await self._deploy(project, adapter)
                return False
            case _ as never:
                assert_never(never)

    async def _write(self, adapter: Adapter, what: str) -> None:
        versions = self._host.garden.versions
        is_name = what == "name"
        title = "Name the version" if is_name else "A note beside the version"
        note = "It is found by it too; - takes it away." if is_name else "- takes it away."
        change = versions.rename if is_name else versions.note
        sheet = LineSheet[Adapter](
            title,
            f"{adapter.version}: {note}",
            adapter.name if is_name else adapter.note,
            lambda text: change(adapter, "" if text == "-" else text),
        )
        await self._host.app.push_screen_wait(sheet)

    async def _archive(self, project: Project, version: Version) -> None:
        host, adapter = self._host, version.adapter
        versions = host.garden.versions
        if adapter.state == "archived":
            await call(partial(versions.unarchive, adapter))
            toasts.show(host.app, f"{adapter.version} is back from the archive.")
            return
        sheet = Confirm(
            f"Archive {adapter.version} of {project.name}?",
            f"{ALONE if version.active else ''}Its files stay; it neither answers nor is measured "
            "until it is brought back.",
            "Keep it",
            "Archive",
        )
        if await host.app.push_screen_wait(sheet):
            await call(partial(versions.archive, project, adapter, though_active=True))
            toasts.show(host.app, f"{adapter.version} is archived.")

    async def _remove(self, project: Project, version: Version) -> None:
        host, adapter = self._host, version.adapter
        versions = host.garden.versions
        sheet = Confirm(
            f"Remove {adapter.version} of {project.name}?",
            f"{ALONE if version.active else ''}It goes to the trash for seven days.",
            "Keep it",
            "Remove",
        )
        if not await host.app.push_screen_wait(sheet):
            return
        removed = await call(partial(versions.remove, project, adapter, though_active=True))

        def undo() -> str:
            versions.restore(project, removed.version)
            return project.id

        message = f"{removed.version} is in the trash for {days(removed.until - time.time())}."
        self._undo.add(message, Undoable(f"{removed.version} is back.", undo))

    def roll_back(self) -> None:
        """Let the version answer again that did before the active one."""
        self._host.start("list", self._roll_back)

    async def _roll_back(self) -> None:
        host, project = self._host, self._host.needed_project()
        if project is None:
            return
        back = await call(partial(host.garden.versions.roll_back, project))
        now = f"Adapter {back.version}" if back.version else "The base alone"
        left = back.left or "the base alone"
        beside = f" Beside its answers: {back.caveat}." if back.caveat else ""
        toasts.show(host.app, f"{now} answers for {project.name} again, not {left}.{beside}")
        host.reload(project.id)

    def deploy(self) -> None:
        """Show what Ollama has of the selected project; deploy, roll back or take it away."""
        self._host.start("list", self._show_deployed)

    async def _show_deployed(self) -> None:
        host, project = self._host, self._host.needed_project()
        if project is None:
            return
        adapter = await call(partial(host.garden.adapters.chosen, project))
        found = await call(partial(host.garden.deployments.all, project))
        sheet = DeployedList(project, adapter.title, found)
        act = await host.app.push_screen_wait(sheet)
        match act:
            case None:
                return
            case "deploy":
                await self._deploy(project, adapter)
            case "roll back":
                back = await call(partial(host.garden.deployments.roll_back, project))
                toasts.show(host.app, f"{back.name}:latest is {back.version} again on Ollama.")
            case "undeploy":
                await self._undeploy(project, found)
            case _ as never:
                assert_never(never)

    async def _deploy(self, project: Project, adapter: Adapter) -> None:
        host = self._host
        sheet = Confirm(f"Deploy {adapter.title} to Ollama?", MERGED, "Not now", "Deploy")
        if not await host.app.push_screen_wait(sheet):
            return
        reason = ""
        if adapter.state != "passed":
            given = await host.app.push_screen_wait(Reason(adapter))
            if given is None:
                return
            reason = given
        await call(partial(host.garden.deployments.start, project, adapter, reason=reason))
        key = keymap.of(host.app).key("pane.training").shown
        toasts.show(host.app, f"{adapter.version} is being deployed; {key} shows how far it is.")
        host.reload(project.id)

    async def _undeploy(self, project: Project, found: DeployedModels) -> None:
        host = self._host
        names = ", ".join(one.deployment.model for one in found.models)
        sheet = Confirm(
            f"Take {project.name} off Ollama?",
            f"It deletes {names or 'nothing'}, for good and for other programs too.",
            "Keep them",
            "Delete",
        )
        if await host.app.push_screen_wait(sheet):
            gone = await call(partial(host.garden.deployments.undeploy, project))
            toasts.show(host.app, f"Ollama deleted {', '.join(gone) or 'nothing'}.")
