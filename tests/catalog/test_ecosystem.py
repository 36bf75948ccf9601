"""What is known about the Python world: spot checks of every table, and that no name is described twice."""

from __future__ import annotations

from collections import Counter

import pytest

from llmlint.catalog.ecosystem import Ecosystem
from llmlint.catalog.loading import load_catalog


@pytest.fixture(scope="module")
def ecosystem() -> Ecosystem:
    return load_catalog().ecosystem


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("datetime.datetime.now", ("clock", "call")),
        ("datetime.datetime.utcnow", ("clock", "call")),
        ("datetime.date.today", ("clock", "day")),
        ("time.time", ("clock", "call")),
        ("time.strftime", ("clock", "call")),
        ("pendulum.now", ("clock", "call")),
        ("django.utils.timezone.now", ("clock", "call")),
        ("uuid.uuid4", ("identifier", "call")),
        ("random.choice", ("random", "call")),
        ("random.SystemRandom.choice", ("random", "call")),
        ("random.seed", ("random", "process")),
        ("numpy.random.rand", ("random", "call")),
        ("secrets.token_hex", ("random", "call")),
        ("os.urandom", ("random", "call")),
        ("os.getpid", ("identifier", "process")),
        ("os.getenv", ("environment", "process")),
        ("glob.glob", ("unordered", "process")),
        ("set", ("unordered", "call")),
        ("builtins.set", ("unordered", "call")),
        ("flask.request.json", ("request", "call")),
    ],
)
def test_volatile(ecosystem: Ecosystem, name: str, change: tuple[str, str]):
    found = ecosystem.volatile(name)
    assert (found.kind, found.every) == change


@pytest.mark.parametrize("name", ["datetime.datetime", "datetime.timedelta", "uuid.UUID", "random", "os.path.join", ""])
def test_not_volatile(ecosystem: Ecosystem, name: str):
    assert ecosystem.volatile(name) is None


def test_strftime_takes_its_format_first(ecosystem: Ecosystem):
    assert ecosystem.volatile("time.strftime").format_argument == 0
    assert ecosystem.is_formatter("strftime")
    assert not ecosystem.is_formatter("isoformat")


@pytest.mark.parametrize(
    ("format_", "every"),
    [
        ("%Y-%m-%d", "day"),
        ("%d.%m.%Y, %A", "day"),
        ("%Y-%m-%d %H:%M", "call"),
        ("%c", "call"),
        ("%s", "call"),
        ("%Y-%m-%dT%H", "day"),
        ("%-d %B", "day"),
        ("100%%", "process"),
        ("today", "process"),
        ("", "process"),
    ],
)
def test_precision_of_a_format(ecosystem: Ecosystem, format_: str, every: str):
    assert ecosystem.precision(format_) == every


def test_attributes_that_are_coarser(ecosystem: Ecosystem):
    assert ecosystem.coarse_attribute("year") == "day"
    assert ecosystem.coarse_attribute("date") == "day"
    assert ecosystem.coarse_attribute("microsecond") is None


@pytest.mark.parametrize(
    ("name", "how", "role"),
    [
        ("fastapi.FastAPI.post", "decorator", "online"),
        ("fastapi.APIRouter.websocket", "decorator", "online"),
        ("flask.Flask.route", "decorator", "online"),
        ("rest_framework.views.APIView", "base", "online"),
        ("django.urls.path", "argument", "online"),
        ("chainlit.on_message", "decorator", "online"),
        ("discord.ext.commands.Bot.command", "decorator", "online"),
        ("streamlit.chat_input", "call", "online"),
        ("gradio.ChatInterface", "argument", "online"),
        ("mcp.server.fastmcp.FastMCP.tool", "decorator", "online"),
        ("input", "terminal", "online"),
        ("click.command", "decorator", "offline"),
        ("argparse.ArgumentParser", "call", "offline"),
        ("airflow.decorators.task", "decorator", "offline"),
        ("celery.shared_task", "decorator", "offline"),
        ("prefect.flow", "decorator", "offline"),
        ("dagster.asset", "decorator", "offline"),
        ("django.core.management.base.BaseCommand", "base", "offline"),
        ("modal.App.function", "decorator", "offline"),
        ("pytest.fixture", "decorator", "test"),
        ("pytest.mark.parametrize", "decorator", "test"),
        ("unittest.TestCase", "base", "test"),
    ],
)
def test_entry_point(ecosystem: Ecosystem, name: str, how: str, role: str):
    assert ecosystem.entry_point(name, how).role == role
    assert ecosystem.entry_point(name).role == role


