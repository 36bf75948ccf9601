"""The scripts of the GitHub action, in an environment with nothing in it but what a runner gives them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "ci" / "github.sh"
pytestmark = pytest.mark.skipif(
    os.name == "nt" or shutil.which("bash") is None or shutil.which("git") is None, reason="needs bash and git"
)

FAKE_LLMLINT = """\
#!/bin/sh
echo "$@" >> "$CALLS"
while [ $# -gt 0 ]; do
    [ "$1" = --output ] && output=$2
    shift
done
if [ -n "${output:-}" ]; then printf '%s\\n' "<!-- llmlint diff -->" "## llmlint: $HEADLINE" > "$output"; fi
exit "$CODE"
"""
FAKE_GH = """\
#!/bin/sh
echo "gh $@" >> "$CALLS"
for word; do
    case $word in
    body=@*) cat "${word#body=@}" > "$POSTED" ;;
    sarif=@*) base64 -d < "${word#sarif=@}" | gunzip > "$POSTED" ;;
    esac
done
case "$*" in *--paginate*) echo "mark: $MARK" >> "$CALLS"; printf '%s' "$FOUND" ;; esac
exit "$GH_CODE"
"""


class Run(NamedTuple):
    code: int
    log: str
    calls: list[str]
    posted: str
    outputs: str


class Runner:
    """A checkout, programs that note how they are called, and variables as action.yml sets them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = folder / "checkout"
        self.bin = folder / "bin"
        for each in (self.checkout, self.bin):
            each.mkdir()
        self.program("gh", FAKE_GH)
        self.program("llmlint", FAKE_LLMLINT)

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        done = subprocess.run(command, cwd=self.checkout, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def run(self, **variables: str) -> Run:
        calls, posted, outputs = (self.folder / name for name in ("calls", "posted", "outputs"))
        for file in (calls, posted, outputs):
            file.write_text("")
        environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.folder), "CALLS": str(calls),
            "POSTED": str(posted), "CODE": "0", "GH_CODE": "0", "FOUND": "", "HEADLINE": "1 new finding",
            "GITHUB_OUTPUT": str(outputs), "GITHUB_REPOSITORY": "acme/app", "GITHUB_SHA": "c0ffee",
            "GITHUB_REF": "refs/heads/main", "LLMLINT": str(self.bin / "llmlint"), "LLMLINT_MODE": "check",
            "LLMLINT_FAIL_ON": "warning", "LLMLINT_FORMAT": "github", "LLMLINT_COMMENT": "true",
            "LLMLINT_COMMENT_AUTHOR": "github-actions[bot]", "LLMLINT_UPLOAD_SARIF": "false",
            "LLMLINT_MAX_INCREASE": "", "LLMLINT_BASE": "", "LLMLINT_BASE_SHA": "", "LLMLINT_PULL_REQUEST": "",
            **variables,
        }  # fmt: skip
        done = subprocess.run(
            ["bash", str(SCRIPT)], cwd=self.checkout, env=environment, capture_output=True, text=True, check=False
        )
        lines = calls.read_text().splitlines()
        return Run(done.returncode, done.stdout + done.stderr, lines, posted.read_text(), outputs.read_text())


PULL_REQUEST = {"LLMLINT_MODE": "diff", "LLMLINT_BASE_SHA": "ba5e", "LLMLINT_PULL_REQUEST": "7"}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.mark.parametrize("code", ["0", "1", "2"])
def test_a_check_ends_as_llmlint_does(runner: Runner, code: str):
    run = runner.run(CODE=code)
    assert (run.code, run.calls, run.outputs) == (
        int(code), ["check --format github --fail-on warning"], f"exit-code={code}\n"
    )  # fmt: skip


def test_findings_are_sent_to_code_scanning(runner: Runner):
    run = runner.run(CODE="1", LLMLINT_UPLOAD_SARIF="true")
    assert run.code == 1
    post = "gh api --silent --method POST repos/acme/app/code-scanning/sarifs"
    assert run.calls[2].startswith(f"{post} -f commit_sha=c0ffee -f ref=refs/heads/main -F sarif=@")
    assert "## llmlint" in run.posted
    assert "::warning" not in run.log


def test_a_failed_upload_is_a_warning(runner: Runner):
    run = runner.run(LLMLINT_UPLOAD_SARIF="true", GH_CODE="1")
    assert run.code == 0
    assert "::warning title=llmlint::The findings could not be sent" in run.log


