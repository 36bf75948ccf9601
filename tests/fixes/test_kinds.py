"""What each kind of fix does to code. After every change the rule has nothing to say any more."""

from __future__ import annotations

import ast

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.edits import KINDS as DECLARED
from llmlint.edits import Fix
from llmlint.fixes.making import KINDS
from llmlint.linking import link
from llmlint.mending import applied, with_fixes
from llmlint.policy import RulePolicy, evaluate
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.rule_examples import ExampleProject

RULES = {rule.rule: rule for rule in load_rules([builtin_rules()])}
HEAD = "import json\n\nfrom openai import OpenAI\n\nclient = OpenAI()\n\n\n"
SMALL = {"prefix_tokens": 10, "stranded_tokens": 5}
FIXED_TEXT = "You answer questions about our museums. Name the hours. Say when they are closed. Name the last bus, too."


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.fixture
def fix(catalog):
    """The files after all fixes of a rule, and the fixes; the rule has nothing to say about what was changed."""

    def run(rule: str, code: str, options=None, **files: str) -> tuple[str, list[Fix]]:
        before = {"app.py": code, **{name.replace("__", "."): text for name, text in files.items()}}
        found = judged(rule, before, options)
        new = applied(found, ExampleProject(before))
        for text in new.values():
            ast.parse(text)
        after = judged(rule, {**before, **new}, options)
        assert not new or len(after) < len(found), "the fix must do away with the finding"
        return new.get("app.py", ""), [each.fix for each in found if each.fix is not None]

    def judged(rule, files, options):
        project = ExampleProject(files)
        sites = link(project, catalog, today=catalog.data.models.as_of).call_sites
        return with_fixes(evaluate([RULES[rule]], sites, [RulePolicy(options=options or {})]).findings, project)

    return run


def test_every_kind_has_its_code():
    assert set(KINDS) == set(DECLARED)


# --- send-schema --------------------------------------------------------------------------------------------


def asking(body: str, *, prompt: str = "'Answer in JSON. '", head: str = HEAD, returns: str = "") -> str:
    """A function that asks in JSON mode and reads the answer; six lines are what calls."""
    arrow = f" -> {returns}" if returns else ""
    return (
        f"{head}def ask(text: str){arrow}:\n"
        "    completion = client.chat.completions.create(\n"
        '        model="gpt-5.5",\n'
        f'        messages=[{{"role": "user", "content": {prompt} + text}}],\n'
        f'        response_format={{"type": "json_object"}},\n'
        "    )\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    )


RULE = "json-mode-without-schema"
LOADS = "json.loads(completion.choices[0].message.content)"


def test_a_class_is_sent_where_the_project_uses_pydantic(fix):
    code = asking(f"data = {LOADS}\nreturn data['title'].strip(), int(data['count'])")
    new, _ = fix(RULE, code, **{"other__py": "import pydantic\n"})
    assert new == (
        "from openai import OpenAI\n"
        "from pydantic import BaseModel\n"
        "\n"
        "client = OpenAI()\n\n\n"
        "class AskAnswer(BaseModel):\n"
        "    title: str\n"
        "    count: int\n\n\n"
        "def ask(text: str):\n"
        "    completion = client.chat.completions.parse(\n"
        '        model="gpt-5.5",\n'
        """        messages=[{"role": "user", "content": 'Answer in JSON. ' + text}],\n"""
        "        response_format=AskAnswer,\n"
        "    )\n"
        "    data = completion.choices[0].message.parsed\n"
        "    return data.title.strip(), int(data.count)\n"
    )


def test_lists_of_objects_and_names_on_the_way(fix):
    body = (
        "content = completion.choices[0].message.content.strip()\n"
        "data = json.loads(content)\n"
        "for line in data['lines']:\n"
        "    print(line['article'].upper(), float(line['price']) * line.get('count', 1))\n"
        "if data['paid'] is True:\n"
        "    print(f'{data[\"number\"]} is paid')"
    )
    new, _ = fix(RULE, asking(body), other__py="import pydantic\n")
    assert "class Line(BaseModel):\n    article: str\n    price: float\n    count: int\n" in new
    assert "class AskAnswer(BaseModel):\n    lines: list[Line]\n    paid: bool\n    number: str\n" in new
    assert "    data = completion.choices[0].message.parsed\n    for line in data.lines:\n" in new
    assert "print(line.article.upper(), float(line.price) * line.count)" in new
    assert "content = " not in new


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("data = json.loads(completion.choices[0].message.content)\nreturn data", "what others read can't be seen"),
        ("data = json.loads(completion.choices[0].message.content)\nprint(data['title'].strip(), data)", "it goes on"),
        ("data = json.loads(completion.choices[0].message.content)\nreturn data['title']", "no type is shown"),
    ],
)
def test_nothing_is_changed_where_the_shape_is_not_certain(fix, body, why):
    new, fixes = fix(RULE, asking(body), other__py="import pydantic\n")
    assert new == "", why
    assert all(not each.edits for each in fixes)


