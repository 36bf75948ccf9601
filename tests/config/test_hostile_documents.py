"""No file that people give llmlint makes it crash or hang: settings, providers, prices, baseline and usage."""

# ruff: noqa: E501 (tables)

from __future__ import annotations

import csv
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmlint import yamlfile
from llmlint.catalog.provider_build import build_providers
from llmlint.catalog.provider_check import check_providers
from llmlint.catalog.provider_schema import ProviderFile
from llmlint.config.extending import extended
from llmlint.config.form import SettingsForm
from llmlint.config.names import with_rule_names
from llmlint.config.toml import parse_toml
from llmlint.errors import LlmlintError, ProblemsError
from llmlint.own_rules import OWN_RULES
from llmlint.prices.own_file import read_own
from llmlint.triage import baseline
from llmlint.usage import reading, table

QUICK = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"]


def outcome(read: Callable[[], object]) -> str:
    """What becomes of a document; any other exception than one with words for people is a failure."""
    start = time.process_time()
    try:
        read()
    except ProblemsError as error:
        assert error.problems
        assert all(str(problem).strip() for problem in error.problems)
        return "refused"
    except LlmlintError as error:
        assert str(error)
        return "refused"
    finally:
        assert time.process_time() - start < 10
    return "taken"


def configured(data: bytes) -> str:
    def read() -> None:
        document = parse_toml(data, "llmlint.toml")
        found = extended(document, Path("/nowhere/at/all"), None)
        with_rule_names(found, (), OWN_RULES)
        for selection in found.selections:
            selection.policies()

    return outcome(read)


def provided(source: str | bytes) -> str:
    def read() -> None:
        document = yamlfile.load(source, "acme.yaml")
        file = yamlfile.validate(document, ProviderFile)
        if problems := check_providers([(document, file)]):
            raise ProblemsError(problems)
        build_providers([file])

    return outcome(read)


# --- settings -------------------------------------------------------------------------------------------------------

SETTINGS = """\
extends = ["llmlint:recommended"]
select = ["all"]
severity = { unused-suppression = "info" }
exclude = ["build/**"]
fail-on = ["error", "undecided"]
models.own = { alias-of = "gpt-5", price = { input = 1.5 } }
deployments = { chat = "gpt-5" }

[assume.environment]
MODEL = "gpt-5"

[assume.values]
"app.settings.MODEL" = { one-of = ["a", "b"] }

[[overrides]]
paths = ["tests/**"]
ignore = ["all"]

[cost]
calls-per-day = 100
"""
TOML_PIECES = [
    "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", '"', "'", '\"\"\"', "'''", "\\", "\\u0000", "\\ud800", "\n", "\r\n", "\r", "\t",
    " = ", "a.b.c = 1\n", "[a]\n", "[a.b]\n", "[[a]]\n", "a = 1\n", '"" = 1\n', "1979-05-27T07:32:00Z", "07:32:00", "0x1F",
    "1e400", "-inf", "nan", "1_0", "true", "yes", "99999999999999999999", "\ufeff", "\x00", "\x85", "é", "𝄞", "x" * 300,
    "[assume.values]\n", "[overrides]\n", "[[overrides]]\n", "select = ", "severity.", "models.", "assume = ", "one-of",
]  # fmt: skip
NAMES = sorted({field.alias or name for name, field in SettingsForm.model_fields.items()})
INNER = [
    *NAMES,
    "paths",
    "input",
    "output",
    "alias-of",
    "environment",
    "values",
    "returns",
    "one-of",
    "a.b",
    "",
    "é",
    "0",
]
plain = st.one_of(
    st.booleans(), st.integers(-3, 2**63), st.floats(), st.text(max_size=6).filter(lambda text: "\x7f" not in text),
    st.sampled_from(["all", "off", "error", "../..", "/", "./x", "llmlint:strict", "**/[", "\0", "x" * 2_000, "2026-01-31"]),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(INNER), inner, max_size=3)),
    max_leaves=8,
)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return text(value) if isinstance(value, str) else str(value)


def text(value: str) -> str:
    return json.dumps(value)


@QUICK
@given(st.lists(st.sampled_from(TOML_PIECES), max_size=30).map("".join))
def test_anything_made_of_the_signs_of_toml(document: str):
    configured(document.encode("utf-8", "surrogatepass"))


