"""The training pane: starting, following and drawing runs."""

from dataclasses import replace

from support.scripted_garden import ScriptedGarden, ScriptedRuns, a_project
from support.waiting import screen, see, until

from gardener_core.errors import ModelMissing
from gardener_core.events.index import FilesRead, Indexed
from gardener_core.events.run import Died, Failed, Finished, Heard, PhaseAdvanced, Queued, Started
from gardener_core.events.train import Checkpointed, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.outlook import Expected
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.training.forecasts.fitting import TrainingFit
from gardener_core.upkeep.machine import MachineReading
from gardener_tui.app import GardenerApp
from gardener_tui.panes.training.pane import TrainingPane
from gardener_tui.screens.sheets.confirm import Confirm


def steps(kind: str, first: int, last: int, total: int) -> list[Event]:
    return [StepDone("r", kind, n, total, 4.0 - n / total) for n in range(first, last + 1)]


def live(garden: ScriptedGarden, *events: Event, kind: str = "train") -> Run:
    return garden.runs.put(Run("r", kind, "id-acme", 1.0, "running"), list(events))


async def test_t_trains_and_the_curve_grows() -> None:
    garden = ScriptedGarden(a_project())
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "No run yet.")
        await pilot.press("t")
        await see(pilot, "Train an adapter on acme", "base    seedling", "150, 307 200 tokens")
        await see(pilot, "10 to learn from, 2 held out", "takes   not measured here yet")
        assert ("train", "id-acme") not in garden.record.calls
        await pilot.press("enter")
        await see(pilot, "starting", "waiting for the first step")
        garden.runs.tell("run-1", Queued(2))
        await see(pilot, "◌ queued", "behind 2 runs")
        garden.runs.tell("run-1", Started(), *steps("train", 1, 40, 100))
        text = await see(pilot, "● training", "step 40/100", "loss 3.6000", "40%")
        assert any(0x2800 < ord(letter) < 0x2900 for letter in text), "no curve"
    assert ("train", "id-acme") in garden.record.calls


async def test_the_plan_tells_how_long_it_took_before_and_escape_trains_nothing() -> None:
    garden = ScriptedGarden(a_project())
    parts = (("scoring before", 12.0), ("training", 190.0), ("scoring after", 13.0))
    expected = tuple(Expected(phase, seconds) for phase, seconds in parts)
    garden.runs.expected = replace(
        garden.runs.expected, expected=expected, measured="r-7", grow_steps=260, ahead=1
    )
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("t")
        await see(pilot, "about 3:35, and the growing", "grown first in 260 steps")
        await see(pilot, "scoring 12 s, training 3:10, scoring 13 s", "in run r-7")
        await see(pilot, "1 run before it")
        await pilot.press("escape")
        await until(pilot, lambda: "Train an adapter on" not in screen(pilot))
    assert ("train", "id-acme") not in garden.record.calls


async def test_the_dial_and_the_base_are_chosen_on_the_plan() -> None:
    garden = ScriptedGarden(a_project())
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("t")
        await see(pilot, "dial    as set in config.toml", "steps   150")
        await pilot.press("right", "right")
        await see(pilot, "shrub: the project's own calls", "steps   250")
        await pilot.press("left", "enter")
        await until(pilot, lambda: ("train with", "None sprout") in garden.record.calls)


async def test_the_plan_says_what_it_changes_to_fit_into_memory() -> None:
    garden = ScriptedGarden(a_project())
    fitting = TrainingFit("small", 256, 900_000_000, 10**9, ("smaller base", "shorter rows"))
    garden.runs.expected = replace(garden.runs.expected, fitting=fitting)
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("t")
        await see(
            pilot, "memory  about 0.9 GB", "to fit  it takes the smaller base small, rows of 256"
        )


async def test_held_out_bits_are_shown_before_and_after() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), Scored("before", "bits_per_byte", 2.9144, 43), *steps("train", 1, 9, 9))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "held out, bits per byte 2.914   n 43")
        garden.runs.tell("r", Scored("after", "bits_per_byte", 2.5011, 43), Finished(72.0))
        await see(pilot, "2.914 → 2.501 (-14.2%)", "✔ finished", "in 1:12")


async def test_a_base_that_grows_first_has_its_own_curve() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), *steps("grow", 1, 60, 60))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "● growing", "step 60/60")
        garden.runs.tell("r", *steps("train", 1, 2, 10))
        await see(pilot, "● training", "step 2/10", "20%")


async def test_the_eta_comes_from_the_runs_own_clock_however_late_one_comes() -> None:
    garden = ScriptedGarden(a_project())
    scoring = [PhaseAdvanced("scoring before", done, 400, "tokens") for done in (0, 200, 400)]
    training = PhaseAdvanced("training", 0, 100, "steps")
    live(garden, Started(), *scoring, training, *steps("train", 1, 50, 100))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        # Fifty steps of half a second, then the scoring that took a second and a half before.
        await see(pilot, "step 50/100", "ETA 26 s")


async def test_an_eta_that_is_not_known_names_its_part_and_what_comes_then() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), PhaseAdvanced("training", 0, 100, "steps"), *steps("train", 1, 20, 100))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(200, 60)) as pilot:
        await see(pilot, "step 20/100", "training ends in 40 s, then scoring")


async def test_p_pauses_and_p_goes_on() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), *steps("train", 1, 5, 10))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "● training")
        await pilot.press("p")
        await see(pilot, "❚❚ paused")
        await pilot.press("p")
        await see(pilot, "● training", "step 5/10")
    assert [call for call in garden.record.calls if call[0] in ("pause", "resume")] == [
        ("pause", "r"),
        ("resume", "r"),
    ]


