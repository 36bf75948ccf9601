"""What a loop is for, and whether an iteration needs the answer of the one before."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, models, path_facts, read, site, sites

HEAD = """
from openai import OpenAI
from data import rows
client = OpenAI()
def ask(text):
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}]).choices[0].message.content
"""


def facts(lines: str) -> tuple[object, object]:
    found = site(HEAD + lines + "\n")
    return read(found, "surroundings.loop"), read(found, "surroundings.carried")


@pytest.mark.parametrize(
    "lines",
    [
        "toc = ''\nfor row in rows:\n    toc += ask(toc + row)",
        "known = []\nfor row in rows:\n    known.append(ask(f'{known} {row}'))",
        "known = []\nfor row in rows:\n    more = ask(row + str(known))\n    known.extend(more.split())",
        "data = {}\nfor row in rows:\n    prompt = str(data) + row\n    result = {'answer': ask(prompt)}\n    data['last'] = result",
        "class S:\n    pass\ns = S()\ns.notes = ''\nfor row in rows:\n    s.notes = ask(row + s.notes)",
        "for row in rows:\n    answer = ask(row)\n    if answer == 'no':\n        break",
        "def first():\n    for row in rows:\n        answer = ask(row)\n        if 'yes' in answer:\n            return row\nfirst()",
        "def each(row, seen):\n    return ask(row + str(seen))\nseen = []\nfor row in rows:\n    answer = each(row, seen)\n    seen.append(answer)",
    ],
)
def test_an_iteration_that_needs_the_answer_before_it(lines: str):
    assert facts(lines) == ("dataset", True)


@pytest.mark.parametrize(
    "lines",
    [
        "results = []\nfor row in rows:\n    results.append(ask(row))",
        "for row in rows:\n    messages = [row]\n    answer = ask(str(messages))\n    messages.append(answer)\n    print(messages)",
        "for row in rows:\n    row['answer'] = ask(row['question'])",
        "for row in rows:\n    answer = ask(row)\n    if answer is None:\n        break\n    print(answer)",
        "out = open('x', 'w')\nfor row in rows:\n    answer = ask(row)\n    out.write(answer)",
        "answers = {}\nfor i, row in enumerate(rows):\n    prompt = f'Question {i}: {row}'\n    answers[i] = ask(prompt)",
        "spent = 0\nfor row in rows:\n    answer = ask(row)\n    spent += len(answer) / 1000\n    if limit and spent > limit:\n        break",
        "kept = []\nfor row in rows:\n    kept.append(ask(row))\n    if len(kept) >= wanted:\n        break",
    ],
)
def test_an_iteration_on_its_own(lines: str):
    assert facts(lines) == ("dataset", False)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (
            "def f(x):\n    answer = None\n    while answer is None:\n        try:\n            answer = ask(x)\n        except ValueError:\n            x = x[1:]\n    return answer",
            "retry",
        ),
        (
            "def f(x):\n    answer = None\n    n = 0\n    while not answer and n < 3:\n        try:\n            answer = ask(x)\n        except ValueError:\n            n += 1",
            "retry",
        ),
        (
            "def f(x):\n    while True:\n        answer = ask(x)\n        if answer.isdigit():\n            return int(answer)",
            "retry",
        ),
        ("def f(x):\n    for attempt in range(3):\n        x = x + ask(x)", "retry"),
        ("def f(x):\n    for _ in range(3):\n        x = x + ask(x)", "agent"),
    ],
)
def test_kinds_of_loops(lines: str, kind: str):
    assert facts(lines)[0] == kind


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        ("from phoenix.experiments import run_experiment\nrun_experiment(rows, ask)", "rows"),
        ("from phoenix.experiments import run_experiment\nrun_experiment(rows, task=ask, evaluators=[])", "rows"),
        ("from langsmith import evaluate\nevaluate(ask, data='toxic')", "'toxic'"),
        ("from langsmith import Client\nls = Client()\nls.evaluate(lambda row: ask(row), data=rows)", "rows"),
        ("import mlflow\nmlflow.genai.evaluate(data=rows, predict_fn=ask, scorers=[])", "rows"),
        ("from elsewhere import get\nget('x').run_experiment(name='a', data=rows, task=ask)", "rows"),
    ],
)
def test_a_harness_runs_a_task_for_each_example(lines: str, items: str):
    found = site(HEAD + lines + "\n")
    assert (read(found, "surroundings.loop"), read(found, "surroundings.iterates")) == ("dataset", items)


def test_how_many_answers_there_are_says_nothing_of_what_is_sent_next():
    lines = (
        "def enough(x, wanted):\n    done = []\n    for i in range(20 * wanted):\n        try:\n"
        "            n = min(5, wanted - len(done))\n            done.extend(ask(x * n))\n"
        "            if len(done) >= wanted:\n                return done\n"
        "        except ValueError:\n            pass\n"
    )
    assert facts(lines)[0] == "retry"
    assert facts(lines + "for row in rows:\n    enough(row, 7)")[0] == "dataset"


def test_the_parts_of_a_message_are_no_data_set():
    lines = (
        "def clean(messages):\n    for message in messages:\n        content = message.get('content')\n"
        "        for item in content:\n            ask(item)"
    )
    assert facts(lines)[0] == "conversation"
    assert facts(lines.replace("message.get('content')", "load(message)"))[0] == "dataset"


SCRIPT = "if __name__ == '__main__':\n    main()\n"


def test_a_script_goes_through_data_if_one_of_its_callers_does():
    program = (
        "def one(x):\n    return ask(load(x))\ndef main():\n    print(one(1))\n    for row in rows:\n        one(row)\n"
    )
    assert facts(program + SCRIPT)[0] == "dataset"
    found = site(HEAD + program)
    assert (read(found, "surroundings.role"), read(found, "surroundings.loop")) == ("online", "none")
    assert "the loop goes over `rows`" in [step.what for step in found.fact("surroundings.loop").evidence]


def test_paths_that_repeat_nothing_over_data_are_named_by_the_strongest():
    program = """
