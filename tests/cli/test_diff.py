from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SETTINGS = 'MODEL = "gpt-5.4-mini"\nLIMITS = {"max_completion_tokens": 300}\n'
LLM = """\
from openai import OpenAI

import settings

client = OpenAI()


def complete(messages, **limits):
    return client.chat.completions.create(model=settings.MODEL, messages=messages, **limits)
"""
APP = """\
import llm
import settings


def answer(question):
    return llm.complete([{"role": "user", "content": question}], **settings.LIMITS)


print(answer("Who?"))
"""
FILES = {"settings.py": SETTINGS, "llm.py": LLM, "app.py": APP}


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, env=environment)
    return done.stdout.decode().strip()


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def commit(root: Path, files: dict[str, str]) -> str:
    write(root, files)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "change")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, FILES)
    monkeypatch.chdir(root)
    return root


def diff(llmlint, *arguments: str) -> dict:
    result = llmlint("diff", *arguments, "--format", "json")
    assert (result.code, result.err) == (0, "")
    return json.loads(result.out)


def changes(report: dict) -> dict[str, tuple[list, list]]:
    (changed,) = report["call_sites"]["changed"]
    return {each["name"]: (each["before"]["values"], each["after"]["values"]) for each in changed["changes"]}


def test_a_change_in_another_file_is_found_and_named(llmlint, repository: Path):
    commit(repository, {"settings.py": 'MODEL = "gpt-5.5"\nLIMITS = {}\n'})
    report = diff(llmlint, "HEAD^", "HEAD")
    assert changes(report)["model"] == (["gpt-5.4-mini"], ["gpt-5.5"])
    assert changes(report)["output cap"] == ([300], [])
    (changed,) = report["call_sites"]["changed"]
    assert changed["after"]["path"] == "llm.py"
    assert {step["path"] for step in changed["causes"]} == {"settings.py"}
    (new,) = report["findings"]["new"]
    assert (new["finding"]["rule"], new["finding"]["path"]) == ("missing-output-cap", "llm.py")
    assert new["annotate"]["path"] == "settings.py"
    assert report["findings"]["fixed"] == []


def test_new_findings_are_annotated_on_changed_lines(llmlint, repository: Path):
    commit(repository, {"settings.py": 'MODEL = "gpt-5.5"\nLIMITS = {}\n'})
    result = llmlint("diff", "HEAD^", "--format", "github")
    assert "::warning file=settings.py,line=" in result.out
    assert "This change causes a finding at llm.py" in result.out


def test_the_working_tree_is_compared_and_left_alone(llmlint, repository: Path):
    write(repository, {"more.py": "import llm\n\nllm.complete([])\n", "settings.py": SETTINGS + "# touched\n"})
    before = git(repository, "status", "--porcelain")
    report = diff(llmlint, "HEAD")
    assert report["head"] == {"name": "the working tree", "commit": None}
    assert [step["path"] for step in report["call_sites"]["changed"][0]["callers_added"]] == ["more.py"]
    assert [each["finding"]["path"] for each in report["findings"]["new"]] == ["more.py"]
    assert git(repository, "status", "--porcelain") == before


def test_revisions_are_read_from_objects_only(llmlint, repository: Path):
    """What lies in the folder plays no role when both revisions are named."""
    commit(repository, {"settings.py": SETTINGS.replace("300", "400")})
    write(repository, {"llm.py": "broken(", "extra.py": LLM})
    report = diff(llmlint, "HEAD^", "HEAD")
    assert changes(report) == {"output cap": ([300], [400])}
    assert (report["findings"]["new"], report["call_sites"]["added"]) == ([], [])


def test_no_difference(llmlint, repository: Path):
    commit(repository, {"app.py": "# a comment\n\n" + APP, "notes.md": "words"})
    result = llmlint("diff", "HEAD^", "HEAD")
    assert result.code == 0
    assert "no call to a model changes" in result.out
    assert len(result.out.splitlines()) <= 2


