"""Futures: ways in which a district may turn out, drawn from the scenario, and what is known of them when."""

from renewopt.futures.drawing import AS_PLANNED, draw_future, is_random
from renewopt.futures.drawn import Drawn, drawn_of
from renewopt.futures.future import Future
from renewopt.futures.late_starts import Begun, LateStarts

__all__ = ["AS_PLANNED", "Begun", "Drawn", "Future", "LateStarts", "draw_future", "drawn_of", "is_random"]