async def test_x_asks_says_what_follows_and_stops_only_on_y() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), *steps("train", 1, 12, 40), Checkpointed(10))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await pilot.press("2")
        await see(pilot, "step 12/40")
        await pilot.press("x")
        await see(pilot, "Stop this run?", "step 12 of 40", "checkpoint is at step 10")
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert "stop" not in garden.record.names()
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await see(pilot, "■ stopped", "p resumes from the last checkpoint")
    assert ("stop", "r") in garden.record.calls


async def test_a_run_is_stopped_dropped_and_taken_back() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), *steps("train", 1, 12, 40))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await pilot.press("2")
        await see(pilot, "step 12/40")
        await pilot.press("X")
        await see(pilot, "Drop this run (train acme)?", "It is stopped.", "trash for seven days")
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert "drop" not in garden.record.names()
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await see(pilot, "No run yet.", "u undo")
        await pilot.press("u")
        await see(pilot, "step 12/40", "The run is back.")
    assert [call for call in garden.record.calls if call[0] in ("drop", "restore")] == [
        ("drop", "r"),
        ("restore", "r"),
    ]


async def test_without_a_run_nothing_is_dropped() -> None:
    async with GardenerApp(ScriptedGarden(a_project())).run_test(notifications=True) as pilot:
        await pilot.press("2", "X")
        await see(pilot, "There is no run here.")


async def test_c_asks_for_a_checkpoint_and_its_place_is_noted() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), *steps("train", 1, 3, 9))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 3/9")
        await pilot.press("2", "c")
        await until(pilot, lambda: ("checkpoint", "r") in garden.record.calls)
        garden.runs.tell("r", Heard("checkpoint"))
        await see(pilot, "◌ Will write a checkpoint after this step")
        garden.runs.tell("r", Checkpointed(3))
        await see(pilot, "▲ checkpoint", "▲")
        await until(pilot, lambda: "◌ Will write" not in screen(pilot))


async def test_a_failure_tells_what_hint_and_key() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), Failed("model-unfit", "The base is too wide.", "Choose another one."))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        text = await see(pilot, "✖ failed", "The base is too wide.", "Choose another one.")
        assert "p tries again" in text and "waiting for the first step" not in text


async def test_a_death_shows_the_end_of_the_log_and_p_revives() -> None:
    garden = ScriptedGarden(a_project())
    log = "\n".join(["early noise"] * 20 + ["Killed: out of memory"])
    live(garden, Started(), *steps("train", 1, 8, 20), Died(log))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "✖ died", "Killed: out of memory", "p resumes from the last checkpoint")
        await pilot.press("p")
        await see(pilot, "● training", "step 8/20")
    assert ("resume", "r") in garden.record.calls


async def test_a_run_that_is_read_again_stays_as_it_was_until_it_is_read() -> None:
    garden = ScriptedGarden(a_project())
    dead = live(garden, Started(), *steps("train", 1, 8, 20), Died("Killed"))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "✖ died")
        pane = pilot.app.screen.query_one(TrainingPane)
        await until(pilot, lambda: pane.is_painted)
        before = pane.shown
        pane.choose(dead.id)
        assert before is not None and pane.shown is before and not pane.is_painted
        await until(pilot, lambda: pane.shown is not before)
        assert pane.shown is not None and pane.shown.progress.state == "died"


async def test_an_index_run_shows_files_and_ends_with_a_sentence() -> None:
    garden = ScriptedGarden(a_project(state="new"))
    garden.runs.next_script = [Started(), FilesRead(30, 120)]
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "not indexed")
        await pilot.press("I")
        await see(pilot, "● indexing", "files 30/120", "25%")
        garden.runs.tell("run-1", Indexed(120, 5, 1, 900, (), 2.34), Finished(2.5))
        await see(
            pilot, "✔ finished", "Indexed 120 files, 900 chunks in 2.3 s: 5 changed, 1 removed"
        )


async def test_a_run_of_before_is_followed_and_switching_projects_switches_runs() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    live(garden, Started(), *steps("train", 1, 7, 70))
    over = [*steps("train", 1, 5, 5), Finished(9.0)]
    garden.runs.put(Run("s", "train", "id-beta", 2.0, "finished"), over)
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 7/70")
        await pilot.press("j")
        await see(pilot, "✔ finished", "step 5/5")
        await pilot.press("k")
        await see(pilot, "● training", "step 7/70")


async def test_a_refused_run_is_a_toast() -> None:
    class Refusing(ScriptedRuns):
        def train(self, project: Project, **wishes: object) -> Run:
            raise ModelMissing("No base here.", hint="Run: gardener demo")

    garden = ScriptedGarden(a_project())
    garden.runs = Refusing(garden.record)
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("t", "t")
        await see(pilot, "No base here.", "Run: gardener demo")
        await pilot.press("p")
        assert "step" not in screen(pilot)
        await see(pilot, "There is no run here; t starts one.")


async def test_f_shows_the_parts_of_the_run_and_what_the_machine_has_left() -> None:
    garden = ScriptedGarden(a_project())
    live(garden, Started(), PhaseAdvanced("training", 0, 9, "steps"), *steps("train", 1, 3, 9))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await pilot.press("2")
        text = await see(pilot, "step 3/9")
        assert "cores busy" not in text
        await pilot.press("f")
        await see(pilot, "cores busy        5.2 of 8", "memory free       6.0 GiB", "● training")
        garden.machine.reading = MachineReading(8, 5.25, 400_000_000, None)
        text = await see(pilot, "memory free       381 MiB  low")
        assert "disk free" not in text, "what cannot be read is no number"
        await pilot.press("f")
        text = await see(pilot, "nats/token")
        assert "cores busy" not in text
