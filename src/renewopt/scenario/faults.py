"""What pydantic found wrong, in the planner's words, at the planner's line.

Several errors of the members of one union ("a number or a list of steps") become one finding: that of the member
which the planner most likely meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from renewopt.errors import Finding
from renewopt.scenario.dictionary import Key, Shape, keys, reach
from renewopt.scenario.limits import MAX_FINDINGS
from renewopt.scenario.nodes import Mapping, Node, Scalar, dotted, find
from renewopt.scenario.notes import first_of
from renewopt.scenario.scalars import colon_hint
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.wording import NOTHING, Wording, as_is, worded, words

__all__ = ["expectation", "translate"]

_KINDS = {
    "int_type": words("a whole number"),
    "int_parsing": words("a whole number"),
    "int_from_float": words("a whole number"),
    "decimal_type": words("a number"),
    "decimal_parsing": words("a number"),
    "float_type": words("a number"),
    "float_parsing": words("a number"),
    "string_type": words("a text"),
    "bool_type": words("true or false"),
    "bool_parsing": words("true or false"),
    "list_type": words("a list"),
    "dict_type": words("a mapping of keys to values"),
    "model_type": words("a mapping of keys to values"),
    "model_attributes_type": words("a mapping of keys to values"),
    "is_instance_of": words("a table (rows, or `{{file: ...}}`)"),
}
_BOUNDS: dict[str, tuple[str, Callable[[str], Wording]]] = {
    "greater_than_equal": ("ge", lambda number: words("{number} or more", number=number)),
    "less_than_equal": ("le", lambda number: words("{number} or less", number=number)),
    "greater_than": ("gt", lambda number: words("more than {number}", number=number)),
    "less_than": ("lt", lambda number: words("less than {number}", number=number)),
}


def translate(
    errors: Sequence[ErrorDetails], root: Mapping, model: type[BaseModel], above: tuple[str, ...] = ()
) -> list[Finding]:
    """Translate a validation's errors into findings.

    Parameters
    ----------
    errors : sequence of ErrorDetails
        From ``ValidationError.errors()``.
    root : Mapping
        The tree that was validated.
    model : type
        The model that it was validated against; tells the known keys of each place.
    above : tuple of str
        Keys above the section that was validated, if it was not the whole.
    """
    groups: dict[tuple[str | int, ...], list[ErrorDetails]] = {}
    # The errors of a union's members are told as one, so that more are looked at than are told.
    some = islice(errors, 4 * MAX_FINDINGS)
    placed = [ErrorDetails(**{**error, "loc": (*above, *error["loc"])}) for error in some]
    for error in placed:
        groups.setdefault(_union_point(root, error), []).append(error)
    told = (_finding(error, root, model, len(above)) for group in groups.values() for error in _meant(group, root))
    return first_of(told, root)


def _union_point(root: Node, error: ErrorDetails) -> tuple[str | int, ...]:
    """Path down to the first step that no key of the file accounts for: where a union parts into its members."""
    steps = list(error["loc"])
    if error["type"] == "missing":
        steps.pop()
    path: list[str | int] = []
    for step in steps:
        if len(find(root, [*path, step])[2]) == len(path):
            break
        path.append(step)
    return tuple(path)


def _member(error: ErrorDetails, point: int) -> str:
    """Name of the union's member that an error belongs to; empty outside of a union."""
    rest = error["loc"][point:]
    if not rest or (len(rest) == 1 and error["type"] == "missing"):
        return ""
    return str(rest[0])


def _meant(group: list[ErrorDetails], root: Node) -> list[ErrorDetails]:
    """Choose, of the errors below one place, those of the member that the planner meant."""
    place = _union_point(root, group[0])
    point, mapping = len(place), isinstance(find(root, place)[0], Mapping)
    members: dict[str, list[ErrorDetails]] = {}
    for error in group:
        members.setdefault(_member(error, point), []).append(error)
    if len(members) < 2:
        return group
    plain = members.pop("", [])
    close = [errors for errors in members.values() if not all(_mismatch(error, point, mapping) for error in errors)]
    if close:
        return plain + close[0]
    wanted = dict.fromkeys(_expected(errors[0]) for errors in members.values())
    merged: ErrorDetails = {**group[0], "type": "union", "ctx": {"expected": _either(wanted)}}
    return [*plain, merged]


