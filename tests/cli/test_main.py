from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from llmlint import __version__
from llmlint.cli import main as module
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"libcst", "pydantic", "rich", "yaml", "msgspec"}


def process(*arguments: str, **options) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "llmlint", *arguments],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
        **options,
    )


def test_without_arguments_it_prints_help(llmlint):
    result = llmlint()
    assert (result.code, result.err) == (0, "")
    assert all(name in result.out for name in COMMANDS)


def test_version(llmlint):
    assert llmlint("--version").out == f"llmlint {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(llmlint, name: str):
    result = llmlint(name, "--help")
    assert result.code == 0
    assert "examples:\n  llmlint " in result.out


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"], ["facts", "--help"]])
def test_help_is_fast_because_nothing_heavy_is_imported(arguments: list[str]):
    code = f"""
import sys
from llmlint.cli.main import main
try:
    main({arguments!r})
except SystemExit:
    pass
print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True, timeout=60)
    loaded = set(eval(done.stderr))
    assert not loaded - {"msgspec"}
    if arguments[0].startswith("--"):
        assert not loaded


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "llmlint: error: argument COMMAND: `chekc` is none of check, audit, "),
        (["chekc"], " (did you mean `check`?)\n`llmlint --help` says what there is.\n"),
        (["--verison"], "llmlint: error: unknown option `--verison` (did you mean `--version`?)\n"),
        (["check", "--formt", "json"], "llmlint check: error: unknown option `--formt` (did you mean `--format`?)\n"),
        (["check", "--formt=json"], "llmlint check: error: unknown option `--formt` (did you mean `--format`?)\n"),
        (["check", "--xyzzy"], "llmlint check: error: unknown option `--xyzzy`\n`llmlint check --help` says what"),
        (["check", "--format", "xml"], "argument --format: `xml` is none of text, json, sarif, github, gitlab\n"),
        (["schema", "rul"], "`rul` is none of rule, provider, config, report, diff (did you mean `rule`?)\n"),
        (["cache", "prune", "--limt", "1MB"], "prune: error: unknown option `--limt` (did you mean `--limit`?)"),
        (["explain"], "llmlint explain: error: the following arguments are required: RULE\n"),
        (["explain", "LLM001", "LLM002"], "llmlint explain: error: unknown argument `LLM002`\n"),
        (["check", "-"], "llmlint: standard input can't be checked"),
    ],
)  # fmt: skip
def test_bad_usage(llmlint, project: Path, arguments: list[str], said: str):
    result = llmlint(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 2


def test_interruption_is_one_line(llmlint, monkeypatch):
    def interrupted(_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_run", interrupted)
    result = llmlint("check")
    assert (result.code, result.out, result.err) == (130, "", "llmlint: interrupted\n")


def test_a_mistake_of_llmlint_is_not_taken_for_findings():
    code = "import llmlint.cli.main as m, sys; sys.argv = ['llmlint', 'x']; m._run = lambda a: 1 / 0; m.entry()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == ExitCode.FAILED
    assert b"ZeroDivisionError" in done.stderr
    assert b"mistake in llmlint itself" in done.stderr


def test_module_can_be_run():
    assert process("--version").stdout.startswith(b"llmlint ")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell")
@pytest.mark.parametrize("arguments", ["rules", "check --show undecided", "audit --format json", "--help"])
def test_a_reader_that_stops_reading_is_no_error(project: Path, arguments: str):
    for number in range(40):
        (project / f"src/more{number}.py").write_text((project / "src/app.py").read_text() * 5)
    script = f"set -o pipefail; {sys.executable} -m llmlint {arguments} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert done.stderr == b""
    assert int(done.stdout) in (ExitCode.CLEAN, ExitCode.FINDINGS, ExitCode.PIPE_CLOSED)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell")
def test_closed_streams(project: Path):
    for redirection, code in ((">&-", ExitCode.FINDINGS), ("2>&-", ExitCode.FINDINGS), (">&- 2>&-", ExitCode.FINDINGS)):
        script = f"exec {sys.executable} -m llmlint check {redirection}"
        done = subprocess.run(
            ["bash", "-c", script],
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
            timeout=60,
        )
        assert done.returncode == code, done.stderr
        assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["check", "--format", "json"], ["audit"], ["rules"]])
def test_a_full_disk_is_told(project: Path, arguments: list[str]):
    for number in range(20):
        (project / f"src/more{number}.py").write_text((project / "src/app.py").read_text() * 2)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "llmlint", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
            timeout=60,
        )
    assert done.returncode == ExitCode.FAILED
    assert b"can't be written: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="needs signals")
def test_control_c(project: Path):
    os.mkfifo(project / "config.toml")
    code = (
        "import os, signal, sys, threading; sys.argv = ['llmlint', 'check'];"
        "import llmlint.cli.running as r, llmlint.cli.main as m;"
        "r.run = lambda *a: os.kill(os.getpid(), signal.SIGINT) or __import__('time').sleep(30);"
        "m.entry()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert done.returncode == ExitCode.INTERRUPTED
    assert done.stderr == b"llmlint: interrupted\n"


def test_messages_survive_a_narrow_encoding(project: Path):
    done = process("check", "größe.py", cwd=project)
    assert done.returncode == ExitCode.FAILED
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "llmlint", "check", "größe.py"],
        capture_output=True,
        env=environment,
        check=False,
        timeout=60,
    )
    assert done.returncode == ExitCode.FAILED
    assert b"gr\\xf6\\xdfe.py does not exist" in done.stderr


def test_main_returns_what_the_command_says(project: Path):
    assert main(["rules"]) == 0