def test_what_is_not_certain_is_shown(fix):
    body = f"data = {LOADS}\nstore(data['title'], float(data['price']))"
    _, (shown,) = fix(RULE, asking(body), other__py="import pydantic\n")
    assert shown.sketch == (
        "class AskAnswer(BaseModel):\n"
        "    title: str  # a guess: nothing shows its type\n"
        "    price: float\n\n\n"
        "completion = client.chat.completions.parse(..., response_format=AskAnswer)\n"
        "data = completion.choices[0].message.parsed\n"
    )


def test_a_json_schema_where_pydantic_is_not_used(fix):
    new, _ = fix(RULE, asking(f"return {LOADS}['title']", returns="str"))
    assert 'response_format=ASK_ANSWER,\n' in new
    assert f"return {LOADS}['title']" in new
    tree = ast.parse(new)
    (made,) = (node.value for node in tree.body if isinstance(node, ast.Assign) and "ASK" in ast.unparse(node))
    assert ast.literal_eval(made) == {
        "type": "json_schema",
        "json_schema": {
            "name": "ask_answer",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"title": {"type": "string"}},
                "required": ["title"],
                "additionalProperties": False,
            },
        },
    }


@pytest.mark.parametrize(
    ("pin", "method"),
    [
        ("openai==1.30.1", "create"),
        ("openai>=1.12,<1.50", "create"),
        ("openai==1.99.0", "parse"),
        ("openai>=1", "parse"),
    ],
)
def test_the_pinned_sdk_decides_on_the_method(fix, pin, method):
    code = asking(f"return {LOADS}['title']", returns="str")
    new, _ = fix(RULE, code, other__py="import pydantic\n", requirements__txt=f"flask==3.0\n{pin}\n")
    assert f"client.chat.completions.{method}(" in new


@pytest.mark.parametrize(
    "body",
    [
        f"data = {LOADS}\nif 'title' in data:\n    print(data['title'].strip())",
        f"data = {LOADS}\nprint(data['class'].strip())",
        "text = completion.choices[0].message.content.replace('```', '')\nprint(json.loads(text)['title'].strip())",
    ],
    ids=["asks for a key", "no name of a field", "text is changed"],
)
def test_what_no_class_can_do_a_json_schema_does(fix, body):
    new, _ = fix(RULE, asking(body), other__py="import pydantic\n")
    assert "response_format=ASK_ANSWER" in new
    assert body.split("\n")[-1] in new


def test_the_class_that_reads_is_the_one_that_is_sent(fix):
    head = "from openai import OpenAI\n\nfrom shapes import Ticket\n\nclient = OpenAI()\n\n\n"
    body = "return Ticket.model_validate_json(completion.choices[0].message.content)"
    shapes = "from pydantic import BaseModel\n\n\nclass Ticket(BaseModel):\n    title: str\n"
    new, _ = fix(RULE, asking(body, head=head), shapes__py=shapes)
    assert "response_format=Ticket,\n" in new
    assert "    return completion.choices[0].message.parsed\n" in new


def test_types_come_from_examples_in_the_prompt_too(fix):
    prompt = """'Answer in JSON: {"title": "...", "score": 7, "sure": true, "price": 1.5}. '"""
    body = f"data = {LOADS}\nstore(data['title'], data['score'], data['sure'], data['price'])"
    new, _ = fix(RULE, asking(body, prompt=prompt), other__py="import pydantic\n")
    assert "    title: str\n    score: int\n    sure: bool\n    price: float\n" in new


