"""Synthetic districts: seeded, of any size, with households that all differ.

>>> from renewopt.synth import synthesise
>>> round(float(synthesise(3_200, seed=1).households["area"].sum()))
413600

``python -m renewopt.synth --households 10000 --seed 1 --out DIR`` writes one as a scenario folder.
"""

from renewopt.synth.district import SyntheticDistrict, synthesise, write

__all__ = ["SyntheticDistrict", "synthesise", "write"]