def retried(text):
    for attempt in range(3):
        try:
            return ask(text)
        except ValueError:
            pass
def once():
    return ask("hello")
"""
    assert facts(program)[0] == "retry"


def test_a_path_that_the_caller_rules_out_is_none():
    found = site("""
        from openai import OpenAI
        def embed(texts, model):
            if model == "text-embedding-3-small":
                return OpenAI().embeddings.create(model=model, input=texts)
            return local(texts, model)
        def main():
            embed(["a"], "text-embedding-3-small")
            embed(["b"], "all-mpnet-base-v2")
    """)
    assert models(found) == ["text-embedding-3-small"]
    assert list(path_facts(found, "model.ids")) == ["app.py:7"]


def test_a_loop_that_somebody_leaves_is_no_retry():
    program = "def listen():\n    while True:\n        try:\n            words = record()\n            if words == 'exit':\n                break\n            say(ask(words))\n        except ValueError:\n            print('again')\n"
    assert facts("from voice import record, say\n" + program)[0] is UNKNOWN


def test_a_loop_over_what_a_model_answered_is_of_no_known_kind():
    found = sites("""
        import instructor
        from openai import OpenAI
        from pydantic import BaseModel
        class Products(BaseModel):
            products: list[str]
        client = instructor.from_openai(OpenAI())
        def find(text):
            return client.chat.completions.create(model="gpt-4o", response_model=Products, messages=[])
        def describe(product):
            return OpenAI().embeddings.create(model="text-embedding-3-small", input=product)
        for product in find("x").products:
            describe(product)
    """)
    loops = {each.function: read(each, "surroundings.loop") for each in found}
    assert loops == {"find": "none", "describe": UNKNOWN}


def test_methods_of_classes_that_stand_for_one_another_are_called_through_any():
    found = site("""
        # file: cloud.py
        from openai import OpenAI
        class CloudEmbedding:
            def get_embedding(self, text):
                return OpenAI().embeddings.create(model="text-embedding-3-small", input=text)
        # file: local.py
        class LocalEmbedding:
            def get_embedding(self, text):
                return [0.0]
        # file: store.py
        class Store:
            def __init__(self, embedding):
                self.embedding = embedding
            def add_texts(self, texts):
                for text in texts:
                    self.embedding.get_embedding(text)
    """)
    assert read(found, "surroundings.loop") == "dataset"


def test_a_loop_of_one_of_several_callers_is_no_retry():
    program = """
