"""The script that makes the virtual environment on a machine that has little."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "make-venv"
pytestmark = pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="needs bash")


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('bash')}\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a PATH that has a Python without ensurepip, apt, and a user who is not root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program(folder, "python3", f'[ "$2" = "import ensurepip, venv" ] && exit 1; exec {sys.executable} "$@"')
    program(folder, "apt-get", f'echo "$*" >> {tmp_path}/apt.log; exit 100')
    program(folder, "apt-cache", "exit 1")
    program(folder, "id", "echo 1000")
    program(folder, "sudo", "exit 1")
    program(folder, "env", '[ "${1#*=}" != "$1" ] && shift; exec "$@"')
    return folder


def make(machine: Path) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    assert bash is not None
    words = [bash, str(SCRIPT), str(machine.parent / "venv")]
    return subprocess.run(words, capture_output=True, text=True, env={"PATH": str(machine)})


def test_without_root_the_exact_command_is_printed(machine: Path) -> None:
    ran = make(machine)
    assert ran.returncode == 1
    assert "    sudo apt-get update && sudo apt-get install --yes python3-venv\n" in ran.stderr
    assert not (machine.parent / "apt.log").exists()


def test_root_installs_it(machine: Path) -> None:
    program(machine, "id", "echo 0")
    assert make(machine).returncode != 0
    assert (machine.parent / "apt.log").read_text() == "update -qq\n"


def test_without_apt_the_package_manager_is_named(machine: Path) -> None:
    (machine / "apt-get").unlink()
    assert "your system's package manager" in make(machine).stderr


def test_an_old_python_is_refused(machine: Path) -> None:
    program(machine, "python3", "exit 1")
    assert "Python 3.11 or later is needed" in make(machine).stderr


def test_an_environment_that_works_is_kept(machine: Path) -> None:
    (machine.parent / "venv" / "bin").mkdir(parents=True)
    program(machine.parent / "venv" / "bin", "python", "exit 0")
    assert make(machine).returncode == 0
