"""Shipped scenarios, planned once: one to its optimum, one by the structured path, whose plan keeps its prices."""

from pathlib import Path

import pytest

import renewopt
from renewopt.results.planned import Plan


@pytest.fixture(scope="session")
def minimal(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


@pytest.fixture(scope="session")
def kept(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "rules" / "zhejiang.yaml", gap=0.2, method="structured")


@pytest.fixture(scope="session")
def village(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "rules" / "village.yaml", gap=0)
