"""What is asked, and how small a task it is: wording, names, caps, schemas and how the answer is read."""

from __future__ import annotations

import re

from llmlint.facts.call_site import Fact, FactValue, State, absent, known

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "yes_no",
            r"\b(answer|respond|reply|return|output)\b[^.\n]{0,40}\b(yes|true)\b[^.\n]{0,24}\b(no|false)\b"
            r"|\byes/no\b|\btrue/false\b|\b(yes|true)\W{1,3}or\W{1,3}(no|false)\b",
        ),
        (
            "extract",  # what is said of each thing found is more than a label
            r"\bextract\b[^\0]{0,400}\b(relations|relationships?|triples|triplets|knowledge graph)\b",
        ),
        (
            "classify",
            r"\bclassif(y|ier|ication)\b|\bcategori[sz]e\b|\b(assign|choose|pick|select)\b[^.\n]{0,40}"
            r"\b(label|category|class|categories)\b|\bsentiment\b|\btagging\b"
            r"|\b(allowed|possible|available|valid|following) (tags|labels|categories|classes|intents|topics)\b"
            r"|\b(detect|identify|determine|recogni[sz]e)\b[^.\n]{0,20}\b(language|intent|topic|category|genre|tone)\b"
            r"|\bwhat language\b|\bpositive\b[^.\n]{0,20}\bnegative\b|\bnegative\b[^.\n]{0,20}\bpositive\b"
            r"|\b(answer|respond|reply|return|output)\b[^.\n]{0,25}\beither [\"'`*]"
            r"|\b(answer|respond|reply|return|output)\b[^.\n]{0,40}\b(single|one) (word|label|category|class|letter)\b"
            r"|\bspam\b[^.\n]{0,30}\b(ham|not spam|or not)\b",
        ),
        (
            "score",
            r"\b(score|rating|rate)\b[^.\n]{0,60}\b(from|between|scale)\b[^.\n]{0,20}\d|\bon a scale (of|from) \d",
        ),
        (
            "route",
            r"(?<!\bthe )(?<!\ba )(?<!est )(?<!this )"
            r"\brout(?:e|es|ing) (?:it|them|the|this|that|these|each|every|all|an?|to|incoming|user|customer)\b"
            r"|\brouter\b(?! (?:config|setup|settings|address))|\brouting (?:agent|assistant|decision|engine|system)\b"
            r"|\bwhich (?:tool|agent|department)\b",
        ),
        ("title", r"\b(generate|create|write|suggest|give)\b[^.\n]{0,40}\b(title|headline|name for)\b"),
        ("translate", r"\btranslat(e|ion|or)\b"),
        ("extract", r"\bextract\b"),
        ("summarise", r"\bsummar(y|i[sz]e|ies)\b"),
        (
            "yes_no",
            r"\b(determine|decide|check|assess|verify|analy[sz]e|judge|say|tell( me)?) (if|whether)\b",
        ),
    )
)
_NAMES = re.compile(r"(^|_)(is|has|classify|detect|route|categori[sz]e|label|tag|score|title|translate|sentiment)(_|$)")
_SMALL_CAP = 64
_SHORT_PROMPT = 300


def task_facts(facts: dict[str, Fact]) -> dict[str, Fact]:
    """The facts `task.*` from the others."""
    text = _text(facts, "prompt.text")
    kind = next((kind for kind, pattern in _KINDS if pattern.search(text)), "open")
    return {"task.kind": known(kind) if text else absent(), "task.evidence": known(_evidence(facts, kind))}


def _evidence(facts: dict[str, Fact], kind: str) -> list[FactValue]:
    found: list[str] = []
    cap = _number(facts, "argument.output_cap")
    if cap is not None and cap <= _SMALL_CAP:
        found.append(f"the answer is capped at {cap} tokens")
    if kind in {"yes_no", "classify", "score", "route", "title", "translate"}:
        found.append(f"the prompt asks to {_SAID[kind]}")
    compared = facts.get("output.compared_with")
    if compared is not None and isinstance(compared.value, list) and compared.value:
        found.append("the answer is compared with " + ", ".join(repr(one) for one in compared.value[:3]))
    asks = _SCHEMAS.get(_text(facts, "output.schema_asks"))
    if asks is not None:
        found.append(f"the schema leaves {asks} to say")
    read = facts.get("output.read_as")
    if read is not None and isinstance(read.value, list) and "number" in read.value:
        found.append("the answer is read as a number")
    name = _text(facts, "surroundings.function").rsplit(".", 1)[-1]
    if _NAMES.search(name):
        found.append(f"the function is named `{name}`")
    tokens = _number(facts, "prompt.static_tokens")
    if tokens is not None and tokens <= _SHORT_PROMPT and kind != "open":
        found.append(f"the fixed prompt has {tokens} tokens")
    return [*found]


_SCHEMAS = {"decision": "nothing but a decision", "explained_decision": "a decision and its reason"}
_SAID = {
    "yes_no": "answer yes or no",
    "classify": "classify",
    "score": "give a score",
    "route": "route",
    "title": "give a title",
    "translate": "translate",
}


def _text(facts: dict[str, Fact], name: str) -> str:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, str) else ""


def _number(facts: dict[str, Fact], name: str) -> int | None:
    fact = facts.get(name)
    if fact is None or fact.state is not State.KNOWN or not isinstance(fact.value, int) or isinstance(fact.value, bool):
        return None
    return fact.value