def test_moved_lines_and_renamed_files_are_no_difference(llmlint, repository: Path):
    commit(repository, {"settings.py": 'MODEL = "gpt-5.5"\nLIMITS = {}\n'})
    git(repository, "mv", "app.py", "main.py")
    commit(repository, {"llm.py": "# one\n# more\n" + LLM})
    report = diff(llmlint, "HEAD^", "HEAD")
    assert report["findings"] == {"new": [], "fixed": []}
    assert report["summary"]["unchanged"] + report["summary"]["changed"] == 1
    assert (report["call_sites"]["added"], report["call_sites"]["removed"]) == ([], [])


def test_added_and_removed_calls(llmlint, repository: Path):
    one = 'from openai import OpenAI\n\nOpenAI().responses.create(model="gpt-5.5", input="Hi", max_output_tokens=50)\n'
    commit(repository, {"one.py": one})
    report = diff(llmlint, "HEAD^", "HEAD")
    assert [each["call_site"]["path"] for each in report["call_sites"]["added"]] == ["one.py"]
    report = diff(llmlint, "HEAD", "HEAD^")
    assert [each["call_site"]["path"] for each in report["call_sites"]["removed"]] == ["one.py"]


def test_findings_that_are_mended_silenced_or_gone(llmlint, repository: Path):
    call = 'OpenAI().responses.create(model="gpt-5.5", input="{}")'
    three = ["from openai import OpenAI", "", *(call.format(word) for word in ("one", "two", "three"))]
    commit(repository, {"three.py": "\n".join(three)})
    three[2] = three[2].replace(")", ", max_output_tokens=9)").replace("OpenAI(, max_output_tokens=9)", "OpenAI()")
    three[3] += "  # llmlint: ignore[missing-output-cap] known"
    commit(repository, {"three.py": "\n".join(three[:4])})
    report = diff(llmlint, "HEAD^", "HEAD")
    assert [(each["finding"]["line"], each["how"]) for each in report["findings"]["fixed"]] == [
        (3, "mended"),
        (4, "silenced"),
        (5, "removed"),
    ]
    again = diff(llmlint, "HEAD", "HEAD^")["findings"]
    assert [each["finding"]["line"] for each in again["new"]] == [3, 4, 5]


def test_merge_base(llmlint, repository: Path):
    git(repository, "switch", "--quiet", "--create", "feature")
    commit(repository, {"app.py": APP + "\nanswer('What?')\n"})
    git(repository, "switch", "--quiet", "main")
    commit(repository, {"settings.py": SETTINGS.replace("300", "900")})
    git(repository, "switch", "--quiet", "feature")
    assert changes(diff(llmlint, "main", "feature")) == {"output cap": ([900], [300])}
    report = diff(llmlint, "--merge-base", "main", "feature")
    assert report["call_sites"]["changed"] == [] or "output cap" not in changes(report)


def test_a_folder_of_the_repository_is_reported_on_alone(llmlint, repository: Path, monkeypatch):
    call = 'from openai import OpenAI\n\nOpenAI().responses.create(model="gpt-5.5", input="Hi")\n'
    commit(repository, {"services/a/x.py": call, "services/b/y.py": call})
    monkeypatch.chdir(repository / "services/a")
    report = diff(llmlint, "HEAD^", "HEAD")
    assert [each["finding"]["path"] for each in report["findings"]["new"]] == ["services/a/x.py"]


def test_a_project_below_the_root_of_the_repository(llmlint, repository: Path, monkeypatch):
    inner = {f"inner/{path}": text for path, text in FILES.items()}
    commit(repository, {**inner, "inner/llmlint.toml": "", "inner/prompt.txt": "x"})
    commit(repository, {"inner/settings.py": SETTINGS.replace("300", "400")})
    monkeypatch.chdir(repository / "inner")
    assert changes(diff(llmlint, "HEAD^", "HEAD")) == {"output cap": ([300], [400])}
    assert llmlint("diff", "HEAD^", "--format", "markdown").out.startswith("<!-- llmlint diff inner -->\n")
    assert len(diff(llmlint, "HEAD~2", "HEAD")["call_sites"]["added"]) == 1


