"""What GitHub and GitLab read: the action, the template, and the examples of the documentation."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOWS = [text for text in re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL) if "jobs:" in text]
HASH = "0123456789abcdef0123456789abcdef01234567"


def tool(name: str) -> str:
    """A program beside this Python, or on the PATH."""
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def passes(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    """The examples of the guide as a repository has them, with commits in place of the words for them."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for number, text in enumerate(WORKFLOWS):
        (folder / f"{number}.yml").write_text(text.replace("A-COMMIT", HASH))
    return tmp_path


def test_the_action_has_no_known_weakness():
    passes([tool("zizmor"), "--offline", "--quiet", "action.yml"], ROOT)


def test_the_examples_have_no_known_weakness(workflows: Path):
    passes([tool("zizmor"), "--offline", "--quiet", "."], workflows)


def test_the_examples_are_workflows(workflows: Path):
    (workflows / ".git").mkdir()
    passes([tool("actionlint"), "-shellcheck=", "-pyflakes="], workflows)


def test_inputs_reach_the_scripts_as_variables_only():
    steps = ACTION["runs"]["steps"]
    assert [step["run"] for step in steps if "${{" in step["run"]] == []
    values = [value for step in steps for value in step["env"].values()]
    given = {name for value in values for name in re.findall(r"inputs\.([\w-]+)", value)}
    assert given | {"working-directory"} == set(ACTION["inputs"])
    script = (ROOT / "ci" / "github.sh").read_text(encoding="utf-8")
    read = set(re.findall(r"\bLLMLINT\w*\b", script)) - {"LLMLINT_"}  # which stands for all of them in a comment
    assert set(steps[1]["env"]) - {"GH_TOKEN"} == read


def test_the_guide_lists_all_inputs():
    rows = re.findall(r"^\| `([\w-]+)` \|", GUIDE, re.MULTILINE)
    assert rows == list(ACTION["inputs"])
    steps = [step for text in WORKFLOWS for step in yaml.safe_load(text)["jobs"]["llmlint"]["steps"]]
    used = {name for step in steps if "/llmlint@" in step["uses"] for name in step.get("with", {})}
    assert used
    assert used <= set(ACTION["inputs"])


def test_the_template_uses_its_inputs():
    text = (ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8")
    header, jobs = yaml.safe_load_all(text)
    assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", text)) == set(header["spec"]["inputs"])
    assert jobs["llmlint"]["artifacts"]["reports"] == {"codequality": "gl-code-quality-report.json"}
    for job in jobs.values():
        scripts = [line for line in job["script"] if "$[[" in line]
        assert scripts == [], "inputs reach scripts as variables"


@pytest.mark.parametrize("name", ["install.sh", "github.sh"])
def test_scripts_may_run(name: str):
    file = ROOT / "ci" / name
    assert file.stat().st_mode & 0o111
    passes(["bash", "-n", str(file)], ROOT)
