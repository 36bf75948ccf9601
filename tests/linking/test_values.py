"""What an argument can be: constants, settings, text in the making, collections, small helpers, data files."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, cap, models, places, read, reason, site

CALL = "OpenAI().chat.completions.create(model={model}, messages=[])\n"
HEAD = "from openai import OpenAI\n"


def model(lines: str, expression: str):
    """The possible ids for an expression behind some lines."""
    return models(site(f"{HEAD}{lines}\n{CALL.format(model=expression)}"))


def sent(lines: str, splat: str = "**options"):
    """The call that sends a splat behind some lines."""
    return site(f"{HEAD}{lines}\nOpenAI().chat.completions.create(messages=[], {splat})\n")


# --- constants -----------------------------------------------------------------------------------------------


def test_a_constant_of_another_module():
    found = site(f"""
        # file: settings.py
        MODEL = "gpt-4o"
        # file: app.py
        {HEAD.strip()}
        import settings
        from settings import MODEL as M
        OpenAI().chat.completions.create(model=M, messages=[])
    """)
    assert models(found) == ["gpt-4o"]
    assert "settings.py:1" in places(found, "model.ids")


def test_a_constant_through_three_modules():
    found = site("""
        # file: pkg/__init__.py
        from .defaults import *
        # file: pkg/defaults.py
        from pkg.names import BEST
        MODEL = BEST
        # file: pkg/names.py
        BEST = "gpt-4.1"
        # file: app.py
        import pkg
        from openai import OpenAI
        OpenAI().chat.completions.create(model=pkg.MODEL, messages=[])
    """)
    assert models(found) == ["gpt-4.1"]
    assert {"pkg/names.py:1", "pkg/defaults.py:2"} <= set(places(found, "model.ids"))


@pytest.mark.parametrize(
    ("lines", "expression"),
    [
        ("class Config:\n    MODEL = 'gpt-4o'", "Config.MODEL"),
        ("class Config:\n    MODEL = 'gpt-4o'\nclass Prod(Config):\n    pass", "Prod().MODEL"),
        ("class Config:\n    NAME = 'gpt-4o'\n    MODEL = NAME", "Config.MODEL"),
        ("class Config:\n    class Chat:\n        MODEL = 'gpt-4o'", "Config.Chat.MODEL"),
        ("from enum import Enum\nclass M(Enum):\n    BIG = 'gpt-4o'\n    SMALL = 'x'", "M.BIG.value"),
        ("from enum import Enum\nclass M(str, Enum):\n    BIG = 'gpt-4o'\n    SMALL = 'x'", "M.BIG"),
        ("from enum import StrEnum\nclass M(StrEnum):\n    BIG = 'gpt-4o'", "M.BIG"),
        ("from enum import Enum\nclass M(Enum):\n    BIG = 'gpt-4o'", "M['BIG'].value"),
        ("from dataclasses import dataclass\n@dataclass\nclass C:\n    model: str = 'gpt-4o'", "C().model"),
        (
            "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int\n    model: str = 'x'",
            "C(1, 'gpt-4o').model",
        ),
        ("from pydantic import BaseModel\nclass C(BaseModel):\n    model: str = 'gpt-4o'\nc = C()", "c.model"),
        (
            "from pydantic import BaseModel, Field\nclass C(BaseModel):\n    model: str = Field('gpt-4o', alias='m')",
            "C().model",
        ),
        ("from pydantic import BaseModel\nclass C(BaseModel):\n    model: str = 'x'", "C(model='gpt-4o').model"),
        ("from typing import NamedTuple\nclass C(NamedTuple):\n    model: str = 'gpt-4o'", "C().model"),
        ("from typing import TypedDict\nclass C(TypedDict):\n    model: str\nc = C(model='gpt-4o')", "c['model']"),
        ("from types import SimpleNamespace\nc = SimpleNamespace(model='gpt-4o')", "c.model"),
        ("from typing import Final\nMODEL: Final[str] = 'gpt-4o'", "MODEL"),
        ("import typing\nMODEL = typing.cast(str, 'gpt-4o')", "MODEL"),
        ("MODELS = ('gpt-4o', 'x')", "MODELS[0]"),
        ("MODELS = {'chat': 'gpt-4o'}", "MODELS['chat']"),
        ("MODELS = {'chat': {'big': 'gpt-4o'}}", "MODELS['chat']['big']"),
        ("MODELS = {'chat': 'gpt-4o'}", "MODELS.get('chat', 'x')"),
        ("MODELS = {}", "MODELS.get('chat', 'gpt-4o')"),
        ("KEY = 'chat'\nMODELS = {KEY: 'gpt-4o'}", "MODELS[KEY]"),
        ("a, b = 'gpt-4o', 'x'", "a"),
        ("a = b = 'gpt-4o'", "b"),
    ],
)
def test_where_a_constant_can_stand(lines: str, expression: str):
    assert model(lines, expression) == ["gpt-4o"]


def test_settings_of_pydantic_come_from_the_environment():
    found = site(f"""
        {HEAD.strip()}
        from pydantic_settings import BaseSettings
        class Settings(BaseSettings):
            model: str = "gpt-4o"
        settings = Settings()
        OpenAI().chat.completions.create(model=settings.model, messages=[])
    """)
    assert models(found)[:1] == ["gpt-4o"]


def test_a_settings_object_of_another_module():
    found = site("""
        # file: core/config.py
        from functools import lru_cache
        from pydantic import BaseModel
        class Settings(BaseModel):
            model: str = "gpt-4o-mini"
            cap: int = 300
        @lru_cache
        def get_settings() -> Settings:
            return Settings()
        # file: app.py
        from openai import OpenAI
        from core.config import get_settings
        settings = get_settings()
        OpenAI().chat.completions.create(model=settings.model, max_tokens=settings.cap, messages=[])
    """)
    assert (models(found), cap(found)) == (["gpt-4o-mini"], 300)
    assert "core/config.py:4" in places(found, "model.ids")


# --- from outside the program --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "os.getenv('MODEL', 'gpt-4o')",
        "os.environ.get('MODEL', 'gpt-4o')",
        "os.environ.get('MODEL') or 'gpt-4o'",
        "os.getenv('MODEL', default='gpt-4o')",
        "str(os.getenv('MODEL', 'gpt-4o'))",
        "os.getenv('MODEL', 'gpt-4o').strip()",
        "getenv('MODEL', DEFAULT)",
    ],
)
def test_the_environment_with_a_default(expression: str):
    assert model("import os\nfrom os import getenv\nDEFAULT = 'gpt-4o'", expression) == ["gpt-4o", "..."]


@pytest.mark.parametrize("expression", ["os.getenv('MODEL')", "os.environ['MODEL']", "os.environ.get('MODEL')"])
def test_the_environment_without_a_default(expression: str):
    found = site(f"{HEAD}import os\nm = {expression}\n{CALL.format(model='m')}")
    assert models(found) is UNKNOWN
    assert "MODEL" in reason(found, "model.ids") and "environment" in reason(found, "model.ids")


@pytest.mark.parametrize("number", ["int(os.getenv('CAP', '200'))", "int(os.environ.get('CAP', 200))"])
def test_a_number_from_the_environment(number: str):
    found = site(f"import os\n{HEAD}OpenAI().chat.completions.create(model='m', messages=[], max_tokens={number})\n")
    assert cap(found) in (200, None, UNKNOWN)
    assert cap(found) is not ABSENT


def test_an_option_of_the_command_line():
    found = site(f"""
        import argparse
        {HEAD.strip()}
        parser = argparse.ArgumentParser()
        parser.add_argument("--model", "-m", default="gpt-4o")
        parser.add_argument("--max-tokens", type=int, dest="cap", default=99)
        args = parser.parse_args()
        OpenAI().chat.completions.create(model=args.model, max_tokens=args.cap, messages=[])
    """)
    assert models(found) == ["gpt-4o", "..."]
    assert "app.py:4" in places(found, "model.ids")


def test_an_option_of_the_command_line_without_default():
    found = site(f"""
        import argparse
        {HEAD.strip()}
        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("model")
            args = parser.parse_args()
            OpenAI().chat.completions.create(model=args.model, messages=[])
    """)
    assert models(found) is UNKNOWN
    assert "command line" in reason(found, "model.ids")


@pytest.mark.parametrize(
    "option",
    [
        "@click.option('--model', default='gpt-4o')",
        "@click.option('-m', '--model', default='gpt-4o', show_default=True)",
    ],
)
def test_options_of_click(option: str):
    found = site(
        f"import click\n{HEAD}@click.command()\n{option}\ndef main(model):\n    {CALL.format(model='model').strip()}\n"
    )
    assert models(found) == ["gpt-4o", "..."]


def test_options_of_typer():
    found = site(
        f"import typer\n{HEAD}app = typer.Typer()\n@app.command()\n"
        f"def main(model: str = typer.Option('gpt-4o', '--model')):\n    {CALL.format(model='model').strip()}\n"
    )
    assert models(found) == ["gpt-4o", "..."]


def test_a_function_default():
    found = site(
        f"{HEAD}def ask(model='gpt-4o', cap=64):\n    OpenAI().chat.completions.create(model=model, max_tokens=cap, messages=[])\n"
    )
    assert models(found) == ["gpt-4o", "..."]
    assert "app.py:2" in places(found, "model.ids")


def test_a_default_that_all_callers_take():
    found = site(f"{HEAD}def ask(model='gpt-4o'):\n    {CALL.format(model='model').strip()}\nask()\nask()\n")
    assert models(found) == ["gpt-4o"]


# --- several values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    ["'a' if x else 'b'", "('a', 'b')[x]", "{'p': 'a'}.get(x, 'b')", "pick()"],
)
def test_one_of_two(expression: str):
    lines = "x = bool(input())\ndef pick():\n    if x:\n        return 'a'\n    return 'b'"
    assert model(lines, expression) == ["a", "b"]


def test_a_choice_by_an_unknown_key():
    assert model("MODELS = {'fast': 'a', 'good': 'b'}\nkey = input()", "MODELS[key]")[:2] == ["a", "b"]


@pytest.mark.parametrize(
    "value", ["None or 'gpt-4o'", "'' or 'gpt-4o'", "'gpt-4o' or 'x'", "DEBUG and 'x' or 'gpt-4o'"]
)
def test_an_or_that_is_decided(value: str):
    assert model("DEBUG = False", value) == ["gpt-4o"]


def test_several_models_have_no_single_price():
    found = site(f"{HEAD}import sys\n{CALL.format(model='''('gpt-4o' if sys.argv else 'gpt-4o-mini')''')}")
    assert models(found) == ["gpt-4o", "gpt-4o-mini"]
    assert read(found, "model.input_price") is UNKNOWN
    assert "several" in reason(found, "model.tier")


# --- text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "f'{NAME}-4o'",
        "f'{NAME.lower()}-{4}o'",
        "NAME + '-4o'",
        "'%s-%do' % (NAME, 4)",
        "'%(name)s-4o' % {'name': NAME}",
        "'{}-4o'.format(NAME)",
        "'{0}-{1}o'.format(NAME, 4)",
        "'{name}-4o'.format(name=NAME)",
        "'{n}-4o'.format(**{'n': NAME})",
        "'{n}-4o'.format_map({'n': NAME})",
        "'-'.join([NAME, '4o'])",
        "'-'.join((NAME, '4o'))",
        "Template('$n-4o').substitute(n=NAME)",
        "Template('${n}-4o').safe_substitute({'n': NAME})",
        "'NAME-4o'.replace('NAME', NAME)",
        "' gpt-4o\\n'.strip()",
        "'GPT-4o'.replace('GPT', 'gpt')",
        "textwrap.dedent('''\\\n    gpt-4o''')",
        "'openai/gpt-4o'.split('/')[1]",
        "'openai/gpt-4o'.split('/')[-1]",
        "'openai/gpt-4o'.removeprefix('openai/')",
        "'gpt-' '4o'",
        "('gpt-'\n    '4o')",
        "str('gpt-4o')",
    ],
)
def test_text_that_is_built(expression: str):
    assert model("import textwrap\nfrom string import Template\nNAME = 'gpt'", expression) == ["gpt-4o"]


@pytest.mark.parametrize(
    "expression",
    [
        "'--gpt-4o--'.strip('-')",
        "'xgpt-4o'.lstrip('x')",
        "'a/b/gpt-4o'.rsplit('/', 1)[1]",
        "'a/gpt-4o'.partition('/')[2]",
        "'gpt-4o-2024'[:6]",
        "'{:>6}'.format('gpt-4o')",
        "'{0[m]}'.format({'m': 'gpt-4o'})",
        "'{!s}'.format('gpt-4o')",
        "'%6s' % 'gpt-4o'",
        "'gpt-4%s' % 'o'.lower()",
        "'GPT-4O'.lower()",
        "'gpt-4o'.encode().decode()",
        "'gpt{{-4o'.format().replace('{', '')",
        "f'{\"gpt-4o\":s}'",
        'f\'{"gpt-4o"!r}\'.strip("\'")',
        "'a:gpt-4o'.split(':', maxsplit=1)[1]",
        "'gpt-4o' * 1",
    ],
)
def test_text_is_right_or_unknown(expression: str):
    assert model("", expression) in (["gpt-4o"], UNKNOWN)


# --- lists and dictionaries ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "stop = ['a', 'b']",
        "stop = ['a']\nstop.append('b')",
        "stop = ['a']\nstop += ['b']",
        "stop = ['a']\nstop.extend(['b'])",
        "stop = ['b']\nstop.insert(0, 'a')",
        "stop = ['a'] + ['b']",
        "stop = [*['a'], 'b']",
        "stop = []\nfor each in ():\n    pass\nstop = ['a', 'b']",
        "stop = list(('a', 'b'))",
        "stop = 'a,b'.split(',')",
        "stop = ['b', 'a'][::-1]\nstop = ['a', 'b']",
    ],
)
def test_lists(lines: str):
    assert read(sent(lines, "model='m', stop=stop"), "argument.stop") == ["a", "b"]


@pytest.mark.parametrize(
    "lines",
    [
        "options = {'model': 'gpt-4o', 'max_tokens': 7}",
        "options = dict(model='gpt-4o', max_tokens=7)",
        "options = {'model': 'gpt-4o'}\noptions['max_tokens'] = 7",
        "options = {'model': 'gpt-4o'}\noptions.update(max_tokens=7)",
        "options = {'model': 'gpt-4o'}\noptions.update({'max_tokens': 7})",
        "options = {'model': 'x', 'max_tokens': 7}\noptions['model'] = 'gpt-4o'",
        "options = {'model': 'gpt-4o'}\noptions.setdefault('max_tokens', 7)",
        "options = {'model': 'gpt-4o', 'max_tokens': 7}\noptions.setdefault('max_tokens', 8)",
        "options = {**{'model': 'gpt-4o'}, 'max_tokens': 7}",
        "options = {'model': 'x', **{'model': 'gpt-4o', 'max_tokens': 7}}",
        "options = {'model': 'gpt-4o'} | {'max_tokens': 7}",
        "options = {'model': 'gpt-4o'}\noptions |= {'max_tokens': 7}",
        "options = dict({'model': 'gpt-4o'}, max_tokens=7)",
        "options = dict(model='gpt-4o', **{'max_tokens': 7})",
        "import copy\noptions = copy.deepcopy({'model': 'gpt-4o', 'max_tokens': 7})",
        "options = {'model': 'gpt-4o', 'max_tokens': 7}.copy()",
        "def make():\n    return {'model': 'gpt-4o', 'max_tokens': 7}\noptions = make()",
        "def make(cap):\n    out = {'model': 'gpt-4o'}\n    out['max_tokens'] = cap\n    return out\noptions = make(7)",
        "options = {}\noptions['model'], options['max_tokens'] = 'gpt-4o', 7",
        "class C:\n    options = {'model': 'gpt-4o', 'max_tokens': 7}\noptions = C.options",
        "options = {'model': 'gpt-4o', 'max_tokens': 8, 'stop': None}\noptions.update(max_tokens=7)\ndel options['stop']",
        "from dataclasses import asdict, dataclass\n@dataclass\nclass O:\n    model: str = 'gpt-4o'\n    max_tokens: int = 7\noptions = asdict(O())",
        "from pydantic import BaseModel\nclass O(BaseModel):\n    model: str = 'gpt-4o'\n    max_tokens: int = 7\noptions = O().model_dump()",
    ],
)
def test_dictionaries_that_are_spread(lines: str):
    found = sent(lines)
    assert (models(found), cap(found)) == (["gpt-4o"], 7)


def test_a_key_that_is_put_in_on_one_branch_only():
    found = sent("options = {'model': 'm'}\nif input():\n    options['max_tokens'] = 7")
    assert cap(found) is UNKNOWN
    assert "some ways" in reason(found, "argument.output_cap")


def test_a_key_that_is_put_in_on_both_branches():
    lines = "options = {'model': 'm'}\nif input():\n    options['max_tokens'] = 7\nelse:\n    options['max_tokens'] = 8"
    assert cap(sent(lines)) is None  # given, but not one constant


@pytest.mark.parametrize(
    "lines",
    [
        "options = {'model': 'm', 'max_tokens': 7}\ndel options['max_tokens']",
        "options = {'model': 'm', 'max_tokens': 7}\noptions.pop('max_tokens')",
        "options = {'model': 'm', 'max_tokens': None}",
        "options = {'model': 'm'}\nother = {'max_tokens': 7}",
    ],
)
def test_a_key_that_is_not_there(lines: str):
    assert cap(sent(lines)) is ABSENT


@pytest.mark.parametrize(
    "lines",
    [
        "import json, sys\noptions = json.load(sys.stdin)",
        "import yaml\noptions = yaml.safe_load(open(input()))",
        "from somewhere import options",
        "options = dict(input())",
        "options = {key: 1 for key in input()}",
        "options = {'model': 'm'}\noptions.update(input())",
        "options = {}\noptions[input()] = 3",
        "import os\noptions = dict(os.environ)",
    ],
)
def test_a_splat_that_is_not_known(lines: str):
    assert cap(sent(lines)) is UNKNOWN


def test_keywords_beside_a_splat_are_known():
    found = sent("from somewhere import options", "model='gpt-4o', **options")
    assert models(found) == ["gpt-4o"]


def test_nested_fields():
    found = site(
        f"{HEAD}OpenAI().responses.create(model='m', input='x', reasoning={{'effort': 'low'}}, "
        "text={'format': {'type': 'text'}, 'verbosity': 'high'})\n"
    )
    assert (read(found, "argument.effort"), read(found, "argument.verbosity")) == ("low", "high")


@pytest.mark.parametrize(
    "body", ["{'max_completion_tokens': 7}", "dict(max_completion_tokens=7)", "{**{'max_completion_tokens': 7}}"]
)
def test_fields_of_an_extra_body(body: str):
    assert cap(sent("", f"model='m', extra_body={body}")) == 7


@pytest.mark.parametrize("body", ["load()", "load() or {}", "load() if x else None", "{**load()}", "json.loads(x)"])
def test_fields_of_an_extra_body_that_cannot_be_followed(body: str):
    found = sent("import json", f"model='m', seed=1, extra_body={body}")
    assert cap(found) is UNKNOWN
    assert read(found, "argument.seed") == 1
    assert models(found) == ["m"]


@pytest.mark.parametrize("body", ["None", "{}", "{'top_k': load()}", "NOT_GIVEN"])
def test_an_extra_body_without_a_cap(body: str):
    assert cap(sent("from openai import NOT_GIVEN", f"model='m', extra_body={body}")) is ABSENT


@pytest.mark.parametrize("nothing", ["None", "NOT_GIVEN", "openai.NOT_GIVEN", "openai.omit", "NotGiven()"])
def test_sentinels_are_nothing(nothing: str):
    assert (
        cap(sent("import openai\nfrom openai import NOT_GIVEN, NotGiven", f"model='m', max_tokens={nothing}")) is ABSENT
    )


def test_a_sentinel_or_a_number():
    assert cap(sent("from openai import NOT_GIVEN", "model='m', max_tokens=int(input()) or NOT_GIVEN")) is UNKNOWN


# --- calculations and helpers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "50",
        "25 * 2",
        "100 // 2",
        "(1 << 5) + 18",
        "int('50')",
        "int(50.0)",
        "max(10, 50)",
        "min(50, 99)",
        "len('a' * 50)",
    ],
)
def test_numbers_are_right_or_not_stated(number: str):
    assert cap(sent("", f"model='m', max_tokens={number}")) in (50, None)


@pytest.mark.parametrize(
    "lines",
    [
        "def pick():\n    return 'gpt-4o'",
        "def pick(name='gpt'):\n    return name + '-4o'",
        "def inner(name):\n    return f'{name}-4o'\ndef pick():\n    name = inner('gpt')\n    return name",
        "pick = lambda: 'gpt-4o'",
        "import functools\n@functools.cache\ndef pick():\n    return 'gpt-4o'",
        "import functools\ndef choose(a, b):\n    return a\npick = functools.partial(choose, 'gpt-4o', 'x')",
        "class Picker:\n    def __init__(self, name):\n        self.name = name\n    def pick(self):\n        return self.name\npick = Picker('gpt-4o').pick",
        "class Picker:\n    @staticmethod\n    def pick():\n        return 'gpt-4o'\npick = Picker.pick",
        "def pick(big=True):\n    if big:\n        return 'gpt-4o'\n    else:\n        return 'gpt-4o-mini'",
        "def pick():\n    try:\n        return 'gpt-4o'\n    finally:\n        print('done')",
        "TABLE = {'x': lambda: 'gpt-4o'}\npick = TABLE['x']",
    ],
)
def test_small_helpers(lines: str):
    assert model(lines, "pick()") == ["gpt-4o"]


def test_a_helper_that_is_asked_for_several():
    lines = "def pick(kind):\n    return {'chat': 'a', 'code': 'b'}[kind]\nx = pick('code')"
    assert model(lines, "pick('chat')") == ["a"]


# --- data files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ('config.json\n{"model": "gpt-4o"}', "import json\nc = json.load(open('config.json'))"),
        ('config.json\n{"model": "gpt-4o"}', "import json\nwith open('config.json') as f:\n    c = json.load(f)"),
        (
            'config.json\n{"model": "gpt-4o"}',
            "import json\nfrom pathlib import Path\nc = json.loads(Path('config.json').read_text())",
        ),
        ("conf/a.yaml\nmodel: gpt-4o", "import yaml\nwith open('conf/a.yaml') as f:\n    c = yaml.safe_load(f)"),
        (
            "conf/a.yml\nmodel: gpt-4o",
            "import os, yaml\np = os.path.join(os.path.dirname(__file__), 'conf', 'a.yml')\nc = yaml.safe_load(open(p, 'r', encoding='utf-8').read())",
        ),
        (
            'conf/a.toml\nmodel = "gpt-4o"',
            "import tomllib\nfrom pathlib import Path\nc = tomllib.loads((Path(__file__).parent / 'conf' / 'a.toml').read_text())",
        ),
        (
            'conf/a.toml\nmodel = "gpt-4o"',
            "import tomllib\nwith open('conf/a.toml', 'rb') as f:\n    c = tomllib.load(f)",
        ),
        ("conf/.env\nmodel='gpt-4o' # big", "from dotenv import dotenv_values\nc = dotenv_values('conf/.env')"),
    ],
)
def test_settings_in_data_files(data: str, lines: str):
    name, _, text = data.partition("\n")
    files = {name: text + "\n", "app.py": f"{HEAD}{lines}\n{CALL.format(model='c[' + repr('model') + ']')}"}
    found = site(files)
    assert models(found) == ["gpt-4o"]
    assert f"{name}:1" in places(found, "model.ids")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("import os\nfrom dotenv import load_dotenv\nload_dotenv()\nM = os.environ['MODEL']", ["gpt-4o", "..."]),
        (
            "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nM = os.getenv('MODEL', 'gpt-4')",
            ["gpt-4o", "..."],
        ),
        ("import os\nM = os.getenv('MODEL', 'gpt-4')", ["gpt-4", "..."]),
        ("import os\nfrom dotenv import load_dotenv\nload_dotenv()\nM = os.environ['OTHER']", UNKNOWN),
    ],
)
def test_an_environment_file_that_is_loaded(lines: str, expected: object):
    files = {".env": "# settings\nexport MODEL=gpt-4o\nOTHER=\n", "app.py": f"{HEAD}{lines}\n{CALL.format(model='M')}"}
    assert models(site(files)) == expected


def test_a_prompt_file_beside_the_module():
    found = site(
        {
            "pkg/prompts/system.txt": "You are a poet.\n",
            "pkg/app.py": "from pathlib import Path\nfrom openai import OpenAI\n"
            "TEXT = (Path(__file__).parent / 'prompts' / 'system.txt').read_text()\n"
            "OpenAI().chat.completions.create(model='m', messages=[{'role': 'system', 'content': TEXT}])\n",
        }
    )
    assert read(found, "prompt.text") == "You are a poet.\n"


@pytest.mark.parametrize("path", ["'../secret.json'", "'/etc/config.json'", "input()", "'missing.json'", "'bad.json'"])
def test_files_that_are_not_read(path: str):
    files = {
        "bad.json": "{no json",
        "app.py": f"import json\n{HEAD}c = json.load(open({path}))\n{CALL.format(model='c[0]')}",
    }
    assert models(site(files)) is UNKNOWN


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(
            """
            # file: settings.py
            MODEL = "gpt-4o"
            # file: main.py
            import settings
            import llm
            settings.MODEL = "gpt-4o-mini"
            llm.ask()
            # file: llm.py
            import settings
            from openai import OpenAI
            def ask():
                OpenAI().chat.completions.create(model=settings.MODEL, messages=[])
            """,
            ["gpt-4o", "gpt-4o-mini"],
            id="a module's global",
        ),
        pytest.param(
            """
            from openai import OpenAI
            class Bot:
                def __init__(self, model):
                    self.model = model
                def ask(self):
                    OpenAI().chat.completions.create(model=self.model, messages=[])
            bot, other = Bot("gpt-4o"), Bot("o3")
            same = bot
            same.model = "gpt-4o-mini"
            other.model = "o1"
            bot.ask()
            """,
            ["gpt-4o", "gpt-4o-mini"],
            id="an object under a second name, and not another one",
        ),
        pytest.param(
            """
            from openai import OpenAI
            class Bot:
                model = "gpt-4o"
            def ask():
                OpenAI().chat.completions.create(model=Bot().model, messages=[])
            setattr(Bot, "model", "gpt-4o-mini")
            """,
            ["gpt-4o", "gpt-4o-mini"],
            id="a class",
        ),
        pytest.param(
            """
            from openai import OpenAI
            class Bot:
                model = "gpt-4o"
            bot = Bot()
            OpenAI().chat.completions.create(model=bot.model, messages=[])
            bot.model = "gpt-4o-mini"
            """,
            ["gpt-4o"],
            id="only later",
        ),
    ],
)
def test_attributes_set_from_outside(program: str, expected: list[str]):
    assert models(site(program)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("o = {'a': {'m': 'gpt-4o'}}\no['a']['m'] = 'o3'", ["gpt-4o", "o3"]),
        ("i = {'m': 'gpt-4o'}\no = {'a': i}\ni['m'] = 'o3'", ["gpt-4o", "o3"]),
        ("o = {'a': {'m': 'gpt-4o'}}\nfor e in o.values():\n    e['m'] = 'o3'", ["gpt-4o", "o3"]),
        ("o = {'a': {'m': 'gpt-4o'}}\ndef f(p):\n    p = dict(p)\n    p['a'] = {'m': 'o3'}\nf(o)", ["gpt-4o"]),
        ("o = {'a': {'m': 'gpt-4o'}}\nother = dict(o)\nother['a'] = {'m': 'o3'}", ["gpt-4o"]),
        ("o = {'a': {'m': 'gpt-4o'}, 'b': {}}\no['b']['m'] = 'o3'", ["gpt-4o"]),
        ("n = {}\no = {'a': {'m': 'gpt-4o'}}\nh = {'o': o, 'n': n}\nn['a'] = {'m': 'o3'}", ["gpt-4o"]),
        ("n = {}\no = {'a': {'m': 'gpt-4o'}}\nh = {'o': o, 'n': n}\nh['n']['a'] = {'m': 'o3'}", ["gpt-4o"]),
        ("n = {}\no = {'a': {'m': 'gpt-4o'}}\nh = {'o': o, 'n': n}\nh['o']['a'] = {'m': 'o3'}", ["gpt-4o", "o3"]),
    ],
)
def test_what_a_collection_holds_changes_under_other_names(lines: str, expected: list[str]):
    send = "OpenAI().chat.completions.create(model=o['a']['m'], messages=[])"
    assert models(site(f"from openai import OpenAI\n{lines}\n{send}\n")) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("return f(*a, **k)", 7),
        ("k['cap'] = 8\n        return f(*a, **k)", None),
        (
            "for _ in range(3):\n            try:\n                return f(*a, **k)\n            except OSError: pass",
            7,
        ),
        ("return f(1, *a, **k)", None),  # given, whatever it is
    ],
)
def test_decorators_of_the_project(inside: str, expected: object):
    program = f"""from openai import OpenAI
