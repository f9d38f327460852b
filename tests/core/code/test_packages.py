"""Packages of a project are read for names, within limits, and never followed out of it."""

from pathlib import Path

from gardener_core.code.packages import names_of_packages


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_declared_and_installed_names_are_known(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[project]\ndependencies = ["left-pad>=1", "httpx[http2]"]\n')
    write(tmp_path, "requirements-dev.txt", "# tools\npytest==8\n")
    write(tmp_path, "package.json", '{"dependencies": {"@scope/kit": "^1.2.0"}}')
    site = ".venv/lib/python3.12/site-packages"
    write(
        tmp_path,
        f"{site}/left_pad/core.py",
        "class Padder:\n    def pad_it(self): ...\nWIDTH = 3\n",
    )
    write(
        tmp_path,
        "node_modules/kit/index.d.ts",
        "export interface KitOptions {\n  depth?: number\n}",
    )
    write(tmp_path, "node_modules/kit/main.js", "exports.openKit = function () {}\n")
    names = names_of_packages(tmp_path)
    for name in ("left_pad", "left-pad", "httpx", "pytest", "kit", "Padder", "pad_it", "WIDTH"):
        assert name in names, name
    assert "KitOptions" in names and "openKit" in names and "depth" in names
    assert "tools" not in names and names.is_whole


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, "secret/core.py", "def far_away(): ...\n")
    root = tmp_path / "code"
    (root / "node_modules").mkdir(parents=True)
    (root / "node_modules" / "pack").symlink_to(outside / "secret")
    (root / ".venv").symlink_to(outside)
    (root / "requirements.txt").symlink_to(outside / "secret" / "core.py")
    assert "far_away" not in names_of_packages(root) and "def" not in names_of_packages(root)