def one(x):
    return ask('a')
def check(x):
    answer = one(x)
    if 'yes' in answer:
        return True
def main():
    for row in rows:
        if 'no' in one(row):
            break
    check(1)
"""
    assert facts(program)[0] is UNKNOWN


ASYNC = """
import asyncio
from openai import AsyncOpenAI
client = AsyncOpenAI()
async def ask(text):
    return await client.responses.create(model="gpt-5.5", input=text)
"""


@pytest.mark.parametrize(
    ("lines", "concurrent"),
    [
        ("        await ask(row)", False),
        ("        await asyncio.wait_for(ask(row), 9)", False),
        ("        await asyncio.create_task(ask(row))", False),
        ("        answer = (await asyncio.gather(ask(row)))[0]", False),
        ("        await asyncio.to_thread(len, row)\n        tasks.append(ask(row))", True),
        ("        tasks.append(asyncio.create_task(ask(row)))", True),
        ("        group.create_task(ask(row))", True),
        ("        pass\n    await asyncio.gather(*map(ask, rows))", True),
    ],
)
def test_what_is_awaited_on_the_spot_does_not_run_beside_others(lines: str, concurrent: bool):
    found = site(
        f"{ASYNC}async def main(rows, tasks, group):\n    for row in rows:\n{lines}\n    await asyncio.gather(*tasks)\n"
    )
    assert read(found, "surroundings.concurrent") is concurrent


def test_a_request_awaited_with_a_time_limit_does_not_run_beside_others():
    call = "client.responses.create(model='gpt-5.5', input=row)"
    head = ASYNC.split("async def ask", maxsplit=1)[0]
    found = site(
        f"{head}async def main(rows):\n    for row in rows:\n        await asyncio.wait_for({call}, timeout=9)\n"
    )
    assert read(found, "surroundings.concurrent") is False


@pytest.mark.parametrize(
    ("batched", "loop"),
    [
        ("def embed_texts(self, texts):\n        return [texts]", "none"),
        ("def embed_texts(self, texts):\n        return super().embed_texts(texts)", "dataset"),
        ("def other(self):\n        return 1", "dataset"),
    ],
)
def test_a_base_method_that_the_class_replaces_does_not_lead_to_it(batched: str, loop: str):
    found = site(f"""
from openai import OpenAI
class Base:
    def embed_text(self, text):
        raise NotImplementedError
    def embed_texts(self, texts):
        return [self.embed_text(text) for text in texts]
class Cloud(Base):
    def embed_text(self, text):
        return OpenAI().embeddings.create(model="text-embedding-3-small", input=text)
    {batched}
