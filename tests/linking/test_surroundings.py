"""What stands around a call: loops of every kind, who runs the code, pools and retries."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, path_facts, places, read, site

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
CREATE = "client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': str(x)}])"


def loop(lines: str):
    return read(site(HEAD + lines.replace("CALL", CREATE) + "\n"), "surroundings.loop")


# --- loops ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "for x in rows:\n    CALL",
        "for x in open('data.jsonl'):\n    CALL",
        "for i, x in enumerate(rows):\n    CALL",
        "for x in tqdm(rows):\n    CALL",
        "for i, x in df.iterrows():\n    CALL",
        "for i in range(len(rows)):\n    x = rows[i]\n    CALL",
        "for x in Path('docs').glob('*.md'):\n    CALL",
        "[CALL for x in rows]",
        "{x: CALL for x in rows}",
        "results = list(map(lambda x: CALL, rows))",
        "df['answer'] = df['text'].apply(lambda x: CALL)",
        "def ask(x):\n    return CALL\nfor row in rows:\n    ask(row)",
        "def ask(x):\n    return CALL\nresults = [ask(row) for row in rows]",
        "def ask(x):\n    return CALL\ndf['answer'] = df['text'].apply(ask)",
        "def ask(x):\n    return CALL\nlist(map(ask, rows))",
        "def ask(x):\n    return CALL\ndef middle(y):\n    return ask(y)\nfor row in rows:\n    middle(row)",
        "def ask(x):\n    return CALL\nwith ThreadPoolExecutor() as pool:\n    list(pool.map(ask, rows))",
        "def ask(x):\n    return CALL\nwith ThreadPoolExecutor() as pool:\n    for row in rows:\n        pool.submit(ask, row)",
        "def ask(x):\n    for _ in range(3):\n        try:\n            return CALL\n        except Exception:\n            pass\nfor row in rows:\n    ask(row)",
        "class Bot:\n    def ask(self, x):\n        return CALL\nbot = Bot()\nfor row in rows:\n    bot.ask(row)",
    ],
)
def test_data_sets(lines: str):
    imports = "from pathlib import Path\nfrom concurrent.futures import ThreadPoolExecutor\nfrom tqdm import tqdm\nimport pandas as pd\nfrom data import rows\ndf = pd.read_csv('x.csv')\n"
    assert loop(imports + lines) == "dataset"


@pytest.mark.parametrize(
    "lines",
    [
        "for attempt in range(3):\n    try:\n        r = CALL\n        break\n    except Exception:\n        pass",
        "for _ in range(5):\n    try:\n        return_ = CALL\n        break\n    except Exception:\n        continue",
        "retries = 0\nwhile retries < 3:\n    try:\n        CALL\n        break\n    except Exception:\n        retries += 1",
        "def f(x):\n    while True:\n        try:\n            return CALL\n        except Exception:\n            time.sleep(2)",
        "def f(x):\n    for i in range(MAX_RETRIES):\n        try:\n            return CALL\n        except Exception as e:\n            print(e)",
    ],
)
def test_retries(lines: str):
    assert loop("import time\nx = 1\nMAX_RETRIES = 3\n" + lines) == "retry"


def test_a_conversation_with_a_person():
    found = site(
        HEAD
        + """
messages = [{"role": "system", "content": "Be kind."}]
while True:
    messages.append({"role": "user", "content": input("> ")})
    answer = client.chat.completions.create(model="gpt-4o", messages=messages)
    messages.append({"role": "assistant", "content": answer.choices[0].message.content})
"""
    )
    assert read(found, "surroundings.loop") == "conversation"
    assert read(found, "surroundings.carried") is True
    assert read(found, "prompt.roles") == ["system", "user", "assistant"]


def test_an_agent():
    found = site(
        HEAD
        + """
def run(messages, tools):
    while True:
        r = client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools)
        message = r.choices[0].message
        if not message.tool_calls:
            return message.content
        for call in message.tool_calls:
            messages.append({"role": "tool", "content": "x", "tool_call_id": call.id})
"""
    )
    assert read(found, "surroundings.loop") == "agent"


@pytest.mark.parametrize("items", ["range(3)", "['a', 'b', 'c']", "('x', 'y')"])
def test_few_constants_are_no_data_set(items: str):
    found = site(f"{HEAD}for x in {items}:\n    {CREATE}\n")
    assert read(found, "surroundings.loop") == "constant"


def test_the_number_of_items():
    found = site(f"{HEAD}for x in ['a', 'b', 'c']:\n    {CREATE}\n")
    assert read(found, "surroundings.items") == 3


def test_a_loop_that_only_reads_the_stream():
    found = site(
        HEAD
        + """
