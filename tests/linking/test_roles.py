"""Who runs a call: registered handlers, commands, programs that import a module, and what is only there to try out."""

from __future__ import annotations

import pytest
from programs import UNKNOWN, path_facts, read, site

LLM = """
# file: pkg/llm.py
from openai import OpenAI
def ask(question):
    return OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
"""


def role(program: str):
    return read(site(LLM + program), "surroundings.role")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("from fastapi import FastAPI\napp = FastAPI()\napp.add_api_route('/', ask)", "online"),
        ("from django.urls import path\nurlpatterns = [path('', ask)]", "online"),
        ("from aiohttp import web\napp = web.Application()\napp.router.add_post('/', ask)", "online"),
        ("import gradio as gr\ngr.ChatInterface(ask).launch()", "online"),
        ("from telegram.ext import MessageHandler, filters\nh = MessageHandler(filters.TEXT, ask)", "online"),
        ("import typer\napp = typer.Typer()\napp.command(name='ask')(ask)", "offline"),
        (
            "from apscheduler.schedulers.background import BackgroundScheduler\n"
            "s = BackgroundScheduler()\ns.add_job(ask, 'cron')",
            "offline",
        ),
    ],
)
def test_handlers_that_are_registered(lines: str, expected: str):
    assert role(f"# file: pkg/main.py\nfrom pkg.llm import ask\n{lines}\n") == expected


@pytest.mark.parametrize(
    "packaging",
    [
        "# file: pyproject.toml\n[project]\nname = 'other'\n[project.scripts]\nask = 'pkg.commands:main'\n",
        "# file: setup.cfg\n[options.entry_points]\nconsole_scripts =\n    ask = pkg.commands:main\n",
        "# file: setup.py\nfrom setuptools import setup\n"
        "setup(name='other', entry_points={'console_scripts': ['ask = pkg.commands:main']})\n",
    ],
)
def test_console_commands(packaging: str):
    program = "# file: pkg/commands.py\nfrom pkg.llm import ask\ndef main():\n    ask('x')\n"
    assert role(program + packaging) == "offline"


REGISTRY = """
# file: pkg/registry.py
import importlib
def find(name):
    return getattr(importlib.import_module(f"pkg.{name}"), "ask")
"""
SERVER = (
    "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/')\ndef handle(q: str):\n    return find('llm')(q)\n"
)


def test_who_imports_a_module_runs_it_where_no_call_is_seen():
    assert role(REGISTRY + "# file: pkg/server.py\nfrom pkg.registry import find\n" + SERVER) == "online"


def test_a_script_beside_a_server_that_imports_it_does_not_count():
    script = "# file: scripts/fill.py\nimport argparse\nfrom pkg.registry import find\nargparse.ArgumentParser()\n"
    assert role(REGISTRY + "# file: pkg/server.py\nfrom pkg.registry import find\n" + SERVER + script) == "online"


def test_what_a_server_and_a_script_run_is_waited_for_and_both_are_shown():
    script = "# file: pkg/nightly.py\nimport argparse\nfrom pkg.registry import find\nargparse.ArgumentParser()\n"
    found = site(LLM + REGISTRY + "# file: web/server.py\nfrom pkg.registry import find\n" + SERVER + script)
    assert read(found, "surroundings.role") == "online"
    shown = [step.location.path for step in found.fact("surroundings.role").evidence]
    assert shown == ["pkg/llm.py", "web/server.py", "pkg/llm.py", "pkg/nightly.py"]


def test_what_tests_import_says_nothing():
    assert role(REGISTRY + "# file: tests/test_it.py\nfrom pkg.registry import find\n") is UNKNOWN


GUARD = "if __name__ == '__main__':\n    ask('hello')\n"
ROUTE = """
# file: pkg/server.py
from fastapi import FastAPI
from pkg.llm import ask
app = FastAPI()
@app.post("/")
def handle(q: str):
    return ask(q)
"""


def test_a_main_guard_of_an_imported_module_only_tries_it_out():
    assert role(GUARD + ROUTE) == "online"
    assert role(GUARD) == "offline"


def test_no_import_runs_what_stands_in_a_main_guard():
    found = site("""
        # file: pkg/llm.py
        from openai import OpenAI
        def clean(text):
            return text.strip()
        if __name__ == "__main__":
            OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hello"}])
        # file: pkg/server.py
        from fastapi import FastAPI
        from pkg.llm import clean
        app = FastAPI()
        @app.post("/")
        def handle(q: str):
            return clean(q)
        """)
    assert read(found, "surroundings.role") == "offline"