""")
    assert read(found, "surroundings.loop") == loop


def test_a_loop_that_sends_the_same_each_time_goes_through_no_data():
    probe = "from data import models\nfor model in models:\n    client.embeddings.create(model=model, input='test')\n"
    assert read(site("from openai import OpenAI\nclient = OpenAI()\n" + probe), "surroundings.loop") == "constant"
    assert facts("for row in rows:\n    ask(row)")[0] == "dataset"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("    for row in rows:\n        try:\n            return ask(row)\n        except ValueError:\n            pass", "retry"),
        ("    for row in rows:\n        try:\n            x = ask(row)\n        except ValueError:\n            continue\n        else:\n            break", "retry"),
        ("    for row in rows:\n        try:\n            x = ask(row)\n            if x:\n                return x\n        except ValueError:\n            pass", "dataset"),
        ("    for row in rows:\n        try:\n            print(ask(row))\n        except ValueError:\n            return None", "dataset"),
    ],
)  # fmt: skip
def test_the_first_alternative_that_works_ends_it(body: str, kind: str):
    found = site(f"{HEAD}def f():\n{body}\nf()\n")
    assert read(found, "surroundings.loop") == kind


def test_what_a_model_answered_is_no_data_set_although_a_function_says_its_class():
    found = sites("""
        import instructor
        from openai import OpenAI
        from pydantic import BaseModel
        class Product(BaseModel):
            name: str
        class Products(BaseModel):
            products: list[Product] | None = None
        client = instructor.from_openai(OpenAI())
        def read(urls: list[str]) -> Products:
            return client.chat.completions.create(model="gpt-4o", response_model=Products, messages=[])
        def praise(product: Product):
            return client.chat.completions.create(
                model="gpt-4o", response_model=Product, messages=[{"role": "user", "content": product.name}])
        def run(images):
            known: Products = read(images)
            for product in known.products:
                praise(product)
        run(open("images"))
    """)
    assert read(found[1], "surroundings.loop") is UNKNOWN


def test_a_few_constants_in_an_enumeration_are_no_data_set():
    found = site("""
        from openai import OpenAI
        STAGES = [{"a": "x"}, {"a": "y"}, {"a": "z"}]
        def run(name):
            for number, stage in enumerate(STAGES, 1):
                OpenAI().responses.create(model="gpt-4o", input=name + stage["a"])
    """)
    assert read(found, "surroundings.loop") == "constant"


def test_a_long_range_that_is_left_after_failures_is_no_retry():
    loop = "for number in range(1, 2501):\n    try:\n        print(ask(str(number)))\n    except ValueError:\n        if bad:\n            break\n"
    assert facts(loop) == ("dataset", False)
    assert facts(loop.replace("2501", "10 ** 400"))[0] in {"dataset", "retry", "constant", UNKNOWN}


WEEK = "DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']\n"


@pytest.mark.parametrize(
    ("lines", "items", "conditional"),
    [
        ("for day in DAYS:\n    ask(day)", 7, False),
        ("for day in DAYS:\n    for other in DAYS:\n        ask(day + other)", 49, False),
        ("for row in rows:\n    for day in DAYS:\n        ask(row + day)", ABSENT, False),
        ("for day in DAYS:\n    for row in rows:\n        ask(row + day)", ABSENT, False),
        ("for day in DAYS:\n    if day > 'mo':\n        ask(day)", 7, True),
        ("for day in DAYS:\n    if day > 'mo':\n        continue\n    ask(day)", 7, True),
        ("def one(day):\n    if day == 'mo':\n        return None\n    return ask(day)\nfor day in DAYS:\n    one(day)", 7, True),
        ("if __name__ == '__main__':\n    for day in DAYS:\n        ask(day)", 7, False),
        ("def main():\n    for day in DAYS:\n        try:\n            ask(day)\n        except ValueError:\n            print(day)\nmain()", 7, False),
        ("if rows:\n    for day in DAYS:\n        ask(day)", 7, False),
        ("def week():\n    for day in DAYS:\n        ask(day)\nfor row in rows:\n    week()", ABSENT, False),
        ("for day in DAYS:\n    print([ask(day + other) for other in DAYS])", 49, False),
        ("for day in DAYS:\n    print(*map(lambda other: ask(day + other), DAYS))", 49, False),
    ],
)  # fmt: skip
def test_how_many_requests_loops_make(lines: str, items: object, conditional: bool):
    found = site(HEAD + WEEK + lines + "\n")
    assert read(found, "surroundings.loop") == "dataset"
    assert (read(found, "surroundings.items"), read(found, "surroundings.conditional")) == (items, conditional)


@pytest.mark.parametrize(
    ("lines", "repeated"),
    [
        ("for row in rows:\n    ask(row)", 7),
        ("def both(row):\n    return ask(row) + 'x'\nfor row in rows:\n    both(row)", 9),
        ("def first(row):\n    return ask('Sum up: ' + row)\nprint([first(row) for row in rows])", 8),
        ("from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor().map(ask, rows))", 7),
    ],
)
def test_the_caller_that_the_loop_repeats(lines: str, repeated: int):
    fact = site(HEAD + lines + "\n").paths[0].facts["surroundings.repeated"]
    assert [step.location.line for step in fact.evidence] == [repeated]


def test_a_loop_around_the_request_itself_repeats_no_caller():
    found = site(HEAD.replace("def ask(text):", "for text in rows:").replace("    return ", "    "))
    assert read(found, "surroundings.repeated") is ABSENT


@pytest.mark.parametrize(
    "lines",
    [
        "def find(name):\n    for row in rows:\n        if row == name:\n            answer = ask(row)\n            return answer",
        "for row in rows:\n    if row.startswith('x'):\n        ask(row)\n        break",
        "def find(name):\n    for group in rows:\n        for row in group:\n            if row == name:\n                return ask(row)",
        "def find(name):\n    for row in rows:\n        if row == name:\n            try:\n                return ask(row)\n            except ValueError as error:\n                return ask(str(error))",
    ],
)  # fmt: skip
def test_a_loop_that_is_left_with_the_first_request_goes_through_no_data(lines: str):
    assert {read(found, "surroundings.loop") for found in sites(HEAD + lines + "\n")} == {"retry"}


def test_a_break_leaves_one_loop_only():
    found = site(HEAD + "for group in rows:\n    for row in group:\n        if row:\n            ask(row)\n            break\n")
    assert read(found, "surroundings.loop") == "dataset"


@pytest.mark.parametrize(
    ("base", "call", "expected"),
    [
        ("Mapper", "", UNKNOWN),
        ("Mapper", "Own().handle('x')", "none"),
        ("pydantic.BaseModel", "", "none"),
        ("object", "", "none"),
    ],
)
def test_a_method_that_only_a_base_outside_of_the_project_calls(base: str, call: str, expected: object):
    found = site(f"""