for chunk in client.chat.completions.create(model="gpt-4o", messages=[], stream=True):
    print(chunk.choices[0].delta.content)
"""
    )
    assert read(found, "surroundings.loop") == "none"


@pytest.mark.parametrize(
    "lines", [CREATE, "def ask(x):\n    return CALL", "if x:\n    CALL", "with open('f') as f:\n    CALL"]
)
def test_no_loop(lines: str):
    assert loop("x = 1\n" + lines) == "none"


def test_a_loop_behind_the_call_is_none():
    assert (
        loop("x = 1\nanswer = CALL\nfor line in answer.choices[0].message.content.splitlines():\n    print(line)")
        == "none"
    )


def test_what_the_loop_goes_over():
    found = site(f"{HEAD}from data import load\nfor x in load('big.jsonl'):\n    {CREATE}\n")
    assert read(found, "surroundings.iterates") == "load('big.jsonl')"
    assert places(found, "surroundings.loop") == ["app.py:4"]


def test_an_iteration_that_needs_the_one_before():
    found = site(
        HEAD
        + """
from data import chapters
summary = ""
for chapter in chapters:
    prompt = f"So far: {summary}. Next: {chapter}"
    summary = client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}]).choices[0].message.content
"""
    )
    assert read(found, "surroundings.carried") is True


def test_an_iteration_on_its_own():
    found = site(
        HEAD
        + """
from data import chapters
for chapter in chapters:
    r = client.chat.completions.create(model="m", messages=[{"role": "user", "content": chapter}])
    print(r.choices[0].message.content)
