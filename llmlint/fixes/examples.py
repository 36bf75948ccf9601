"""The text of a prompt comes in; what it says about the shape of the answer goes out: examples in JSON, and words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llmlint.fixes.shapes import Shape

DEEPEST = 6
MOST_KEYS = 60
LONGEST = 20_000
"""Characters of a prompt that are searched for examples."""
_TYPE_WORDS = {
    **dict.fromkeys(("str", "string", "text"), "str"),
    **dict.fromkeys(("int", "integer"), "int"),
    **dict.fromkeys(("float", "number", "decimal"), "float"),
    **dict.fromkeys(("bool", "boolean", "true", "false"), "bool"),
}
_LISTS = frozenset({"array", "list"})
_KEY = re.compile(r"""\s*["']([A-Za-z_]\w*)["']\s*:\s*""")
_BETWEEN = re.compile(r"[^,{}\[\]\n]{0,200},?(?:\s*(?://|#)[^\n]*)?(?:\s*\.\.\.)?")
"""Other choices and remarks behind a value: `"spam" | "ham",  // one of these`."""
_STRING = re.compile(r""""([^"\n]*)"|'([^'\n]*)'""")
_WORD = re.compile(r"[^\s,\]}{\[\"']+")
_WHITE = re.compile(r"\s*")
_FIRST_WORD = re.compile(r"[<(\[]?\s*([A-Za-z]+)")


def learn_from_prompt(shape: Shape, text: str) -> None:
    """Takes types that the code doesn't show from the prompt, and the other keys of the example that has them.

    A schema must hold all keys that the prompt asks for: those that nobody reads, such as a reasoning that comes before
    the answer, would be gone otherwise.
    """
    text = text[:LONGEST]
    best: Shape | None = None
    for found in _objects(text):
        shared = len(found.fields.keys() & shape.fields.keys())
        if shared and (best is None or shared > len(best.fields.keys() & shape.fields.keys())):
            best = found
    if best is not None:
        _merge(shape, best, whole=shape.fields.keys() <= best.fields.keys())
    for key, value in shape.fields.items():
        if not value.certain and not value.fields:
            _from_words(key, value, text)


def _merge(shape: Shape, example: Shape, *, whole: bool = True) -> None:
    """The keys in the order of the example; what the code shows about a value counts more.

    An example that lacks a key which is read may be one of something else: if not `whole`, it gives no more keys.
    """
    own = dict(shape.fields)
    shape.fields.clear()
    for key, other in example.fields.items():
        value = own.pop(key, None)
        if value is None:
            if whole:
                shape.fields[key] = other
            continue
        shape.fields[key] = value
        if other.fields and not value.kinds and value.item is None:
            _merge(value, other)
        elif other.item is not None and not value.kinds:
            _merge(value.items(), other.item) if other.item.fields else _take(value.items(), other.item)
        elif not value.fields and value.item is None:
            _take(value, other)
    shape.fields.update(own)


def _take(value: Shape, other: Shape) -> None:
    if not value.kinds:
        value.kinds |= other.kinds


def _objects(text: str) -> Iterator[Shape]:
    """Every object that an example in the text shows, however incomplete."""
    position = 0
    while (position := text.find("{", position)) >= 0:
        shape = Shape()
        _read_object(text, position + 1, shape, 0)
        if shape.fields:
            yield shape
        position += 1


def _read_object(text: str, position: int, shape: Shape, depth: int) -> int:
    """Reads keys and values until something else comes; where that is goes out."""
    while len(shape.fields) < MOST_KEYS and (key := _KEY.match(text, position)) is not None:
        position = _read_value(text, key.end(), shape.key(key[1]), depth + 1)
        comma = _BETWEEN.match(text, position)
        position = comma.end() if comma else position
    closing = re.compile(r"\s*\}").match(text, position)
    return closing.end() if closing else position


def _read_value(text: str, position: int, value: Shape, depth: int) -> int:
    sign = text[position : position + 1]
    if depth > DEEPEST:
        return position
    if sign == "{":
        return _read_object(text, position + 1, value, depth)
    if sign == "[":
        start = _skip(text, position + 1)
        end = start
        if text[start : start + 1] != "]":
            end = _read_value(text, start, value.items(), depth)
        else:
            value.items()
        close = text.find("]", end)
        return close + 1 if close >= 0 else end
    if string := _STRING.match(text, position):
        _typed(value, string[1] if string[1] is not None else string[2], quoted=True)
        return string.end()
    if word := _WORD.match(text, position):
        _typed(value, word[0], quoted=False)
        return word.end()
    return position


def _skip(text: str, position: int) -> int:
    found = _WHITE.match(text, position)
    return found.end() if found else position


def _typed(value: Shape, written: str, *, quoted: bool) -> None:
    """The type of a scalar, or of what stands for one: `"integer"`, `<string>`, `7`, `...`."""
    first = _FIRST_WORD.match(written)
    word = first[1].lower() if first else ""
    alone = bool(re.fullmatch(r"[<(\[]?\s*[A-Za-z]+\s*[>)\]]?", written))
    if word in _TYPE_WORDS and (alone or not quoted):
        value.kinds.add(_TYPE_WORDS[word])
    elif word in _LISTS and (alone or not quoted):
        value.items()
    elif quoted:
        value.kinds.add("str")
    elif re.fullmatch(r"[+-]?\d+(?:[-–]\d+)?", written):
        value.kinds.add("int")
    elif re.fullmatch(r"[+-]?\d*\.\d+(?:[-–]\d*\.?\d+)?", written):
        value.kinds.add("float")


def _from_words(key: str, value: Shape, text: str) -> None:
    """`- error_codes: array of codes`, `score (integer)`: a type that stands right behind the key."""
    said = re.search(
        rf"(?<!\w)[\"'`*]*{re.escape(key)}[\"'`*]*\s*(?::|\(|-|–|is|as)\s*(?:an?\s+)?(?:the\s+)?([A-Za-z]+)\b", text
    )
    word = said[1].lower() if said else ""
    if word in _LISTS:
        value.items()
    elif word in _TYPE_WORDS and value.item is None and not value.kinds:
        value.kinds.add(_TYPE_WORDS[word])
