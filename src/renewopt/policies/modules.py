"""Modules of policies that the caller names: the only code outside of renewopt that is imported at anybody's word."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from renewopt.asked import texts
from renewopt.wording import as_is, words

__all__ = ["import_policy_modules", "module_names", "of_module"]


def module_names(given: Iterable[str] | str | None) -> tuple[str, ...]:
    """List the modules that the caller names, each once; in one text they stand with commas between them.

    Raises
    ------
    ValueError
        If one is no name of a module.
    """
    texts("policy_modules", given, words("names of Python modules"))
    parts: list[Any] = given.split(",") if isinstance(given, str) else [] if given is None else list(given)
    names = [part.strip() if isinstance(part, str) else part for part in parts]
    for name in names:
        if not isinstance(name, str) or name.endswith(".py") or not all(map(str.isidentifier, name.split("."))):
            raise ValueError(
                words(
                    "policy module {name!r}: expected the name of a Python module, such as my_rules for my_rules.py",
                    name=name,
                )
            )
    return tuple(dict.fromkeys(names))


def import_policy_modules(given: Iterable[str] | str | None, folder: str | Path | None = None) -> tuple[str, ...]:
    """Import the modules that the caller names; what they `register` is known from then on.

    A module is looked for where Python looks, and after that in `folder`, so that a file of one's own is found and
    nothing that is installed is hidden by it.

    Parameters
    ----------
    given
        Names of modules.
    folder
        Where a module may lie that is not installed; default: the folder that is worked in.

    Returns
    -------
    tuple of str
        The names.

    Raises
    ------
    ValueError
        If one is no name of a module, or cannot be imported.
    """
    names = module_names(given)
    last = str(Path.cwd() if folder is None else folder)
    for name in names:
        try:
            _import(name, last)
        # A module that ends the process, or raises anything else, is told of like one that is not there.
        except (Exception, SystemExit) as error:
            reason = words("it ends the process") if isinstance(error, SystemExit) else as_is(error)
            raise ValueError(
                words(
                    "policy module {name!r} cannot be imported: {reason}; it is looked for where Python looks, and in "
                    "the folder that is worked in",
                    name=name,
                    reason=reason,
                )
            ) from error
    return names


def _import(name: str, folder: str) -> None:
    if name in sys.modules or find_spec(name.partition(".")[0]) is not None:
        importlib.import_module(name)
        return
    sys.path.append(folder)
    try:
        importlib.invalidate_caches()
        importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def of_module(name: str) -> Callable[..., Any]:
    """Find ``module:Name``, a class of policies in a module that was imported before.

    What else a module holds (functions, what it imports from elsewhere) is no policy, and never called.

    Raises
    ------
    ValueError
        If there is no such class.
    """
    module, _, attribute = name.partition(":")
    found = vars(sys.modules[module]).get(attribute) if module in sys.modules else None
    if isinstance(found, type) and all(callable(getattr(found, word, None)) for word in ("decide", "steer")):
        return found
    raise ValueError(
        words(
            "policy {name!r} cannot be loaded: {module} has no class {attribute!r} of policies; a function that makes "
            "one is made known by renewopt.register",
            name=name,
            module=module,
            attribute=attribute,
        )
    )