@QUICK
@given(
    st.lists(st.sampled_from(TOML_PIECES), max_size=5).map("".join),
    st.integers(0, len(SETTINGS)),
    st.integers(0, 30),
)
def test_settings_with_something_pasted_over_them(pasted: str, at: int, length: int):
    configured((SETTINGS[:at] + pasted + SETTINGS[at + length :]).encode())


@QUICK
@given(st.dictionaries(st.sampled_from(NAMES), values, min_size=1, max_size=3))
def test_settings_with_other_values(document: dict[str, object]):
    configured("\n".join(f"{key} = {toml(value)}" for key, value in document.items()).encode("utf-8", "replace"))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_settings_in_other_encodings(encoding: str):
    taken = configured((SETTINGS + "# Größe").encode(encoding))
    assert taken == ("taken" if encoding.startswith("utf-8") else "refused")


@pytest.mark.parametrize(
    "document",
    [
        "a = " + "[" * 5_000 + "]" * 5_000,
        "a = " + "{a=" * 2_000 + "1" + "}" * 2_000,
        ".".join("a" * 1_500) + " = 1",
        "assume.values." + ".".join("a" * 1_500) + " = 1",
        "[" + ".".join("a" * 1_500) + "]",
        "select = [" + '"x", ' * 5_000 + "]",
        "\n".join(f"[models.m{number}]\nalias-of = 'x'" for number in range(3_000)),
        "[[overrides]]\npaths = ['a']\n" * 5_000,
        "a = '" + "x" * 900_000 + "'",
        "cost.calls-per-day = " + "9" * 5_000,
        "a = 1\na = 2",
        "[a]\n[a]",
        "exclude = ['" + "**/" * 2_000 + "']",
    ],
    ids=lambda document: document[:24],
)
def test_deep_and_large_settings(document: str):
    expected = "taken" if document.startswith(("[[overrides", "[models")) else "refused"
    assert configured(document.encode()) == expected


# --- provider files -------------------------------------------------------------------------------------------------

PROVIDER = """\
provider: acme
as_of: 2026-11-01
clients:
  - {names: [acme.Client], host: openai}
endpoints:
  acme.ask:
    kind: generation
    api: chat
    paths: [ask]
    arguments: {prompt: {name: question, position: 0}, output_cap: limit}
    prompt: question
prompts:
  question: [{argument: prompt, shape: text}]
vocabulary: [[llm.ask]]
"""
YAML_PIECES = [
    "&a", "*a", "<<: *a", "!!python/object/apply:os.system", "!!binary x", "? ", ": ", "- ", "\t", "{", "}", "[", "]", ",", "|", ">",
    "\n", "  ", "    ", "'", '"', "---\n", "...\n", "~", "yes", "no", "on", "1: ", "true: ", "[a]: ", "0o7", "1:30", ".inf", "1e400",
    "\ufeff", "\x00", "\u2028", "é", "x" * 300, "clients: ", "endpoints: ", "provider: ", "names: ", "same_as: acme.Client",
]  # fmt: skip


def test_the_provider_file_that_is_changed_here_is_right():
    assert provided(PROVIDER) == "taken"


@QUICK
@given(
    st.lists(st.sampled_from(YAML_PIECES), max_size=5).map("".join), st.integers(0, len(PROVIDER)), st.integers(0, 40)
)
def test_a_provider_file_with_something_pasted_over_it(pasted: str, at: int, length: int):
    provided(PROVIDER[:at] + pasted + PROVIDER[at + length :])


@QUICK
@given(
    st.sampled_from(sorted(ProviderFile.model_fields)),
    st.recursive(
        st.one_of(st.none(), plain),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["names", "host", "same_as", "paths", "kind", "arguments", "prompt", "name", "x.y"]), inner, max_size=3
            ),
        ),
        max_leaves=8,
    ),
)  # fmt: skip
def test_a_provider_file_with_another_value_of_one_key(key: str, value: object):
    kept = yamlfile.load(PROVIDER, "acme.yaml").values
    assert isinstance(kept, dict)
    provided(json.dumps({**kept, "as_of": "2026-11-01", key: value}, default=str))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_provider_files_in_other_encodings(encoding: str):
    taken = provided((PROVIDER + "# Größe\n").encode(encoding))
    assert taken == ("taken" if encoding.startswith("utf-8") else "refused")


