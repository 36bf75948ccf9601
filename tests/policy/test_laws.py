"""Laws that hold for every condition and all facts, not just for chosen ones."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from llmlint.facts.call_site import State, absent, known, unknown
from llmlint.policy.conditions import compiled
from llmlint.policy.operators import OPERATORS
from llmlint.policy.rules import AllOf, AnyOf, Members, Not, Question, Score, Unproven, Weighted
from llmlint.ternary import FALSE, TRUE, UNKNOWN, Ternary

NAMES = ["argument.stop", "prompt.text", "model.ids", "prompt.static_tokens"]
OPERANDS = {
    "none": st.just(True),
    "same": st.sampled_from(["a", 1, True, 2.5]),
    "several": st.sampled_from([(), ("a", 1), (True,)]),
    "pattern": st.sampled_from(["a", "^b", "a{0,3}$"]),
    "globs": st.sampled_from(["a", ("*b", "?"), "$*"]),
    "paths": st.sampled_from(["a", ("a/**", "**/b"), "*"]),
    "number": st.integers(-3, 3),
    "part": st.sampled_from(["a", 1, True]),
}

values = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.text("abc", max_size=4),
    st.lists(st.sampled_from(["a", "b", 1, True]), max_size=3), st.just({"a": 1}), st.just({"**": None}),
    st.just("x" * 5_000),
)  # fmt: skip
fact = st.one_of(values.map(known), st.just(absent()), st.just(unknown("nobody says")))
some_facts = st.dictionaries(st.sampled_from(NAMES), fact)


@st.composite
def questions(draw, subjects=tuple(NAMES)):
    operator = draw(st.sampled_from(sorted(OPERATORS)))
    return Question(operator, draw(st.sampled_from(subjects)), draw(OPERANDS[OPERATORS[operator].operand]))


def conditions(kleene=False):
    members = st.builds(Members, st.sampled_from(["some", "every"]), st.sampled_from(NAMES), questions(("item",)))
    return st.recursive(
        st.one_of(questions(), members),
        lambda inner: st.one_of(
            st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, max_size=3)),
            st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, max_size=3)),
            st.builds(Not, inner),
            st.builds(Not if kleene else Unproven, inner),
            st.builds(
                lambda least, parts: Score(least, tuple(Weighted(weight, part) for weight, part in parts)),
                st.integers(-3, 4),
                st.lists(st.tuples(st.integers(-3, 3), inner), max_size=3),
            ),
        ),
        max_leaves=6,
    )


def holds(condition, facts) -> Ternary:
    return compiled(condition, {}).holds(facts)


@given(conditions(), some_facts)
def test_every_condition_has_a_verdict_on_all_facts(condition, facts):
    assert holds(condition, facts) in (TRUE, FALSE, UNKNOWN)


@given(conditions(), some_facts)
def test_not_turns_round(condition, facts):
    assert holds(Not(condition), facts) is ~holds(condition, facts)
    assert holds(Not(Not(condition)), facts) is holds(condition, facts)


@given(st.lists(conditions(), max_size=3), some_facts)
def test_de_morgan(parts, facts):
    turned = AnyOf(tuple(Not(part) for part in parts))
    assert holds(Not(AllOf(tuple(parts))), facts) is holds(turned, facts)


@given(st.lists(conditions(), min_size=1, max_size=4), some_facts, st.randoms())
def test_order_does_not_matter(parts, facts, random):
    shuffled = random.sample(parts, len(parts))
    for kind in (AllOf, AnyOf):
        assert holds(kind(tuple(parts)), facts) is holds(kind(tuple(shuffled)), facts)


@given(st.lists(conditions(), min_size=1, max_size=3), some_facts)
def test_counting_all_or_one_is_all_or_any(parts, facts):
    weighted = tuple(Weighted(1, part) for part in parts)
    assert holds(Score(len(parts), weighted), facts) is holds(AllOf(tuple(parts)), facts)
    assert holds(Score(1, weighted), facts) is holds(AnyOf(tuple(parts)), facts)


@given(conditions(kleene=True), some_facts, st.dictionaries(st.sampled_from(NAMES), fact))
def test_learning_more_never_turns_a_verdict(condition, facts, learned):
    """Kleene's law: what is TRUE or FALSE stays so whatever the unknown facts turn out to be."""
    before = holds(condition, facts)
    open_names = [name for name, each in facts.items() if each.state is State.UNKNOWN]
    after = holds(condition, {**facts, **{name: learned[name] for name in open_names if name in learned}})
    assert before is UNKNOWN or after is before


@given(conditions(), some_facts)
def test_undecided_has_a_reason_and_only_then(condition, facts):
    verdict = compiled(condition, {})
    if verdict.holds(facts) is UNKNOWN:
        assert all(name in facts for name in verdict.missing(facts))
        assert list(verdict.missing(facts))


@settings(max_examples=50)
@given(conditions(), some_facts)
def test_compiling_twice_is_the_same(condition, facts):
    assert holds(condition, facts) is holds(condition, facts)