def test_keys_that_the_prompt_asks_for_stay_in_the_answer(fix):
    """Nobody reads the reasoning, but a schema without it would do away with it."""
    prompt = """'Answer in JSON: {"reasoning": "...", "parts": [{"name": "...", "price": 1.5}], "sure": true}. '"""
    body = f"data = {LOADS}\nprint([part['name'].strip() for part in data['parts']], bool(data['sure']))"
    new, _ = fix(RULE, asking(body, prompt=prompt), other__py="import pydantic\n")
    assert "class Part(BaseModel):\n    name: str\n    price: float\n" in new
    assert "class AskAnswer(BaseModel):\n    reasoning: str\n    parts: list[Part]\n    sure: bool\n" in new


def test_an_example_of_something_else_gives_no_keys(fix):
    prompt = """'The input is {"title": "...", "author": "..."}. Answer in JSON with title and score. '"""
    body = f"data = {LOADS}\nprint(data['title'].strip(), int(data['score']))"
    new, _ = fix(RULE, asking(body, prompt=prompt), other__py="import pydantic\n")
    assert "class AskAnswer(BaseModel):\n    title: str\n    score: int\n" in new


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("- codes: array of error codes", "array"),
        ("codes (integer)", "integer"),
        ("`codes` is a boolean", "boolean"),
        ("codes: what you think", "string"),
        ('{"kind": "a" | "b",  // one of these\\n"codes": 1-10}', "integer"),
    ],
)
def test_types_are_said_in_words(fix, words, kind):
    prompt = f"'Answer in JSON.\\n{words}\\n'"
    _, (shown,) = fix(RULE, asking(f"data = {LOADS}\nstore(data['codes'])", prompt=prompt))
    assert f'"codes": {{"type": "{kind}"' in shown.sketch


def test_types_come_from_annotations(fix):
    head = HEAD + "class Ticket:\n    title: str\n    parts: list[int]\n\n\ndef store(place: str | None): ...\n\n\n"
    body = (
        f"data = {LOADS}\nkind: int = data['kind']\nstore(data['place'])\n"
        "return Ticket(title=data['title'], parts=data['parts'])"
    )
    _, (made,) = fix(RULE, asking(body, head=head), other__py="import pydantic\n")
    assert made.sketch.split("\n\n")[0] == (
        "class AskAnswer(BaseModel):\n    kind: int\n    place: str | None\n    title: str\n    parts: list[int]"
    )


def test_all_values_of_a_mapping_have_one_type(fix):
    use = "from app import ask\n\nfound = ask('x')\nprint(dict(\n    a=found['a'],\n    b=found['b'],\n))\n"
    _, (shown,) = fix(RULE, asking(f"return {LOADS}", returns="dict[str, int]"), use__py=use)
    assert '"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}' in shown.sketch


def test_other_arguments_of_responses_stay(fix):
    code = (
        f"{HEAD}def ask(text: str) -> str:\n"
        '    response = client.responses.create(model="gpt-5.5", input="Answer in JSON. " + text,\n'
        '                                       text={"format": {"type": "json_object"}, "verbosity": "low"})\n'
        "    return json.loads(response.output_text)['title']\n"
    )
    new, (shown,) = fix(RULE, code)
    assert new == ""
    assert "ASK_ANSWER = {" in shown.sketch


def test_reads_in_a_formatted_string_of_several_lines(fix):
    """Before Python 3.12 trees don't say where these stand."""
    body = f'data = {LOADS}\nreturn f"""\n  é {{data["title"]}}\n  {{data["place"]}}\n"""'
    new, _ = fix(RULE, asking(body), other__py="import pydantic\n")
    assert 'é {data.title}\n' in new or 'é {data["title"]}\n' in new
    assert "response_format=A" in new


def test_keys_read_elsewhere_are_shown_with_their_types(fix):
    code = asking(f"return {LOADS}")
    use = "from app import ask\n\n\ndef price(offer: str) -> float:\n    return float(ask(offer)['price'])\n"
    _, (shown,) = fix(RULE, code, use__py=use)
    assert '"properties": {"price": {"type": "number"}}' in shown.sketch
    assert not shown.edits


