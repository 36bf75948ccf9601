from __future__ import annotations

from pathlib import Path

from llmlint.config import read_settings

CALL = 'client.responses.create(model={model}, input="Tell a story.")\n'


def test_first_settings(llmlint, project: Path):
    (project / "src/env.py").write_text(
        "import os\nfrom openai import OpenAI\nclient = OpenAI()\n" + CALL.format(model='os.environ["MODEL"]')
    )
    result = llmlint("init")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Wrote llmlint.toml.\nSeen: 2 call sites in 2 of 3 Python files, through openai (2)")
    assert "findings: missing-output-cap (2)" in result.out
    assert "llmlint baseline " in result.out
    assert "pre-commit" in result.out
    text = (project / "llmlint.toml").read_text()
    assert '# MODEL = "..."' in text
    assert read_settings(project).sources == ("llmlint:recommended", "llmlint.toml")
    assert llmlint("check").code == 1


def test_comments_can_be_taken_in(llmlint, project: Path):
    head = "from openai import AzureOpenAI\nclient = AzureOpenAI()\n"
    (project / "src/app.py").write_text(head + CALL.format(model='"desk"'))
    llmlint("init")
    path = project / "llmlint.toml"
    lines = path.read_text().split("\n")
    path.write_text("\n".join(line.removeprefix("# ") if "=" in line or "[" in line else line for line in lines))
    assert read_settings(project).deployments == {"desk": "gpt-5.5"}


def test_nothing_is_overwritten(llmlint, project: Path):
    (project / "llmlint.toml").write_text("# mine\n")
    result = llmlint("init")
    assert (result.code, result.out) == (2, "")
    assert result.err == "llmlint: llmlint.toml is there already.\nEdit, or add --force to overwrite.\n"
    assert (project / "llmlint.toml").read_text() == "# mine\n"
    assert llmlint("init", "--force", "--set", "strict").code == 0
    assert 'extends = ["llmlint:strict"]' in (project / "llmlint.toml").read_text()


def test_settings_in_pyproject(llmlint, project: Path):
    (project / "pyproject.toml").write_text("[tool.llmlint]\n")
    assert "pyproject.toml has settings already" in llmlint("init").err
    assert "that llmlint.toml now overrides" in llmlint("init", "--force").out


def test_with_a_baseline(llmlint, project: Path):
    result = llmlint("init", "--baseline")
    assert result.out.startswith("Wrote llmlint.toml and llmlint-baseline.json.")
    assert llmlint("check").code == 0
    (project / "llmlint.toml").unlink()
    assert "llmlint-baseline.json is there already" in llmlint("init", "--baseline").err


def test_a_project_without_calls(llmlint, project: Path):
    (project / "src/app.py").write_text("x = 1\n")
    result = llmlint("init")
    assert "Seen: 0 call sites in 0 of 2 Python files." in result.out
    assert "baseline" not in result.out
