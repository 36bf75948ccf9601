"""The chains of callers of a call site: each fixes what the call sends."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.evaluation.frames import Frame, at_call
from llmlint.linking.evaluation.parameters import is_offered
from llmlint.linking.evaluation.values import FunctionValue, Invocation, Partial, options
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import walk

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

PATH_LIMIT = 48
"""Chains that lead to one call: the wrapper of an application has dozens of callers, each with its own prompt."""
OUTER_PATH_LIMIT = 12
"""Chains that lead to one of several callers; where there are few, each has more of all."""
DEPTH_LIMIT = 3


def frames_of(resolver: Resolver, module: Module, scope: int) -> list[Frame]:
    """The frames of a function, one for each chain of callers; the root frame where no caller is known.

    A caller is followed further out only where what it passes depends on its own parameters, and not into itself.
    """
    root = resolver.frames.root(module, scope)
    found = _frames(resolver, root, frozenset(), PATH_LIMIT)
    if found[0] is not root and found[-1] is not root and is_offered(resolver, root, found):
        return [*found, root]  # who installs the package calls it too
    return found


def _frames(resolver: Resolver, root: Frame, inside: frozenset[tuple[str, int]], limit: int) -> list[Frame]:
    module, function = root.module, root.scope
    inside |= {(module.path, function)}
    if len(inside) > DEPTH_LIMIT or module.facts.scopes[function].kind != "function":
        return [root]
    found: list[list[Frame]] = []
    invocations = resolver.callers.serious(module, function)
    share = max(OUTER_PATH_LIMIT, limit // max(1, len(invocations)))
    for invocation in invocations:
        caller = invocation.at.frame
        around = resolver.frames.root(caller.module, caller.module.function_around(invocation.at.scope))
        outer = [caller]
        handed = _is_handed(invocation, around.scope)
        further = handed or _passes_on(invocation, around.scope)
        if further and (around.module.path, around.scope) not in inside:
            outer = _frames(resolver, around, inside, share)
        if handed:
            outer = [frame for frame in outer if _may_hand(resolver, frame, invocation, root)]
        found.append([one for frame in outer for one in resolver.callers.frames_from(root, invocation, frame)])
    spread = [frame for turn in zip_longest(*found) for frame in turn if frame is not None]
    if len(spread) > limit:
        resolver.statistics["limit_paths"] += 1
        return [*spread[: limit - 1], root]  # the root frame speaks for all the others
    return spread or [root]


def _passes_on(invocation: Invocation, caller: int) -> bool:
    """Do the arguments mention a parameter of the function that makes the call?"""
    scope = invocation.at.module.facts.scopes[caller]
    names = {parameter.name for parameter in scope.parameters}
    return any(
        isinstance(node, syntax.Name) and node.name in names
        for argument in invocation.call.arguments
        for node in walk(argument.value)
    )


def _is_handed(invocation: Invocation, caller: int) -> bool:
    """Is it a parameter of the function around that is called?"""
    function = invocation.call.function
    parameters = invocation.at.module.facts.scopes[caller].parameters
    return isinstance(function, syntax.Name) and any(one.name == function.name for one in parameters)


def _may_hand(resolver: Resolver, frame: Frame, invocation: Invocation, called: Frame) -> bool:
    """May the callers of a frame hand it the function that is called, or do they all hand it others?"""
    value = resolver.evaluate(invocation.call.function, at_call(frame, invocation.call))
    functions = [one.function if isinstance(one, Partial) else one for one in options(value)]
    name = called.module.facts.scopes[called.scope].name
    for one in functions:
        if not isinstance(one, FunctionValue) or one.scope < 0:
            return True
        if one.module is called.module and one.scope == called.scope:
            return True
        if name != "<lambda>" and one.module.facts.scopes[one.scope].name == name:
            return True  # one that it overrides
    return not functions


def steps_of(frame: Frame) -> tuple[Step, ...]:
    """The calls that lead to a frame, nearest first."""
    found: list[Step] = []
    for invocation in frame.callers():
        module = invocation.at.module
        place = module.facts.calls[invocation.call.index]
        around = module.qualified_name(module.function_around(place.scope))
        where = f" in `{around}`" if around else ""
        found.append(Step(module.call_location(invocation.call), f"`{place.text}(...)` calls it{where}"))
    return tuple(found)