# --- move-behind --------------------------------------------------------------------------------------------


def prompting(system: str, before: str = "", messages: str = "") -> str:
    """A web handler that sends a clock in its prompt."""
    messages = messages or f'{{"role": "system", "content": {system}}}, {{"role": "user", "content": question}}'
    return (
        "from datetime import datetime\n\nfrom fastapi import FastAPI\nfrom openai import OpenAI\n\n"
        f"app = FastAPI()\nRULES = '{FIXED_TEXT}'\n\n\n"
        '@app.post("/ask")\ndef ask(question: str):\n'
        f"{before}    return OpenAI().chat.completions.create(model='gpt-5.5', messages=[{messages}])\n"
    )


PREFIX = "changing-prompt-prefix"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("f'Now: {datetime.now()}\\n\\n{RULES}'", "f'{RULES}\\n\\nNow: {datetime.now()}'"),
        ("f'{datetime.now()} {RULES}'", "f'{RULES} {datetime.now()}'"),
        ("f'Be kind. It is {datetime.now()}. {RULES}'", "f'Be kind. {RULES} It is {datetime.now()}.'"),
        ("f'''\n    Be kind.\n    Now: {datetime.now():%H:%M}\n    {RULES}\n'''",
         "f'''\n    Be kind.\n    {RULES}\n    Now: {datetime.now():%H:%M}\n'''"),
        ("'Now: ' + str(datetime.now()) + '\\n' + RULES", "RULES + '\\n' + 'Now: ' + str(datetime.now())"),
        ("'\\n'.join([str(datetime.now()), RULES])", "'\\n'.join([RULES, str(datetime.now())])"),
    ],
    ids=["line", "value", "sentence", "indented line", "sum", "item"],
)  # fmt: skip
def test_what_changes_goes_behind(fix, old, new):
    assert fix(PREFIX, prompting(old), SMALL)[0] == prompting(new)


def test_a_name_is_followed(fix):
    before = "    now = datetime.now()\n"
    new, _ = fix(PREFIX, prompting("f'Now: {now}\\n{RULES}'", before), SMALL)
    assert new == prompting("f'{RULES}\\nNow: {now}'", before)


def test_a_message_of_the_system_goes_in_front_of_the_last(fix):
    first = '{"role": "system", "content": f"Now: {datetime.now()}"}'
    rules, last = '{"role": "system", "content": RULES}', '{"role": "user", "content": question}'
    new, _ = fix(PREFIX, prompting("", messages=f"{first}, {rules}, {last}"), SMALL)
    assert new == prompting("", messages=f"{rules}, {first}, {last}")


@pytest.mark.parametrize(
    "system",
    [
        "'{} {}'.format(datetime.now(), RULES)",
        "rf'{datetime.now()} {RULES}'",
        "'At ' + str(datetime.now()) + ' we begin. ' + RULES",
    ],
    ids=["by place", "raw", "sentence of several parts"],
)
def test_what_can_not_be_cut_out_stays(fix, system):
    assert fix(PREFIX, prompting(system), SMALL) == ("", [])


def test_text_that_speaks_of_its_place_is_only_shown(fix):
    code = prompting("f'Now: {datetime.now()}\\n{RULES}'").replace("Name the hours", "Use the time above")
    new, (shown,) = fix(PREFIX, code, SMALL)
    assert new == ""
    assert "says `above`" in shown.title
    assert "f'{RULES}\\nNow: {datetime.now()}'" in shown.sketch


def test_a_conversation_stays_in_its_order(fix):
    code = (
        "from datetime import datetime\n\nfrom openai import OpenAI\n\n\ndef chat():\n    history = []\n"
        "    while True:\n        history.append({'role': 'user', 'content': input()})\n"
        "        system = {'role': 'system', 'content': f'Now: {datetime.now()}'}\n"
        "        done = OpenAI().chat.completions.create(model='gpt-5.5', messages=[system] + history)\n"
        "        history.append({'role': 'assistant', 'content': done.choices[0].message.content})\n\n\nchat()\n"
    )
    assert fix(PREFIX, code) == ("", [])