EVALUATION = """
# file: evaluate.py
import argparse
from pkg.llm import ask
argparse.ArgumentParser()
ask("x")
"""


@pytest.mark.parametrize(
    "deployment",
    [
        "# file: flow.flex.yaml\nentry: pkg.llm:ask\nenvironment:\n  image: python\n",
        "# file: pkg/flow.flex.yaml\nentry: llm:ask\n",
        "# file: serverless.yml\nfunctions:\n  ask:\n    handler: pkg/llm.ask\n",
        "# file: template.yaml\nResources:\n  Ask:\n    Properties:\n      Handler: pkg.llm.ask\n",
    ],
)
def test_a_deployment_names_the_function_that_answers(deployment: str):
    assert role(EVALUATION) == "offline"
    assert role(EVALUATION + deployment) == "online"


@pytest.mark.parametrize(
    "deployment",
    [
        '# file: Dockerfile\nFROM python\nCMD ["uvicorn", "--host", "0.0.0.0", "pkg.run:app"]\n',
        "# file: Procfile\nweb: gunicorn -w 4 pkg.run:app\n",
        "# file: Dockerfile\nRUN pip install chainlit\nCMD chainlit run pkg/run.py --port 80\n",
        '# file: langgraph.json\n{"graphs": {"agent": "./pkg/run.py:graph"}}\n',
    ],
)
def test_a_deployment_names_the_module_that_serves(deployment: str):
    program = "# file: pkg/run.py\nfrom pkg.llm import ask\nask('x')\n"
    assert role(program) == "offline"
    assert role(program + deployment) == "online"


@pytest.mark.parametrize(
    "text",
    [
        "# file: flow.flex.yaml\n# entry: pkg.llm:ask\n",
        "# file: flow.flex.yaml\nentry: pkg.other:ask\n",
        "# file: flow.flex.yaml\nentry: other.pkg.llm:ask\n",
        "# file: Dockerfile\nRUN pip install uvicorn\nCOPY pkg/llm.py pkg/llm.py\n",
        '# file: langgraph.json\n{"graphs": [[[\n',
    ],
)
def test_what_a_deployment_does_not_start(text: str):
    assert role(EVALUATION + text) == "offline"


def test_evaluations_and_examples_give_way_to_a_server_on_the_whole():
    program = ROUTE + "# file: evals/run.py\nfrom pkg.llm import ask\n" + GUARD
    found = site(LLM + program)
    assert read(found, "surroundings.role") == "online"
    assert path_facts(found, "surroundings.role")["evals/run.py:3"] == ("offline",)


PUBLISHED = "# file: pyproject.toml\n[build-system]\nrequires = ['hatchling']\n[project]\nname = 'pkg'\n"


def test_a_published_package_is_a_library():
    script = "# file: pkg/nightly.py\nfrom pkg.llm import ask\n" + GUARD
    assert role(PUBLISHED) == "library"
    assert role(PUBLISHED + ROUTE + script) == "library"
    assert role(PUBLISHED + "# file: examples/a.py\nfrom pkg.llm import ask\n" + GUARD) == "library"


def test_a_package_that_needs_a_web_server_is_a_program():
    assert role(PUBLISHED + "dependencies = ['fastapi>=0.100']\n") is UNKNOWN


def test_a_project_that_calls_itself_a_library_is_one_whatever_it_needs():
    said = "classifiers = ['Topic :: Software Development :: Libraries :: Python Modules']\n"
    assert role(PUBLISHED + said + "dependencies = ['fastapi>=0.100']\n") == "library"


def test_the_metadata_nearest_to_a_module_count():
    found = site("""
        # file: packages/acme-llms-openai/acme/llms/openai_like.py
        from openai import OpenAI
        def ask(question):
            return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        # file: packages/acme-llms-openai/pyproject.toml
        [build-system]
        requires = ["hatchling"]
        [project]
        name = "acme-llms-openai"
    """)
    assert read(found, "surroundings.role") == "library"


def test_a_chat_that_a_main_guard_starts_in_another_module():
    program = """
# file: pkg/loop.py
def run(answer):
    while True:
        print(answer(input("> ")))
# file: pkg/main.py
from pkg.loop import run
from pkg.llm import ask
TOOLS = {"ask": ask}
if __name__ == "__main__":
    run(TOOLS["ask"])
"""
    assert role(program) == "online"