def around(f):
    def wrapper(*a, **k):
        {inside}
    return wrapper
@around
def ask(cap=9):
    OpenAI().chat.completions.create(model="gpt-4o", max_tokens=cap, messages=[])
ask(7)
"""
    assert cap(site(program)) == expected


@pytest.mark.parametrize(("more", "expected"), [("", UNKNOWN), (", fallback='gpt-4o'", ["gpt-4o"])])
def test_a_configuration_file_is_asked_for_a_section_and_an_option(more: str, expected: object):
    found = site(f"""
        import configparser
        from openai import OpenAI
        config = configparser.ConfigParser()
        config.read("settings.ini")
        OpenAI().chat.completions.create(model=config.get("openai", "MODEL"{more}), messages=[])
        """)
    assert read(found, "model.ids") == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("f'{kind}_model'", ["a", "b"]),
        ("f'fast_{kind}'", ["a"]),
        ("f'{kind}_url'", ["c"]),
        ("kind", ["a", "b", "c"]),
        ("'fast_model' if x else f'{kind}_url'", ["a", "c"]),
    ],
)
@pytest.mark.parametrize("taken", ["settings[KEY]", "settings.get(KEY)"])
def test_only_what_a_key_fits_is_looked_up(key: str, expected: list[str], taken: str):
    found = sent(
        "settings = {'fast_model': 'a', 'slow_model': 'b', 'slow_url': 'c'}\nkind, x = read(), read()",
        f"model={taken.replace('KEY', key)}",
    )
    assert sorted({*models(found)} - {"..."}) == expected


def test_text_of_dots_and_stars_in_a_key():
    found = sent("settings = {'a.b*': 'x', 'axbx': 'y'}\nkind = read()", "model=settings[f'a.{kind}']")
    assert {*models(found)} - {"..."} == {"x"}
