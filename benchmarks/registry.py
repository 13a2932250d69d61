"""What is measured on: kinds of districts by name, each of any size.

A spec draws a district from a size and a seed. Comparisons (of solvers, methods or policies) take their districts from
here, so that they speak of the same ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from renewopt.synth import SyntheticDistrict, synthesise, write

__all__ = ["SPECS", "Spec"]


@dataclass(frozen=True)
class Spec:
    """A kind of district.

    Parameters
    ----------
    name
        As ``--specs`` takes it and the tables show it.
    words
        What is special about it.
    draw
        Households and seed to district.
    """

    name: str
    words: str
    draw: Callable[[int, int], SyntheticDistrict]

    def write(self, folder: Path, size: int, seed: int) -> Path:
        """Draw a district into a folder and return its scenario file."""
        return write(folder / f"{self.name}-{size}-{seed}", self.draw(size, seed))


SPECS: dict[str, Spec] = {
    spec.name: spec
    for spec in (
        Spec("tight", "fees and debts leave little money", lambda size, seed: synthesise(size, seed=seed)),
        Spec("loose", "half as much money again", lambda size, seed: synthesise(size, seed=seed, money="loose")),
        Spec("ample", "money is scarce in few months", lambda size, seed: synthesise(size, seed=seed, money="ample")),
        Spec("few", "one phase in each estate", lambda size, seed: synthesise(size, seed=seed, phases=1)),
        Spec("many", "six phases in each estate", lambda size, seed: synthesise(size, seed=seed, phases=6)),
        Spec("long", "twenty years of months", lambda size, seed: synthesise(size, seed=seed, months=240)),
    )
}
