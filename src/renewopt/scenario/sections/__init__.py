"""The sections of a scenario, as a planner states them; every class is one section of the file.

Their modules do without ``from __future__ import annotations``: pydantic would read each annotation from its text.
"""

from renewopt.scenario.sections.common import *
from renewopt.scenario.sections.fees import *
from renewopt.scenario.sections.futures import *
from renewopt.scenario.sections.homes import *
from renewopt.scenario.sections.money import *
from renewopt.scenario.sections.objective import *
from renewopt.scenario.sections.place import *
from renewopt.scenario.sections.programmes import *
from renewopt.scenario.sections.projects import *
from renewopt.scenario.sections.works import *
