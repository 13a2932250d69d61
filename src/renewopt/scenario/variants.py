"""Named variants: what differs from the scenario, merged into it with every line mark kept.

Mappings merge key by key; lists whose items have ids merge by id, new ids at the end; other lists, and single values,
replace. ``key: !remove`` deletes a key; in a list with ids, ``- !remove P3`` or ``- !remove {id: P3}`` an item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.nodes import Entry, Mapping, Node, Remove, Scalar, Sequence, identity
from renewopt.scenario.placing import PLACE
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.wording import NOTHING, Wording, all_seen, words

__all__ = ["added_by_slip", "apply_variant", "variant_names"]

VARIANTS = "variants"


def variant_names(root: Mapping) -> list[str]:
    """Return the names of the variants that a scenario states, in its order."""
    node = root.get(VARIANTS)
    return list(node.entries) if isinstance(node, Mapping) else []


def apply_variant(root: Mapping, variant: str | None, *, checked: bool = False) -> Mapping:
    """Merge a variant into the scenario and drop the section ``variants``.

    Parameters
    ----------
    root : Mapping
        The whole document.
    variant : str or None
        Name of the variant, or None for the scenario as it stands.
    checked : bool
        Whether the section was merged before, so that its variants were looked at.

    Raises
    ------
    ScenarioError
        If the section is malformed, the variant unknown, or it removes what is not there.
    """
    findings: list[Finding] = []
    section = root.get(VARIANTS)
    base = root.without(VARIANTS)
    if section is not None and not isinstance(section, Mapping):
        if not (isinstance(section, Scalar) and section.value is None):
            _report(
                findings,
                section,
                VARIANTS,
                words("variants are a mapping of names to changes"),
                words("write `variants:` and below it `  name:` with the keys that differ"),
            )
        section = None
    for name, entry in {} if section is None or checked else section.entries.items():
        _check(name, entry, findings)
    if variant is not None and not findings:
        if section is None or variant not in section.entries:
            known = variant_names(root)
            mend = did_you_mean(variant, known) or words("its variants are {names}", names=listed(known))
            place = root if section is None else section
            _report(findings, place, VARIANTS, words("there is no variant {variant!r}", variant=variant), mend)
        else:
            changes = section.get(variant)
            if isinstance(changes, Mapping):
                base = _merge_mappings(base, changes, f"{VARIANTS}.{variant}", findings)
    if findings:
        raise ScenarioError(findings)
    return base


def added_by_slip(root: Mapping, variant: str) -> list[Finding]:
    """Warn of items that a variant adds whose id is nearly that of an item which it might have been to change."""
    section = root.get(VARIANTS)
    changes = section.get(variant) if isinstance(section, Mapping) else None
    return list(_added(root, changes, f"{VARIANTS}.{variant}")) if isinstance(changes, Mapping) else []


def _added(base: Node, change: Node, key: str) -> Iterator[Finding]:
    if isinstance(base, Mapping) and isinstance(change, Mapping):
        for name, entry in change.entries.items():
            if name in base.entries:
                yield from _added(base.entries[name].node, entry.node, f"{key}.{name}")
    elif isinstance(base, Sequence) and isinstance(change, Sequence) and _has_ids(base) and _has_ids(change):
        items = {str(identity(item)): item for item in base.items}
        for item in change.items:
            name = str(identity(item))
            if name in items:
                yield from _added(items[name], item, f"{key}.{name}")
            elif not isinstance(item, Remove) and (close := did_you_mean(name, list(items))):
                mark, message = item.mark, words("the variant adds {name!r}", name=name)
                yield Finding("warning", mark.file, mark.line, f"{key}.{name}", message, close)


def _check(name: str, entry: Entry, findings: list[Finding]) -> None:
    """Report a variant that is no mapping of changes, or that changes the variants."""
    node, key = entry.node, f"{VARIANTS}.{name}"
    if not name.strip():
        _report(findings, node, key, words("{text!r} is blank; a name was expected", text=name), NOTHING)
    elif not all_seen(name):
        message = words("{text!r} holds a line end or an invisible character", text=name)
        _report(findings, node, key, message, words("write it anew"))
    if isinstance(node, Mapping):
        for forbidden in (VARIANTS, "name", *PLACE):
            if forbidden in node.entries:
                _report(
                    findings,
                    node.entries[forbidden].node,
                    f"{key}.{forbidden}",
                    words("a variant cannot change `{forbidden}`", forbidden=forbidden),
                    words("delete the key"),
                )
    elif not (isinstance(node, Scalar) and node.value is None):
        _report(findings, node, key, words("a variant is a mapping of the keys that differ"), NOTHING)


def _report(findings: list[Finding], node: Node, key: str, message: Wording, mend: Wording) -> None:
    findings.append(Finding("error", node.mark.file, node.mark.line, key, message, mend))


def _merge(base: Node, change: Node, key: str, findings: list[Finding]) -> Node:
    """Return what a change makes of a node."""
    if isinstance(base, Mapping) and isinstance(change, Mapping):
        return _merge_mappings(base, change, key, findings)
    if isinstance(base, Sequence) and isinstance(change, Sequence) and _has_ids(base) and _has_ids(change):
        return _merge_lists(base, change, key, findings)
    return _fresh(change, key, findings)


def _has_ids(node: Sequence) -> bool:
    """Whether every item of a list has an id (an empty list has none to merge by)."""
    return bool(node.items) and all(identity(item) is not None for item in node.items)


def _fresh(change: Node, key: str, findings: list[Finding]) -> Node:
    """Return a node that replaces or is new; a ``!remove`` in it has nothing to remove."""
    match change:
        case Remove():
            _report(
                findings,
                change,
                key,
                words("`!remove` has nothing to remove here"),
                words("delete it, or check the name"),
            )
            return Scalar(change.mark, None)
        case Mapping():
            entries = {
                name: Entry(entry.key_mark, _fresh(entry.node, f"{key}.{name}", findings))
                for name, entry in change.entries.items()
            }
            return replace(change, entries=entries)
        case Sequence():
            items = [
                _fresh(item, f"{key}.{identity(item) or position}", findings)
                for position, item in enumerate(change.items)
            ]
            return replace(change, items=tuple(items))
        case _:
            return change


def _merge_mappings(base: Mapping, change: Mapping, key: str, findings: list[Finding]) -> Mapping:
    entries = dict(base.entries)
    for name, entry in change.entries.items():
        path = f"{key}.{name}"
        if name not in entries:
            entries[name] = Entry(entry.key_mark, _fresh(entry.node, path, findings))
        elif isinstance(entry.node, Remove):
            del entries[name]
        else:
            entries[name] = Entry(entry.key_mark, _merge(entries[name].node, entry.node, path, findings))
    return replace(base, entries=entries)


def _merge_lists(base: Sequence, change: Sequence, key: str, findings: list[Finding]) -> Sequence:
    items = {identity(item): item for item in base.items}
    if len(items) < len(base.items):
        _report(
            findings, change, key, words("the list has an id twice, so that changes cannot be merged by id"), NOTHING
        )
    for item in change.items:
        name = identity(item)
        path = f"{key}.{name}"
        if isinstance(item, Remove):
            if items.pop(name, None) is None:
                known = [str(other) for other in items]
                _report(
                    findings,
                    item,
                    path,
                    words("there is no {name!r} to remove", name=name),
                    did_you_mean(str(name), known),
                )
        elif name in items:
            items[name] = _merge(items[name], item, path, findings)
        else:
            items[name] = _fresh(item, path, findings)
    return replace(base, items=tuple(items.values()))