"""
    )
    assert read(found, "surroundings.carried") is False


@pytest.mark.parametrize(
    ("lines", "concurrent"),
    [
        ("with ThreadPoolExecutor() as pool:\n    list(pool.map(ask, rows))", True),
        ("with ThreadPoolExecutor() as pool:\n    for r in rows:\n        pool.submit(ask, r)", True),
        ("async def main():\n    await asyncio.gather(*[asyncio.to_thread(ask, r) for r in rows])", True),
        ("for r in rows:\n    ask(r)", False),
        ("list(map(ask, rows))", False),
    ],
)
def test_calls_at_the_same_time(lines: str, concurrent: bool):
    imports = "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\nfrom data import rows\n"
    found = site(f"{HEAD}{imports}def ask(x):\n    return {CREATE}\n{lines}\n")
    assert read(found, "surroundings.concurrent") is concurrent


def test_gathered_coroutines():
    found = site("""
        import asyncio
        from openai import AsyncOpenAI
        client = AsyncOpenAI()
        async def ask(x):
            return await client.chat.completions.create(model="m", messages=[{"role": "user", "content": x}])
        async def main(rows):
            return await asyncio.gather(*[ask(row) for row in rows])
    """)
    assert (read(found, "surroundings.loop"), read(found, "surroundings.concurrent")) == ("dataset", True)


# --- who runs it ---------------------------------------------------------------------------------------------


def role(program: str):
    return read(site(program), "surroundings.role")


ASK = "    return OpenAI().chat.completions.create(model='gpt-4o', messages=[])\n"


@pytest.mark.parametrize(
    "text",
    [
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/')\nasync def ask():\n",
        "from fastapi import APIRouter\nrouter = APIRouter(prefix='/x')\n@router.get('/')\ndef ask():\n",
        "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef ask():\n",
        "from flask import Blueprint\nbp = Blueprint('x', __name__)\n@bp.post('/')\ndef ask():\n",
        "import chainlit as cl\n@cl.on_message\nasync def ask(message):\n",
        "from discord.ext import commands\nbot = commands.Bot()\n@bot.command()\nasync def ask(ctx):\n",
        "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n@mcp.tool()\ndef ask():\n",
        "from rest_framework.decorators import api_view\n@api_view(['GET'])\ndef ask(request):\n",
    ],
)
def test_handlers(text: str):
    assert role("from openai import OpenAI\n" + text + ASK) == "online"


def test_a_handler_class():
    assert (
        role(
            f"from openai import OpenAI\nfrom django.views import View\nclass Ask(View):\n    def get(self, request):\n    {ASK}"
        )
        == "online"
    )


def test_a_handler_far_away_with_the_chain_as_evidence():
    found = site("""
        # file: service/llm.py
        from openai import OpenAI
        def ask(question):
            return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        # file: service/answers.py
        from service.llm import ask
        class Answers:
            def find(self, question):
                return ask(question)
        # file: service/routes.py
        from fastapi import FastAPI
        from service.answers import Answers
        app = FastAPI()
        @app.post("/ask")
        def handle(question: str):
            return Answers().find(question)
    """)
    assert read(found, "surroundings.role") == "online"
    assert places(found, "surroundings.role")[-1] == "service/routes.py:5"
    assert [str(step.location) for step in found.callers] == ["service/answers.py:4", "service/routes.py:6"]


@pytest.mark.parametrize(
    "text",
    [
        "def main():\n" + ASK + "if __name__ == '__main__':\n    main()\n",
        "import argparse\ndef main():\n    args = argparse.ArgumentParser().parse_args()\n" + ASK + "main()\n",
        "import click\n@click.command()\ndef main():\n" + ASK,
        "import typer\napp = typer.Typer()\n@app.command()\ndef main():\n" + ASK,
        "import fire\ndef main():\n" + ASK + "fire.Fire(main)\n",
        "from airflow.decorators import task\n@task\ndef main():\n" + ASK,
        "from celery import shared_task\n@shared_task\ndef main():\n" + ASK,
        "from prefect import flow\n@flow\ndef main():\n" + ASK,
        "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    def handle(self, *a, **k):\n    "
        + ASK,
    ],
)
def test_scripts_and_jobs(text: str):
    assert role("from openai import OpenAI\n" + text) == "offline"


def test_code_at_module_level_is_a_script():
    assert role("from openai import OpenAI\nOpenAI().chat.completions.create(model='m', messages=[])\n") == "offline"


@pytest.mark.parametrize("path", ["tests/test_app.py", "test_app.py", "pkg/tests/helpers.py", "conftest.py"])
def test_tests(path: str):
    assert role({path: f"from openai import OpenAI\ndef test_ask():\n{ASK}"}) == "test"


def test_nobody_calls_it():
    found = site({"pkg/llm.py": f"from openai import OpenAI\ndef ask():\n{ASK}"})
    assert read(found, "surroundings.role") in (UNKNOWN, "library")


def test_a_server_and_a_script_call_it():
    found = site("""
        # file: llm.py
        from openai import OpenAI
        def ask():
            return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        # file: server.py
        from flask import Flask
        from llm import ask
        app = Flask(__name__)
        @app.route("/")
        def index():
            return ask()
        # file: nightly.py
        from llm import ask
        if __name__ == "__main__":
            ask()
    """)
    assert read(found, "surroundings.role") == "online"
    assert path_facts(found, "surroundings.role") == {"server.py:6": ("online",), "nightly.py:3": ("offline",)}


@pytest.mark.parametrize(
    ("path", "evaluation"),
    [
        ("evals/run.py", True),
        ("evaluation_harness/a.py", True),
        ("my-benchmark/a.py", True),
        ("evaluators_of_nothing/a.py", False),
        ("benchmarks/a.py", True),
        ("pkg/judge.py", True),
        ("pkg/app.py", False),
        ("pkg/retrieval.py", False),
    ],
)
def test_evaluation_harnesses(path: str, evaluation: bool):
    found = site({path: f"from openai import OpenAI\ndef ask():\n{ASK}"})
    assert read(found, "surroundings.evaluation") is evaluation


@pytest.mark.parametrize(
    ("name", "evaluation"),
    [
        ("grade_answer", True),
        ("grade_documents", False),
        ("retrieval_grader", False),
        ("grade_answer_against_documents", True),
        ("degrade", False),
    ],
)
def test_what_is_graded_says_whether_the_program_is_evaluated(name: str, evaluation: bool):
    found = site(f"from openai import OpenAI\ndef {name}():\n{ASK}")
    assert read(found, "surroundings.evaluation") is evaluation


def test_the_function_around():
    found = site(f"from openai import OpenAI\nclass Bot:\n    def ask(self):\n    {ASK}")
    assert read(found, "surroundings.function") == "Bot.ask"
    assert (
        read(
            site("from openai import OpenAI\nOpenAI().chat.completions.create(model='m', messages=[])\n"),
            "surroundings.function",
        )
        is ABSENT
    )


def test_calls_that_stand_where_nothing_looks_are_no_obstacle():
    found = site("""
        from openai import OpenAI
        def ask():
            return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        def main():
            assert ask(), str(1)
            while True:
                if not input():
                    raise ValueError from KeyError(str(2))
                ask()
        if __name__ == "__main__":
            main()
    """)
    assert read(found, "surroundings.role") in {"online", "offline"}


FAR = """
# file: app.py
from openai import OpenAI
def ask(text):
    return OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])