def test_a_pull_request_gets_a_comment(runner: Runner):
    run = runner.run(**PULL_REQUEST, CODE="1", LLMLINT_MAX_INCREASE="10%")
    assert run.code == 1
    limits = "--fail-on-new --fail-on warning --max-increase=10%"
    assert run.calls[0] == f"diff --merge-base ba5e HEAD --format github {limits}"
    assert "select(.user.login == env.LLMLINT_COMMENT_AUTHOR" in run.calls[2]
    assert run.calls[3] == "mark: <!-- llmlint diff -->"
    assert run.calls[4].startswith("gh api --silent --method POST repos/acme/app/issues/7/comments -F body=@")
    assert run.posted.startswith("<!-- llmlint diff -->\n## llmlint: 1 new finding")


def test_the_comment_is_replaced(runner: Runner):
    run = runner.run(**PULL_REQUEST, FOUND="41\n42\n", HEADLINE="no call to a model changes")
    assert run.calls[-1].startswith("gh api --silent --method PATCH repos/acme/app/issues/comments/41 -F body=@")


def test_nothing_is_said_where_nothing_changes(runner: Runner):
    run = runner.run(**PULL_REQUEST, HEADLINE="no call to a model changes")
    assert (run.code, run.posted) == (0, "")


def test_a_comment_that_can_not_be_written_is_a_warning(runner: Runner):
    run = runner.run(**PULL_REQUEST, GH_CODE="1")
    assert run.code == 0
    assert "::warning title=llmlint::The comment could not be written" in run.log


def test_no_comment_where_none_is_wanted_or_llmlint_failed(runner: Runner):
    assert len(runner.run(**PULL_REQUEST, LLMLINT_COMMENT="false").calls) == 1
    failed = runner.run(**PULL_REQUEST, CODE="2")
    assert (failed.code, len(failed.calls)) == (2, 1)


def test_outside_of_pull_requests_there_is_nothing_to_compare(runner: Runner):
    run = runner.run(LLMLINT_MODE="diff")
    assert (run.code, run.calls) == (0, [])
    assert "nothing to compare" in run.log
    assert runner.run(LLMLINT_MODE="diff", LLMLINT_BASE="v1").calls[0].startswith("diff v1 HEAD ")


@pytest.mark.parametrize("wrong", [{"LLMLINT_MODE": "lint"}, {"LLMLINT_FORMAT": "$(touch x)"}])
def test_wrong_inputs_are_named(runner: Runner, wrong: dict[str, str]):
    run = runner.run(**wrong)
    assert run.code == 2
    assert "::error title=llmlint::There is no" in run.log
    assert not (runner.checkout / "x").exists()


def test_the_merge_commit_of_a_pull_request_with_the_real_program(runner: Runner):
    real = f'#!/bin/sh\necho "$@" >> "$CALLS"\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m llmlint "$@"\n'
    runner.program("llmlint", real)
    call = 'from openai import OpenAI\n\nOpenAI().responses.create(model="gpt-5.5", input="Hi"{})\n'
    runner.git("init", "--quiet", "--initial-branch=main")
    (runner.checkout / "app.py").write_text(call.format(", max_output_tokens=9"))
    runner.git("add", ".")
    runner.git("commit", "--quiet", "--message", "one")
    runner.git("switch", "--quiet", "--create", "change")
    (runner.checkout / "app.py").write_text(call.format(""))
    runner.git("commit", "--quiet", "--all", "--message", "two")
    runner.git("switch", "--quiet", "--detach", "main")
    runner.git("merge", "--quiet", "--no-ff", "--message", "merge", "change")
    variables = {**PULL_REQUEST, "GITHUB_REF": "refs/pull/7/merge", "GITHUB_WORKSPACE": str(runner.checkout)}
    run = runner.run(**variables)
    assert run.calls[0].startswith("diff HEAD^1 HEAD ")
    assert run.code == 1
    assert "::warning file=app.py,line=3,endLine=3,col=1,title=LLM002 missing-output-cap::" in run.log
    assert "| warning | LLM002 missing" in run.posted
    assert json.dumps(run.posted).startswith('"<!-- llmlint diff -->')


def test_an_old_python_is_told(tmp_path: Path):
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "LLMLINT_PYTHON": str(old)}
    command = ["bash", str(ROOT / "ci" / "install.sh"), str(tmp_path / "env")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is no Python 3.10 or newer" in done.stdout
