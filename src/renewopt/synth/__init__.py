"""Synthetic districts: seeded, of any size, with households that all differ.

>>> from renewopt.synth import synthesise
>>> round(float(synthesise(3_200, seed=1).households["area"].sum()))
413600

``python -m renewopt.synth --households 10000 --seed 1 --out DIR`` writes one as a scenario folder, and with
``--programme`` one in which projects and works may start.
"""

from renewopt.synth.district import SyntheticDistrict, synthesise, write
from renewopt.synth.programme import synthesise_programme

__all__ = ["SyntheticDistrict", "synthesise", "synthesise_programme", "write"]