def plain(text):
    return ask(text)
def careful(text):
    try:
        return plain(text)
    except ValueError:
        return plain(text)
def one(path):
    return careful(open(path).read())
def several(paths):
    for path in paths:
        careful(open(path).read())
"""


def test_a_loop_some_callers_further_out_than_what_decides_the_prompt():
    found = site(FAR + "if __name__ == '__main__':\n    several(open('paths'))\n    one('path')\n")
    assert read(found, "surroundings.loop") == "dataset"
    assert read(found, "surroundings.role") == "offline"


def test_only_some_callers_of_a_server_go_through_data():
    found = site(
        FAR
        + "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/')\ndef handle(p):\n    one(p)\n"
        + "@app.post('/all')\ndef handle_all(p):\n    several(p)\n"
    )
    assert read(found, "surroundings.role") == "online"
    assert read(found, "surroundings.loop") != "dataset"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("if key == 'a':\n            ask(text)", "constant"),
        ("if key in ('a', 'b') and text:\n            ask(text)", "constant"),
        ("if key != 'a':\n            ask(text)", "dataset"),
        ("if key == 'a' or text:\n            ask(text)", "dataset"),
        ("if text == 'a':\n            ask(key)", "dataset"),
        ("if key == other:\n            ask(text)", "dataset"),
        ("match key:\n            case 'a':\n                ask(text)", "constant"),
        ("match key:\n            case 'a':\n                pass\n            case _:\n                ask(text)", "dataset"),
    ],
)
def test_entries_picked_out_by_their_keys(body: str, kind: str):
    lines = f"def go(data):\n    for key, text in data.items():\n        {body}\n"
    assert read(site(FAR.partition("def plain")[0] + lines), "surroundings.loop") == kind


def test_rows_are_no_keys():
    lines = "def go(data):\n    for key, text in data:\n        if key == 'a':\n            ask(text)\n"
    assert read(site(FAR.partition("def plain")[0] + lines), "surroundings.loop") == "dataset"


@pytest.mark.parametrize("base", ["tkinter.Tk", "ttkbootstrap.Window"])
def test_a_window_that_a_program_opens(base: str):
    found = site(f"""
        import {base.partition('.')[0]}
        from openai import OpenAI
        class Window({base}):
            pass
        class App:
            def __init__(self):
                self.window = Window()
            def run(self):
                OpenAI().chat.completions.create(model="gpt-4o", messages=[])
                self.window.mainloop()
        if __name__ == "__main__":
            App().run()
    """)
    assert read(found, "surroundings.role") == "online"


def test_a_server_far_behind_many_functions_of_a_script():
    many = "".join(f"def step{n}():\n    ask('x')\ndef over{n}():\n    step{n}()\ndef top{n}():\n    over{n}()\n" for n in range(20))
    found = site(
        FAR.partition("def plain")[0]
        + many
        + "def last():\n    ask('x')\ndef behind():\n    last()\ndef further():\n    behind()\n"
        + "from flask import Flask\napp = Flask(__name__)\n@app.post('/')\ndef handle():\n    further()\n"
        + "# file: nightly.py\nimport argparse\nfrom app import step0\nargparse.ArgumentParser()\nstep0()\n"
    )
    assert read(found, "surroundings.role") == "online"


MAPPER = """
import argparse
from openai import OpenAI
from pipelines.lines import Mapper, run
class Embedder(Mapper):
    def __init__(self):
        self.client = OpenAI()
    def METHOD:
        return self.client.embeddings.create(model="text-embedding-3-small", input=item)
def main():
    argparse.ArgumentParser()
    run(mapper=Embedder())
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(
    ("method", "loop"),
    [
        ("map(self, item)", "dataset"),
        ("process_item(self, item)", "dataset"),
        ("map(self, item, more)", UNKNOWN),
        ("handle(self, item)", UNKNOWN),
    ],
)
def test_a_method_that_a_framework_maps_items_with(method: str, loop: object):
    found = site(MAPPER.replace("METHOD", method))
    assert read(found, "surroundings.loop") is loop or read(found, "surroundings.loop") == loop
    assert read(found, "surroundings.role") == "offline"


def test_a_map_of_the_projects_own_is_called_as_often_as_it_is():
    own = MAPPER.replace("METHOD", "map(self, item)").replace("(Mapper)", "").replace("run(mapper=Embedder())", "Embedder().map('x')")
    assert read(site(own), "surroundings.loop") == "none"
