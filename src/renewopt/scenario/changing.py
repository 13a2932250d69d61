"""A scenario with some of its values set anew, each by its address: ``funds.revenue.inflow.monthly``.

An address names keys from the outside in, an item of a list by its id (by its position from 0 where items have none).
A name that holds dots is taken as long as one is known by it. A value is written as in the scenario file.
"""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, replace

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.building import build
from renewopt.scenario.loading import load_changed
from renewopt.scenario.models import Scenario
from renewopt.scenario.nodes import Entry, Mapping, Mark, Node, Scalar, ScalarValue, Sequence, identity
from renewopt.scenario.placing import PLACE
from renewopt.scenario.scalars import resolve
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.variants import VARIANTS
from renewopt.wording import Wording, worded, words

__all__ = ["Setting", "changed"]

FIXED = ("name", VARIANTS, *PLACE)
"""Keys that no value is set in, as in a variant."""


@dataclass(frozen=True)
class Setting:
    """A value, as it is written in a file, and where it goes."""

    address: str
    value: str

    @property
    def mark(self) -> Mark:
        """Where findings about it point."""
        return Mark(f"--set {self.address}={self.value}", None)


def changed(scenario: Scenario, settings: AbstractSequence[Setting]) -> Scenario:
    """Set values of a scenario, and check all of it anew.

    Parameters
    ----------
    scenario
        As its file says, or built in Python.
    settings
        One for each address; later ones see what earlier ones have set.

    Returns
    -------
    Scenario
        Its `sha256` is that of the files: what was set is told apart from it.

    Raises
    ------
    ScenarioError
        If an address leads nowhere, or the scenario is not right with these values.
    """

    def change(root: Mapping) -> Mapping:
        findings: list[Finding] = []
        for setting in settings:
            try:
                root = _set(root, setting)
            except _NowhereError as error:
                findings.append(_finding(setting, error))
        if findings:
            raise ScenarioError(findings)
        return root

    if scenario.path is not None:
        return load_changed(scenario.path, change, variant=scenario.variant, allow_outside=scenario.allow_outside)
    stated = {
        name: getattr(scenario, name) for name in type(scenario).model_fields if name in scenario.model_fields_set
    }
    built = build(Scenario, stated, change)
    return built.with_source(replace(built.source, variant=scenario.variant, sha256=scenario.sha256))


class _NowhereError(Exception):
    """An address leads nowhere: why, and what to do."""

    def __init__(self, message: Wording, mend: Wording) -> None:
        super().__init__(message)
        self.message, self.mend = message, mend


def _finding(setting: Setting, error: _NowhereError) -> Finding:
    return Finding("error", setting.mark.file, None, setting.address, error.message, error.mend)


def _set(root: Mapping, setting: Setting) -> Mapping:
    steps = setting.address.split(".")
    if not all(step.strip() for step in steps):
        raise _NowhereError(
            words("it is no address"), words("write keys and ids with dots between them: funds.revenue.opening")
        )
    if steps[0] in TABLES:
        raise _NowhereError(
            words("{name} is a table, whose cells have no address", name=steps[0]),
            words("state what differs as a variant, and compare variants"),
        )
    if steps[0] in FIXED:
        raise _NowhereError(
            words("`{name}` cannot be set", name=steps[0]), words("set a value of a section, such as funds")
        )
    found = _put(root, steps, setting)
    assert isinstance(found, Mapping)
    return found


def _put(node: Node | None, steps: list[str], setting: Setting) -> Node:
    """The node with the value set at the end of the steps."""
    if not steps:
        if isinstance(node, Mapping | Sequence):
            raise _NowhereError(
                words("a mapping or a list stands there, not a single value"),
                words("go on to one of {names}", names=listed(_names(node))),
            )
        return Scalar(setting.mark, _resolved(setting), setting.value)
    if isinstance(node, Sequence):
        return _put_into_list(node, steps, setting)
    if isinstance(node, Scalar) and node.value is not None:
        raise _NowhereError(
            words("{text!r} stands there; it has no {name!r}", text=node.text, name=steps[0]),
            words("end the address before it"),
        )
    entries: AbstractMapping[str, Entry] = node.entries if isinstance(node, Mapping) else {}
    name, rest = _longest(entries, steps)
    known = entries.get(name)
    below = _put(None if known is None else known.node, rest, setting)
    # What is wrong with the value that is set is told of it, not of the one in the file.
    mark = setting.mark if known is None or not rest else known.key_mark
    return Mapping(setting.mark if node is None else node.mark, {**entries, name: Entry(mark, below)})


def _put_into_list(node: Sequence, steps: list[str], setting: Setting) -> Sequence:
    places = {name: place for place, name in enumerate(_names(node))}
    name, rest = _longest(places, steps)
    if name not in places:
        raise _NowhereError(
            words("there is no {name!r} in this list", name=name),
            did_you_mean(name, places) or words("there are {names}", names=listed(places)),
        )
    items = list(node.items)
    items[places[name]] = _put(items[places[name]], rest, setting)
    return replace(node, items=tuple(items))


def _names(node: Mapping | Sequence) -> list[str]:
    if isinstance(node, Mapping):
        return list(node.entries)
    return [identity(item) or str(place) for place, item in enumerate(node.items)]


def _longest(known: AbstractMapping[str, object], steps: list[str]) -> tuple[str, list[str]]:
    """The first step, taken together with those that follow as long as that is a known name; and what is left."""
    for length in range(len(steps), 0, -1):
        name = ".".join(steps[:length])
        if name in known:
            return name, steps[length:]
    return steps[0], steps[1:]


def _resolved(setting: Setting) -> ScalarValue:
    try:
        return resolve(setting.value)
    except ValueError as error:
        raise _NowhereError(worded(error), words("write the value as in the scenario file")) from None