def test_data_files_and_links_are_read_from_the_revision(llmlint, repository: Path):
    reading = "from pathlib import Path\n\nfrom openai import OpenAI\n\nRULES = Path('rules/current.txt').read_text()\n"
    call = "OpenAI().responses.create(model='gpt-5.5', instructions=RULES, input='Hi', max_output_tokens=5)\n"
    (repository / "rules").mkdir()
    (repository / "rules/current.txt").symlink_to("v1.txt")
    commit(repository, {"one.py": reading + call, "rules/v1.txt": "Be kind. " * 50})
    commit(repository, {"rules/v1.txt": "Be kind. " * 80})
    for head in (["HEAD"], []):
        before, after = changes(diff(llmlint, "HEAD^", *head))["fixed prompt"]
        assert 100 < before[0] < after[0]


def test_what_git_ignores_makes_no_difference(llmlint, repository: Path):
    environment = "import os\nMODEL = os.environ['MODEL']\nLIMITS = {'max_tokens': 5}\n"
    reading = environment.replace("import os\n", "import os\n\nfrom dotenv import load_dotenv\n\nload_dotenv()\n")
    commit(repository, {".gitignore": ".env\n", "settings.py": reading})
    write(repository, {".env": "MODEL=gpt-5.5\n"})
    assert diff(llmlint, "HEAD")["call_sites"]["changed"] == []