def test_a_question_asked_until_it_is_answered_well_is_no_chat():
    program = """
# file: pkg/main.py
from pkg.llm import ask
if __name__ == "__main__":
    key = ""
    while not key:
        key = input("Key: ")
    ask(key)
"""
    assert role(program) == "offline"


def test_an_attribute_that_is_passed_is_no_method_of_that_name():
    found = site("""
        # file: pkg/checks.py
        from openai import OpenAI
        class Check:
            def name(self):
                return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        # file: pkg/main.py
        def show(text):
            print(text)
        def main(user):
            show(user.name)
        if __name__ == "__main__":
            main(load())
    """)
    assert read(found, "surroundings.role") is UNKNOWN


def test_a_function_handed_over_while_a_module_loads_is_not_run_by_that():
    graph = "# file: pkg/graph.py\nfrom langgraph.graph import StateGraph\nfrom pkg.llm import ask\n"
    assert role(graph + "builder = StateGraph(dict)\nbuilder.add_node('ask', ask)\n") is UNKNOWN


def test_commands_in_the_main_guard_of_an_imported_module_try_it_out():
    command = "# file: pkg/part.py\nfrom pkg.llm import ask\n" + GUARD.replace("ask('hello')", "fire.Fire(ask)")
    used = ROUTE.replace("from pkg.llm", "from pkg import part\nfrom pkg.llm")
    assert role(command.replace("from pkg", "import fire\nfrom pkg", 1) + used) == "online"
    assert role(command.replace("from pkg", "import fire\nfrom pkg", 1)) == "offline"


def test_scripts_around_a_published_package_try_it_out():
    script = "# file: try.py\nfrom pkg.llm import ask\n" + GUARD
    assert role(PUBLISHED + script) == "library"


@pytest.mark.parametrize("name", ["acme-ai-kit", "teamname-acme"])
def test_the_package_is_known_by_the_beginning_or_end_of_the_project(name: str):
    found = site(f"""
        # file: acme/__init__.py
        # file: acme/llm.py
        from openai import OpenAI
        def ask(question):
            return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        # file: pyproject.toml
        [build-system]
        requires = ["hatchling"]
        [project]
        name = "{name}"
    """)
    assert read(found, "surroundings.role") == "library"


def test_a_command_of_a_program_that_could_serve_is_no_proof_of_a_job():
    command = "# file: pkg/run.py\nimport argparse\nfrom pkg import web\nfrom pkg.registry import find\n"
    command += "argparse.ArgumentParser()\n"
    web = "# file: pkg/web.py\nimport flask\n"
    assert role(REGISTRY + command.replace("from pkg import web\n", "")) == "offline"
    assert role(REGISTRY + command + web) is UNKNOWN


def test_a_command_that_starts_a_server_serves():
    lines = SERVER.replace("@app.post", "import click\n@click.command()\ndef start():\n    pass\n@app.post")
    assert role(REGISTRY + "# file: pkg/server.py\nfrom pkg.registry import find\n" + lines) == "online"


def test_a_notebook_runs_what_its_cells_call():
    cell = '{"cell_type": "code", "source": ["from pkg.llm import ask\\n", "ask(1)"], "metadata": {}, "outputs": []}'
    notebook = f'# file: try.ipynb\n{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}\n'
    script = "# file: nightly.py\nimport argparse\nfrom pkg.llm import ask\nargparse.ArgumentParser()\nask('x')\n"
    found = site(LLM + notebook + script)
    assert path_facts(found, "surroundings.role") == {"try.ipynb:2": ("notebook",), "nightly.py:4": ("offline",)}


def test_a_function_that_only_tests_call_by_itself_is_run_by_who_makes_it():
    found = site("""
# file: nodes.py
from openai import OpenAI
def make_node(model):
    def node(state):
        return OpenAI().chat.completions.create(model=model, messages=[])
    return node
# file: server.py
from fastapi import FastAPI
from graphs import Graph
from nodes import make_node
app = FastAPI()
@app.post("/")
def handle():
    graph = Graph()
    graph.add_node("node", make_node("gpt-4o"))
    return graph.run()
# file: tests/test_nodes.py
from nodes import make_node
def test_node():
    node = make_node("gpt-4o")
    node({})
""")
    assert read(found, "surroundings.role") == "online"