def _mismatch(error: ErrorDetails, point: int, mapping: bool) -> bool:
    """Whether an error says no more than that the value is of another kind, such as a mapping of no member."""
    kind, member = error["type"], _member(error, point)
    scalar = mapping and kind == "value_error" and "dict[" not in member and not _of_section(member)
    return len(error["loc"]) <= point + 1 and (kind in _KINDS or kind == "literal_error" or scalar)


def _of_section(member: str) -> bool:
    """Whether a union's member is a section: pydantic names a member by its functions and, at last, its type."""
    return member.rstrip("]").rpartition(" ")[2][:1].isupper()


def _expected(error: ErrorDetails) -> Wording:
    """Words for what was expected, where the kind of value is wrong."""
    if error["type"] == "literal_error":
        stated = error.get("ctx", {}).get("expected")
        return words("another word") if stated is None else _either(_choices(str(stated)))
    return _KINDS.get(error["type"], words("another kind of value"))


def _finding(error: ErrorDetails, root: Mapping, model: type[BaseModel], depth: int) -> Finding:
    """Translate one error."""
    node, mark, path = find(root, error["loc"])
    kind = error["type"]
    if kind in {"missing", "extra_forbidden"}:
        name = str(error["loc"][-1])
        above = path if kind == "missing" else path[:-1]
        key = dotted(root, [*above, name])
        inner = above[depth:]
        message, mend = _missing(name, inner, model) if kind == "missing" else _unknown(name, inner, model)
    else:
        key = dotted(root, path)
        message, mend = _wrong(error, node)
    return Finding("error", mark.file, mark.line, key, message, mend)


def _missing(name: str, path: Sequence[str | int], model: type[BaseModel]) -> tuple[Wording, Wording]:
    key = _keys_at(model, path).get(name)
    mend = words("add it: {meaning}", meaning=key.meaning) if key is not None and key.meaning else words("add it")
    return words("the key `{name}` is missing", name=name), mend


def _unknown(name: str, path: Sequence[str | int], model: type[BaseModel]) -> tuple[Wording, Wording]:
    message = words("unknown key {name!r}", name=name)
    if ":" in name or "：" in name:
        return message, words("write a half-width colon and a space after the key")
    known = list(_keys_at(model, path))
    mend = did_you_mean(name, known)
    if not mend:
        homes = dict.fromkeys(place for place, keys in _places(model) if name in keys)
        mend = (
            words("it belongs into {names}", names=listed(homes, 3))
            if homes
            else words("known keys are {names}", names=listed(known, 30))
        )
    return message, mend


def _wrong(error: ErrorDetails, node: Node) -> tuple[Wording, Wording]:
    """Message and mend for a value that is there but cannot stand."""
    kind, context = error["type"], error.get("ctx", {})
    shown = _shown(node)
    if kind == "value_error":
        return _own(error), _hint(node, "")
    if kind in _BOUNDS:
        name, said = _BOUNDS[kind]
        limit = context[name]
        number = str(limit).removeprefix("Decimal('").removesuffix("')")
        bound = said(f"{Decimal(number):,f}")
        negative = isinstance(node, Scalar) and str(node.text).startswith("-")
        return words(
            "{text} is {wrong}; {expected} was expected",
            text=shown,
            wrong=words("negative") if negative else words("out of range"),
            expected=bound,
        ), NOTHING
    if kind == "finite_number":
        return words("{shown} is not a finite number", shown=shown), NOTHING
    if kind == "literal_error":
        choices = _choices(str(context["expected"]))
        mend = did_you_mean(node.text, choices) if isinstance(node, Scalar) else NOTHING
        return words("unknown value {shown}; one of {names} was expected", shown=shown, names=listed(choices)), mend
    if kind in {"too_short", "string_too_short"}:
        return words("it is empty, at least one entry was expected"), words("add one, or delete the key")
    if kind in {"too_long", "string_too_long"}:
        return words("it is too long; at most {most} were expected", most=context.get("max_length")), NOTHING
    expected = context["expected"] if kind == "union" else _KINDS.get(kind)
    if expected is None:
        return as_is(error["msg"]), NOTHING
    return words("{shown} stands where {expected} was expected", shown=shown, expected=expected), _hint(
        node, str(expected)
    )