@pytest.mark.parametrize(("severity", "code"), [("warning", 1), ("error", 0), ("never", 0)])
def test_failing_on_new_findings(llmlint, repository: Path, severity: str, code: int):
    commit(repository, {"settings.py": SETTINGS.replace('"max_completion_tokens": 300', "")})
    assert llmlint("diff", "HEAD^").code == 0
    assert llmlint("diff", "HEAD^", "--fail-on-new", "--fail-on", severity).code == code
    assert llmlint("diff", "HEAD^", "--fail-on", severity).code == code
    assert llmlint("diff", "HEAD", "HEAD^", "--fail-on-new", "--fail-on", severity).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mian"], "llmlint: git knows no revision `mian` here.\nDid you mean main?\n"),
        (["feature"], "Did you mean origin/feature?"),
        (["main...HEAD"], "--merge-base does what `...` does"),
        (["main\nx"], "git knows no revision"),
        (["main", "HEAD:app.py"], "git knows no revision `HEAD:app.py`"),
    ],
)
def test_unknown_revisions(llmlint, repository: Path, arguments: list[str], said: str):
    git(repository, "update-ref", "refs/remotes/origin/feature", "HEAD")
    result = llmlint("diff", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_shallow_clone_says_how_to_deepen_it(llmlint, repository: Path, tmp_path: Path, monkeypatch):
    first = git(repository, "rev-parse", "HEAD")
    commit(repository, {"settings.py": SETTINGS.replace("300", "400")})
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    result = llmlint("diff", first)
    assert result.code == 2
    assert "This clone is shallow." in result.err
    assert "fetch-depth: 0" in result.err


def test_a_clone_that_lacks_files(llmlint, repository: Path):
    """What is not read may be missing, as large files are in a partial clone."""
    commit(repository, {"settings.py": SETTINGS.replace("300", "400"), "big.bin": "x" * 99})
    for path in ("big.bin", "settings.py"):
        name = git(repository, "rev-parse", f"HEAD:{path}")
        (repository / ".git/objects" / name[:2] / name[2:]).unlink()
        result = llmlint("diff", "HEAD^", "HEAD")
        assert result.code == (2 if path == "settings.py" else 0)
    assert "is missing.\nA partial clone lacks files of other revisions; clone without --filter." in result.err


def test_outside_of_a_repository(llmlint, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    result = llmlint("diff", "HEAD")
    assert result.code == 2
    assert "is in no git repository" in result.err


def test_without_git(llmlint, repository: Path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    result = llmlint("diff", "HEAD")
    assert result.code == 2
    assert "git is not installed" in result.err


def test_nothing_of_the_repositorys_configuration_runs(llmlint, repository: Path, tmp_path: Path):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "filter.x.smudge", "filter.x.clean", "filter.x.process"):
        git(repository, "config", name, str(trap))
    for name in ("diff.external", "diff.x.textconv", "diff.x.command", "core.sshCommand", "core.editor"):
        git(repository, "config", name, str(trap))
    write(repository, {".gitattributes": "* filter=x diff=x\n", "settings.py": SETTINGS.replace("300", "400")})
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(trap, repository / ".git/hooks" / hook)
    assert changes(diff(llmlint, "HEAD")) == {"output cap": ([300], [400])}
    assert not (tmp_path / "sprung").exists()


def test_sarif_has_the_new_findings_only(llmlint, repository: Path):
    call = 'from openai import OpenAI\n\nOpenAI().responses.create(model="gpt-5.5", input="Hi")\n'
    commit(repository, {"old.py": call})
    commit(repository, {"new.py": call})
    (run,) = json.loads(llmlint("diff", "HEAD^", "--format", "sarif").out)["runs"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert places == ["new.py"]


def test_what_a_dearer_model_costs(llmlint, repository: Path):
    commit(repository, {"settings.py": SETTINGS.replace("gpt-5.4-mini", "gpt-5.5")})
    report = diff(llmlint, "HEAD^", "HEAD")
    (changed,) = report["call_sites"]["changed"]
    before, after = changed["cost"]["before"], changed["cost"]["after"]
    assert 0 < before["expected"] < after["expected"]
    assert report["summary"]["cost"] == {"before": before, "after": after, "unknown": 0}
    shown = llmlint("diff", "HEAD^", "HEAD").out
    assert "cost per 1,000 calls: $" in shown
    assert "Cost when each call is made 1,000 times: $" in shown


@pytest.mark.parametrize(
    ("limit", "code"), [("0", 1), ("$0.001", 1), ("100000", 0), ("5%", 1), ("100000%", 0), ("0 %", 1)]
)
def test_failing_on_an_increase(llmlint, repository: Path, limit: str, code: int):
    commit(repository, {"settings.py": SETTINGS.replace("gpt-5.4-mini", "gpt-5.5")})
    result = llmlint("diff", "HEAD^", "--max-increase", limit)
    assert result.code == code
    assert ("dearer than --max-increase" in result.err) == bool(code)
    assert llmlint("diff", "HEAD", "HEAD^", "--max-increase", limit).code == 0
    assert llmlint("diff", "HEAD", "--max-increase", limit).code == 0


@pytest.mark.parametrize("limit", ["much", "-1", "nan", "1e999", "%"])
def test_amounts_that_are_none(llmlint, repository: Path, limit: str):
    result = llmlint("diff", "HEAD", f"--max-increase={limit}")
    assert result.code == 2
    assert "is no amount" in result.err


def test_the_baseline_is_matched_with_the_text_of_each_revision(llmlint, repository: Path):
    call = 'from openai import OpenAI\n\nOpenAI().responses.create(model="gpt-5.5", input="{}")\n'
    write(repository, {"old.py": call.format("one")})
    assert llmlint("baseline").code == 0
    commit(repository, {})
    git(repository, "mv", "old.py", "moved.py")
    commit(repository, {"new.py": call.format("two")})
    write(repository, {"moved.py": "pass\n"})  # in neither of the revisions
    report = diff(llmlint, "HEAD~2", "HEAD")
    assert [each["finding"]["path"] for each in report["findings"]["new"]] == ["new.py"]


def test_a_second_run_reads_neither_rules_nor_code_again(repository: Path):
    base = commit(repository, {})
    write(repository, {"settings.py": SETTINGS.replace("gpt-5.4-mini", "gpt-5.5")})
    script = "import sys; from llmlint.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, "diff", base, "--cache-dir", str(repository.parent / "cache")]
    first, again = (
        subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True) for _ in range(2)
    )
    assert again.stdout == first.stdout
    heavy = {"yaml", "libcst", "pydantic"}
    assert (heavy & set(first.stderr.split()), heavy & set(again.stderr.split())) == (heavy, set())
