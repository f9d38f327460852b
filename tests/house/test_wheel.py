"""The wheel installs three packages and two commands, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_wheel_holds_the_three_packages_and_works(tmp_path: Path) -> None:
    built = tmp_path / "built"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    quiet = {"capture_output": True, "check": True}
    wheel_options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(built)]
    subprocess.run([*pip, "wheel", *wheel_options, str(ROOT)], **quiet)
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {
        "gardener_core",
        "gardener_tui",
        "gardener_themes",
    }
    assert "gardener_themes/night.toml" in names
    assert "gardener_core/py.typed" in names
    assert "gardener_core/models/catalogue/models.toml" in names
    assert "gardener_core/search/embedders/data/static-1.npz" in names
    assert "gardener_core/search/embedders/data/static-1.json" in names
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], **quiet)
    run = "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    run += "import gardener_core; from gardener_core.cli.main import main; "
    run += "print(gardener_core.__file__); main()"
    answer = subprocess.run(
        [sys.executable, "-c", run, str(site), "--version"], capture_output=True, text=True
    )
    assert answer.returncode == 0
    assert answer.stdout.startswith(str(site))