def _own(error: ErrorDetails) -> Wording:
    """Sentence of a check of our own."""
    raised = error.get("ctx", {}).get("error")
    return worded(raised) if isinstance(raised, Exception) else as_is(error["msg"])


def _choices(expected: str) -> list[str]:
    """Take pydantic's list of allowed words apart: ``'a', 'b' or 'c'``."""
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]


def _either(words_: Iterable[str]) -> Wording:
    """One thing or another."""
    first, *others = words_
    either = first if isinstance(first, Wording) else words("{text!r}", text=first)
    for other in others:
        either = words(
            "{one} or {other}", one=either, other=other if isinstance(other, Wording) else words("{text!r}", text=other)
        )
    return either


def expectation(error: ErrorDetails) -> Wording:
    """Say what was expected where a value of no scenario's key was validated, such as a policy's parameter."""
    kind = error["type"]
    if kind in _BOUNDS:
        name, said = _BOUNDS[kind]
        return words("{expected} was expected", expected=said(str(error["ctx"][name])))
    if kind in _KINDS:
        return words("{expected} was expected", expected=_KINDS[kind])
    return _own(error)


def _shown(node: Node) -> Wording:
    """Quote what the planner wrote, shortened."""
    match node:
        case Scalar(value=None):
            return words("nothing")
        case Scalar(quoted=True) | Scalar(value=str()):
            return words("{text!r}", text=node.text[:60])
        case Scalar():
            return as_is(node.text[:60])
        case Mapping():
            return words("a mapping")
        case _:
            return words("a list")


def _hint(node: Node, expected: str) -> Wording:
    """How to mend a value of the wrong kind."""
    if not isinstance(node, Scalar):
        return NOTHING
    if node.value is None:
        return words("write a value after the colon, or delete the key")
    text = node.text.strip()
    if "true" in expected and text.casefold() in {"yes", "on", "no", "off", "y", "n", "是", "否", "1", "0"}:
        return words("write {word}", word="true" if text.casefold() in {"yes", "on", "y", "是", "1"} else "false")
    if "number" in expected and node.quoted and text.replace(".", "", 1).isdigit():
        return words("write it without quotes")
    if "text" in expected:
        return words("put it in quotes")
    if "number" in expected and "，" in text:
        return words("write digits without separators")
    return colon_hint(node)


def _sections_at(model: type[BaseModel], path: Sequence[str | int]) -> list[type[BaseModel]]:
    """Sections that may stand at a path."""
    shapes: tuple[Shape, ...] = (Shape(model=model),)
    for step in path:
        following: list[Shape] = []
        for shape in shapes:
            if shape.model is not None:
                following += keys(shape.model)[str(step)].shapes if str(step) in keys(shape.model) else ()
            else:
                following += shape.items if isinstance(step, int) else (shape.pairs or ())[1:]
        shapes = tuple(following)
    return [shape.model for shape in shapes if shape.model is not None]


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> dict[str, Key]:
    """Keys that may stand at a path."""
    return {name: key for section in _sections_at(model, path) for name, key in keys(section).items()}


def _places(model: type[BaseModel]) -> Iterator[tuple[str, Iterable[str]]]:
    """Every section below a model with its keys, as ``estates.units``."""
    for path, key in reach(model):
        for section in {key.nested, key.listed} - {None}:
            yield ".".join(step for step in path if step != "*"), keys(section)
