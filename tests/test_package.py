"""What ``import renewopt`` offers, and what it does not load."""

import importlib
import pkgutil
import subprocess
import sys
import types

import pytest

import renewopt


def test_importing_is_quick() -> None:
    code = (
        "import sys, renewopt\n"
        "heavy = {'pandas', 'numpy', 'pulp', 'highspy', 'networkx', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert set(renewopt.__all__) <= set(dir(renewopt))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_submodule_hides_a_public_name() -> None:
    for module in pkgutil.walk_packages(renewopt.__path__, "renewopt."):
        importlib.import_module(module.name)
    for name in renewopt.__all__:
        assert not isinstance(getattr(renewopt, name), types.ModuleType), name
    direct = {module.name for module in pkgutil.iter_modules(renewopt.__path__)}
    assert not direct & set(renewopt.__all__)


def test_public_functions_are_called_after_all_submodules_are_imported(repository, tmp_path) -> None:
    for module in pkgutil.walk_packages(renewopt.__path__, "renewopt."):
        importlib.import_module(module.name)
    scenario = renewopt.load(repository / "scenarios" / "minimal.yaml")
    plan = renewopt.plan(scenario, gap=0)
    assert renewopt.audit(scenario, plan) == []
    assert renewopt.read_plan(plan.write(tmp_path / "plan")) == plan


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'plam'"):
        renewopt.plam  # noqa: B018