@pytest.mark.parametrize(
    "document",
    [
        "clients: " + "[" * 3_000 + "]" * 3_000,
        "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*{'a' if not n else f'b{n - 1}'}, *{'a' if not n else f'b{n - 1}'}]\n" for n in range(40)),
        "clients: [{names: [" + "acme.x, " * 20_000 + "]}]",
        "clients: [{names: [" + "a." * 5_000 + "b]}]",
        "provider: " + "x" * 300_000,
        "provider: acme\nprovider: acme\n",
        "1: x\ntrue: y\nnull: z\n",
        "provider: acme\nclients: [{names: [acme.A], same_as: acme.B}, {names: [acme.B], same_as: acme.A}]\n",
    ],
    ids=lambda document: document[:24],
)  # fmt: skip
def test_deep_and_large_provider_files(document: str):
    assert provided(document) == "refused"


# --- files that llmlint writes itself, and usage --------------------------------------------------------------------

PRICES = b'{"source": "x", "fetched": "2026-11-01", "format": 1, "models": [{"id": "m", "prices": {"standard": {"input": 1}}}]}'
BASELINE = (
    b'{"format": 1, "findings": [{"path": "a.py", "rule": "r", "function": "f", "fingerprint": "0", "code": "x"}]}'
)
SPANS = b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "chat", "attributes": []}]}]}]}'
TABLE = (
    "model,requests,input_tokens,output_tokens,start_time,end_time,path,line\nm,1,2,3,2026-01-31,2026-02-01,a.py,4\n"
)
JSON_PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"\\",
    b"null",
    b"true",
    b"1e999",
    b"-1",
    b"9" * 40,
    b"\xff",
    b"\xed\xa0\x80",
    b"\0",
    b"[" * 2_000,
]
READERS = {"prices": (PRICES, read_own), "baseline": (BASELINE, None), "spans": (SPANS, reading.read_usage)}


@pytest.mark.parametrize("kind", READERS)
@QUICK
@given(st.lists(st.sampled_from(JSON_PIECES), max_size=5).map(b"".join), st.integers(0, 110), st.integers(0, 20))
def test_a_file_of_json_with_something_pasted_over_it(kind: str, pasted: bytes, at: int, length: int):
    whole, read = READERS[kind]
    data = whole[:at] + pasted + whole[at + length :]
    if read is None:
        outcome(lambda: baseline.parse(data, "b.json"))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "f.json"
        file.write_bytes(data)
        outcome(lambda: read(file))


cells = st.one_of(
    st.sampled_from(
        ["", "m", "1", "-1", "1.0", "1e3", "²", "9" * 20, "999999999", "0001-01-01", "9999-12-31T23:59:59-14:00", "2026-13-40", "true", "x" * 200_000]
    ),
    st.text(max_size=5),
)  # fmt: skip
COLUMNS = sorted({word for words in table.COLUMNS.values() for word in words})


@settings(QUICK, max_examples=100)
@given(
    st.lists(st.sampled_from(COLUMNS), max_size=5),
    st.lists(st.lists(cells, max_size=8), min_size=1, max_size=3),
    st.booleans(),
)
def test_usage_tables(more: list[str], rows: list[list[str]], start: bool):
    written = io.StringIO()
    head = ["start_time"] if start else []
    csv.writer(written).writerows([[*head, *table.REQUIRED, *more], *rows])
    outcome(lambda: table.table_in(written.getvalue(), "u.csv"))


@QUICK
@given(st.text(st.sampled_from(',"\n\r\0m1 \t'), max_size=20), st.integers(0, len(TABLE)))
def test_a_usage_table_with_something_in_between(pasted: str, at: int):
    outcome(lambda: table.table_in(TABLE[:at] + pasted + TABLE[at:], "u.csv"))


def test_a_row_of_a_usage_table_that_breaks_off_before_its_date():
    with pytest.raises(ProblemsError, match=r"u.csv:2:1: the row breaks off before `start`"):
        table.table_in("model,requests,input_tokens,date\nm,1,2\n", "u.csv")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_usage_tables_in_other_encodings(encoding: str, tmp_path: Path):
    (tmp_path / "u.csv").write_bytes((TABLE + "Größe,1,2,3,2026-01-31,2026-02-01,a.py,4\n").encode(encoding))
    taken = outcome(lambda: reading.read_usage(tmp_path / "u.csv"))
    assert taken == ("taken" if encoding.startswith("utf-8") else "refused")
