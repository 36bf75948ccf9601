"""What the settings assume becomes known, wherever the code reads it, with the settings as evidence."""

from __future__ import annotations

import pytest
from programs import UNKNOWN, linked, models, places, read

from llmlint.catalog.assumptions import Assumption, Assumptions
from llmlint.facts.call_site import Location

CALL = "OpenAI().chat.completions.create(model={model}, messages=[])\n"


def assumed(table: str, name: str, *values) -> Assumptions:
    found = Assumption(name, values, Location("llmlint.toml", 3))
    return Assumptions(**{table: {name: found}})


def site(program: str, assumptions: Assumptions):
    (found,) = linked(program, assumptions).call_sites
    return found


class TestEnvironment:
    @pytest.mark.parametrize(
        "expression",
        ["os.environ['MODEL']", "os.getenv('MODEL')", "os.getenv('MODEL', 'gpt-4o')", "os.environ.get('MODEL')"],
    )
    def test_a_variable(self, expression: str):
        program = f"import os\nfrom openai import OpenAI\n{CALL.format(model=expression)}"
        found = site(program, assumed("environment", "MODEL", "gpt-5.5"))
        assert models(found) == ["gpt-5.5"]
        assert "llmlint.toml:3" in places(found, "model.ids")

    def test_one_of_several(self):
        program = f"import os\nfrom openai import OpenAI\n{CALL.format(model='os.environ[`M`]'.replace('`', chr(34)))}"
        assert models(site(program, assumed("environment", "M", "gpt-5.5", "gpt-4o"))) == ["gpt-4o", "gpt-5.5"]

    def test_other_variables_stay_unknown(self):
        program = f"import os\nfrom openai import OpenAI\n{CALL.format(model='os.environ[chr(77)]')}"
        assert models(site(program, assumed("environment", "MODEL", "gpt-5.5"))) == UNKNOWN


SETTINGS = """
    # file: app/__init__.py
    # file: app/settings.py
    from dynaconf import Dynaconf
    MODEL = load("model")
    config = Dynaconf()
    class Options(BaseSettings):
        model: str
        name: str = "x"
    class Special(Options):
        pass
    # file: app/main.py
    from openai import OpenAI
    import app.settings
    import app.settings as chosen
    from app import settings
    from app.settings import MODEL, Options, Special, config
    from . import settings as near
    from django.conf import settings as outer
    def options() -> Options:
        return Options()
"""


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("app.settings.MODEL", "MODEL"),
        ("app.settings.MODEL", "settings.MODEL"),
        ("app.settings.MODEL", "app.settings.MODEL"),
        ("app.settings.MODEL", "chosen.MODEL"),
        ("app.settings.MODEL", "near.MODEL"),
        ("settings.MODEL", "settings.MODEL"),
        ("app.settings.config.model", "config.model"),
        ("app.settings.config.model", "settings.config.model"),
        ("app.settings.config.llm.model", "config.llm.model"),
        ("app.settings.Options.model", "Options().model"),
        ("app.settings.Options.model", "options().model"),
        ("app.settings.Options.model", "Special().model"),
        ("django.conf.settings.MODEL", "outer.MODEL"),
    ],
)
def test_a_setting(name: str, expression: str):
    program = f"{SETTINGS}    {CALL.format(model=expression)}"
    assert models(site(program, assumed("values", name, "gpt-5.5"))) == ["gpt-5.5"]
    assert models(site(program, assumed("values", f"elsewhere.{name}", "gpt-5.5"))) == UNKNOWN


def test_a_global_in_its_own_module():
    found = site(
        """
        from openai import OpenAI
        MODEL = load()
        def ask():
            return OpenAI().chat.completions.create(model=MODEL, messages=[])
        """,
        assumed("values", "app.MODEL", "gpt-5.5"),
    )
    assert models(found) == ["gpt-5.5"]


def test_a_parameter_of_the_same_name_is_another_thing():
    found = site(
        """
        from openai import OpenAI
        MODEL = load()
        def ask(MODEL):
            return OpenAI().chat.completions.create(model=MODEL, messages=[])
        """,
        assumed("values", "app.MODEL", "gpt-5.5"),
    )
    assert models(found) == UNKNOWN


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("app.flags.model", "flags.model()"),
        ("app.flags.model", "named('x')"),
        ("app.flags.Flags.variant", "flags.Flags().variant('model')"),
        ("unleash.Client.variant", "unleash.Client().variant('model')"),
        ("acme_flags.variant", "acme_flags.variant('model')"),
    ],
)
def test_what_a_function_returns(name: str, expression: str):
    program = f"""
        # file: app/flags.py
        def model():
            return ask_the_server()
        class Flags:
            def variant(self, name):
                return ask_the_server(name)
        # file: app/main.py
        import acme_flags
        import unleash
        from openai import OpenAI
        from app import flags
        from app.flags import model as named
        {CALL.format(model=expression)}
    """
    assert models(site(program, assumed("returns", name, "gpt-5.5"))) == ["gpt-5.5"]
    assert models(site(program, Assumptions())) == UNKNOWN


def test_numbers_and_lists():
    program = """
        import os
        from openai import OpenAI
        from conf import stops, limit
        OpenAI().chat.completions.create(model="gpt-4o", messages=[], max_tokens=limit)
    """
    assert read(site(program, assumed("values", "conf.limit", 300)), "argument.output_cap") == 300
