"""A plan in a notebook."""

import re
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

import renewopt
from renewopt import Plan
from renewopt.results.record import Shortage
from renewopt.results.reporting.notebook import show_plan


@pytest.fixture(scope="module")
def plan(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


def test_it_shows_headline_and_projects_and_no_household(plan: Plan) -> None:
    page = plan._repr_html_()
    assert "68,800 yuan" in page
    assert "<td" in page
    assert "North" in page
    assert "N1" not in page
    assert "<script" not in page
    assert len(page) < 20_000
    assert "6.88万元" in show_plan(plan, "zh")


def test_names_are_text(plan: Plan) -> None:
    people = plan.people.replace({"North": "<script>"})
    page = replace(plan, name="<script>", people=people)._repr_html_()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 2


def test_an_infeasible_plan_shows_what_is_short(plan: Plan) -> None:
    short = Shortage("money", "fees/P", "2024-01", 5.0, {"en": "5 yuan short", "zh": "缺 5 元"})
    page = replace(plan, status="infeasible", shortages=(short,))._repr_html_()
    assert "5 yuan short" in page
    assert "<details open>" in page


def test_plans_show_themselves_shortly(plan: Plan) -> None:
    assert repr(plan).startswith("<Plan of 'Minimal': optimal")
    assert len(repr(plan)) < 200
    assert (
        repr(plan.plot.waiting())
        == f"<Figure 'Households waiting for a home, by project': {len(plan.plot.waiting().data)} traces>"
    )


def test_a_figure_is_kept_as_data_and_as_a_page_that_draws_itself(plan: Plan) -> None:
    bundle = plan.plot.waiting()._repr_mimebundle_()
    page = bundle["text/html"]
    assert "Households waiting for a home" in bundle["application/vnd.plotly.v1+json"]["layout"]["title"]["text"]
    assert "Households waiting for a home" in page
    assert "Plotly.newPlot" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert len(page) < 2_000_000


@pytest.mark.slow
def test_figures_and_tables_outlast_a_run_of_the_notebook(repository: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    source = [
        f"import renewopt\nplan = renewopt.plan({str(repository / 'scenarios' / 'minimal.yaml')!r}, gap=0)\nplan",
        "plan.plot.waiting()",
        "renewopt.compare(plan_of, policies=['first-come', 'wait-for-build'], perfect=False)".replace(
            "plan_of", repr(str(repository / "scenarios" / "minimal.yaml"))
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in source])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    kept = [cell.outputs[-1]["data"] for cell in notebook.cells]
    assert all("text/html" in data for data in kept)
    assert "68,800 yuan" in kept[0]["text/html"]
    assert "Plotly.newPlot" in kept[1]["text/html"]
    assert "application/vnd.plotly.v1+json" in kept[1]
    assert "<table" in kept[2]["text/html"]