# --- sort-set -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("f'{\", \".join(TOPICS)}\\n{RULES}'", "f'{\", \".join(sorted(TOPICS))}\\n{RULES}'"),
        ("', '.join(list(TOPICS)) + RULES", "', '.join(sorted(TOPICS)) + RULES"),
    ],
)
def test_sets_are_sorted(fix, old, new):
    head = "TOPICS = {'tickets', 'hours'}\n"
    result, (made,) = fix(PREFIX, head + prompting(old), SMALL)
    assert (result, made.safety.value) == (head + prompting(new), "safe")


def test_only_sets_of_texts_are_sorted(fix):
    head = "TOPICS = {'tickets', 3}\n"
    new, fixes = fix(PREFIX, head + prompting("', '.join(map(str, TOPICS)) + RULES"), SMALL)
    assert (new, fixes) == ("", [])


# --- set-argument -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("client.responses.create()", "client.responses.create(max_output_tokens=4000)"),
        ("client.responses.create(\n    model='gpt-5.5',\n    input='x'  # why\n    # more\n)",
         "client.responses.create(\n    model='gpt-5.5',\n    input='x',  # why\n"
         "    max_output_tokens=25000\n    # more\n)"),
        ("client.responses.create(\n    model='gpt-5.5', input='x'\n)",
         "client.responses.create(\n    model='gpt-5.5', input='x', max_output_tokens=25000\n)"),
        ("client.responses.create(model='gpt-5.5', input=('x'),)",
         "client.responses.create(model='gpt-5.5', input=('x'), max_output_tokens=25000,)"),
        ("request = dict(model='gpt-5.5', input='x')\nclient.responses.create(**request)",
         "request = dict(model='gpt-5.5', input='x', max_output_tokens=25000)\nclient.responses.create(**request)"),
    ],
)  # fmt: skip
def test_an_argument_goes_where_the_others_are(fix, old, new):
    assert fix("missing-output-cap", f"{HEAD}{old}\n")[0] == f"{HEAD}{new}\n"


@pytest.mark.parametrize(
    "code",
    [
        "request = {'model': 'gpt-5.5', 'input': 'x'}\nprint(request)\nclient.responses.create(**request)",
        "request = {'model': 'gpt-5.5', 'input': 'x'}\nrequest = {**request}\nclient.responses.create(**request)",
    ],
    ids=["used elsewhere", "made twice"],
)
def test_a_dictionary_that_others_use_stays(fix, code):
    assert fix("missing-output-cap", f"{HEAD}{code}\n") == ("", [])


# --- what strangers write -----------------------------------------------------------------------------------


def test_errors_that_are_waited_for_keep_the_reading(fix):
    body = (
        f"try:\n    title = {LOADS}['title'].strip()\n"
        "except (json.JSONDecodeError, KeyError):\n    title = ''\nreturn title"
    )
    new, (made,) = fix(RULE, asking(body), other__py="import pydantic\n")
    assert "response_format=ASK_ANSWER" in new
    assert f"{LOADS}['title'].strip()" in new
    assert made.title == "Send the JSON schema of the keys that are read, with `strict`."


def test_methods_of_one_name_get_schemas_of_their_own(fix):
    method = asking(f"return {LOADS}['KEY']", head="", returns="str").replace("def ask(", "def run(self, ")
    indented = "".join(f"    {line}\n" for line in method.splitlines())
    code = HEAD + "".join(f"class {name}:\n{indented}\n\n".replace("KEY", name.lower()) for name in ("One", "Two"))
    new, _ = fix(RULE, code)
    assert new.count("RUN_ANSWER = {") == 1, "the other one waits for the next round"
    again, _ = fix(RULE, new)
    assert again.count("RUN_ANSWER2 = {") == 1
    assert again.count("response_format=RUN_ANSWER2,") == again.count("response_format=RUN_ANSWER,") == 1


@pytest.mark.parametrize(
    "system",
    [
        "str(datetime.now()) + " + " + ".join(["'x'"] * 3000) + " + RULES",
        "f'{(" + "(" * 60 + "datetime.now()" + ")" * 60 + ")} {RULES}'",
        "f'{datetime.now()} " + "{RULES}" * 2000 + "'",
    ],
    ids=["long sum", "deep brackets", "long string"],
)
def test_endless_prompts_do_no_harm(fix, system):
    fix(PREFIX, prompting(system), SMALL)