def test_a_name_shows_nothing_in_another_way(ecosystem: Ecosystem):
    assert ecosystem.entry_point("unittest.TestCase", "call") is None
    assert ecosystem.entry_point("fastapi.FastAPI.include_router", "decorator") is None
    assert ecosystem.entry_point("fastapi.FastAPI", "nonsense") is None


@pytest.mark.parametrize(
    ("written", "role"),
    [("app.post", "online"), ("self.bot.command", "online"), ("cli.command", "offline"), ("post", None), ("x.y", None)],
)
def test_entry_point_by_shape(ecosystem: Ecosystem, written: str, role: str | None):
    found = ecosystem.entry_point_by_shape(written)
    assert (found.role if found else None) == role


@pytest.mark.parametrize(
    ("table", "name", "kind"),
    [
        ("environment", "os.getenv", "read"),
        ("environment", "os.environ", "mapping"),
        ("environment", "pydantic_settings.BaseSettings", "settings"),
        ("concurrency", "asyncio.gather", "gather"),
        ("concurrency", "concurrent.futures.ThreadPoolExecutor.map", "map"),
        ("concurrency", "asyncio.to_thread", "submit"),
        ("calls_argument", "map", "map"),
        ("calls_argument", "functools.partial", "bind"),
        ("calls_argument", "functools.lru_cache", "same"),
        ("calls_argument", "fastapi.Depends", "once"),
        ("retry", "tenacity.retry", "decorator"),
        ("retry", "backoff.on_exception", "decorator"),
        ("iterator", "tqdm.tqdm", "same"),
        ("iterator", "enumerate", "indexed"),
        ("iterator", "zip", "pairs"),
        ("iterator", "itertools.batched", "batches"),
        ("reader", "open", "file"),
        ("reader", "pandas.read_csv", "rows"),
        ("reader", "datasets.load_dataset", "dataset"),
        ("parser", "json.loads", "json"),
        ("parser", "ast.literal_eval", "python"),
        ("schema_parser", "pydantic.BaseModel.model_validate_json", "pydantic"),
        ("schema_class", "pydantic.BaseModel", "pydantic"),
        ("sleep", "time.sleep", "sync"),
        ("double", "unittest.mock.MagicMock", "mock"),
        ("serialiser", "json.dumps", "json"),
        ("text", "textwrap.dedent", "same"),
        ("text_file", "yaml.safe_load", "yaml"),
        ("template", "jinja2.Template", "jinja"),
        ("shuffle", "random.shuffle", "shuffle"),
    ],
)
def test_functions(ecosystem: Ecosystem, table: str, name: str, kind: str):
    assert ecosystem.function(table, name).kind == kind
    assert ecosystem.function(table, f"builtins.{name}") == ecosystem.function(table, name)


def test_unknown_functions_and_tables(ecosystem: Ecosystem):
    assert ecosystem.function("parser", "json.dump") is None
    assert ecosystem.function("no_such_table", "json.loads") is None
    assert ecosystem.method("no_such_table", "map") is None


def test_methods(ecosystem: Ecosystem):
    assert ecosystem.method("reader", "iterrows").kind == "rows"
    assert ecosystem.method("concurrency", "run_in_executor").positions == (1,)
    assert ecosystem.method("parser", "append") is None


def test_path_words(ecosystem: Ecosystem):
    assert "tests" in ecosystem.path_words("test").folders
    assert "conftest.py" in ecosystem.path_words("test").files
    assert "benchmarks" in ecosystem.path_words("evaluation").folders
    assert ecosystem.path_words("nothing").folders == ()


def test_nothing_is_described_twice(ecosystem: Ecosystem):
    data = ecosystem.data
    names = [("volatile", entry.name) for entry in data.volatile]
    names += [(f"entry {entry.how}", entry.name) for entry in data.entry_points]
    names += [("shape", entry.name) for entry in data.entry_shapes]
    names += [(table, entry.name) for table, entries in data.functions.items() for entry in entries]
    names += [(f"method {table}", entry.name) for table, entries in data.methods.items() for entry in entries]
    assert [name for name, count in Counter(names).items() if count > 1] == []