import pydantic
from batches import Mapper, run
from openai import OpenAI
class Own({base}):
    def handle(self, item):
        return OpenAI().embeddings.create(model="text-embedding-3-small", input=item)
if __name__ == "__main__":
    run(Own())
    {call}
""")
    assert read(found, "surroundings.role") == "offline"
    assert read(found, "surroundings.loop") == expected


@pytest.mark.parametrize(
    "lines",
    [
        "import watchfiles\nfor changes in watchfiles.watch('.'):\n    for change, path in changes:\n        ask(path)",
        "import redis\nfor event in redis.Redis().pubsub().listen():\n    ask(event['data'])",
        "from kafka import KafkaConsumer\nfor record in KafkaConsumer('topic'):\n    ask(record.value)",
    ],
)
def test_what_comes_about_is_no_data_set(lines: str):
    assert facts(lines)[0] == "stream"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("for t in levels:\n    ask('a', t)", "dataset"),
        ("for t in levels:\n    client.chat.completions.create(model='gpt-4o', messages=text, temperature=t)", "constant"),
        ("for m in levels:\n    answer = client.chat.completions.create(model=m, messages=text)", "constant"),
        ("for t in levels:\n    client.chat.completions.create(model='gpt-4o', messages=text + t, temperature=t)", "dataset"),
        ("for m in levels:\n    more = text + m\n    client.chat.completions.create(model=m, messages=more)", "dataset"),
    ],
)
def test_the_same_question_under_other_settings_is_no_data_set(lines: str, kind: str):
    found = sites("from openai import OpenAI\nfrom data import levels, text\nclient = OpenAI()\n"
                  "def ask(text, t):\n    client.chat.completions.create(model='gpt-4o', messages=t)\n" + lines + "\n")
    assert read(found[-1] if kind == "constant" or "ask(" not in lines else found[0], "surroundings.loop") == kind
