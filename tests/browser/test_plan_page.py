"""The report of a plan in a real browser: it draws, says nothing, asks for nothing, fits and prints."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.browser.chromium import MARKS, Browser

import renewopt
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.results.briefing.telling import Section, tell_brief
from renewopt.results.reporting.page import Table
from renewopt.results.reporting.plan_report import plan_report

pytestmark = pytest.mark.xdist_group("browser")

WIDTHS = (400, 1400)
CHARTS = ("waiting", "fees", "flow", "gantt", "balances", "funds", "prices")


@pytest.fixture(scope="module")
def pages(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    folder = tmp_path_factory.mktemp("plan")
    return {lang: plan.write(folder / lang, lang=lang) / "report.html" for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_is_drawn_in_silence_and_offline(
    browser: Browser, pages: dict[Language, Path], lang: Language
) -> None:
    browser.open(pages[lang])
    assert browser.told() == []
    assert browser.requested() == [pages[lang].resolve().as_uri()]
    browser.unfold()
    assert browser.told() == []
    marks = browser.run(MARKS)
    assert set(marks) == set(CHARTS)
    assert all(count > 0 for count in marks.values()), marks
    assert browser.run("return document.documentElement.lang") == ("en" if lang == "en" else "zh-Hans")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_household_reads_its_answer(browser: Browser, pages: dict[Language, Path], lang: Language) -> None:
    browser.open(pages[lang])
    type_in = """
        const input = document.getElementById("lookup-household");
        input.value = arguments[0];
        input.dispatchEvent(new Event("input"));
        return document.getElementById("lookup-answer").innerText;
    """
    told = browser.run(type_in, " n1 ")
    assert "Meadow/flat" in told
    assert ("By the plan" if lang == "en" else "方案安排") in told
    assert told.count("2024-") >= 5
    assert "N2" not in told
    assert set(browser.run(type_in, "n").replace("·", " ").split()) == {"N1", "N2", "N3"}
    assert ("no household" if lang == "en" else "没有该户号") in browser.run(type_in, "N99")
    assert browser.told() == []
    assert browser.requested() == [pages[lang].resolve().as_uri()]


def test_words_in_the_charts_are_of_the_language(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["zh"])
    browser.unfold()
    drawn = browser.run("return Array.from(document.querySelectorAll('.plot text')).map(text => text.textContent)")
    ours = {
        "North",
        "South",
        "Garden",
        "Meadow",
        "Meadow-1 (3)",
        "voucher",
        "budget",
        "bond",
        "Garden/flat",
        "Meadow/flat",
    }
    # A flow says how many households pass a place, after its name.
    latin = {re.sub(r" \d+$", "", text) for text in drawn if re.search("[A-Za-z]", text)} - ours
    assert latin == set()
    assert any("万元" in text for text in drawn)
    titles = browser.run(
        "return Array.from(document.querySelectorAll('.modebar-btn')).map(button => button.dataset.title)"
    )
    assert len(titles) > 20
    assert not [title for title in titles if re.search("[A-Za-z]", title)]


def test_a_chart_can_be_saved_as_a_picture(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["en"])
    script = "return Plotly.toImage(document.querySelector('.plot'), {format: 'png', width: 300, height: 200})"
    assert browser.run(script).startswith("data:image/png;base64,")
    assert browser.told() == []


def test_the_mouse_tells_more_in_the_language(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["zh"])
    browser.unfold()
    hover = "Plotly.Fx.hover(document.querySelector('[data-chart=\"{}\"]'), [{{curveNumber: {}, pointNumber: 0}}]);"
    browser.run("".join(hover.format(*where) for where in (("waiting", 0), ("gantt", 0), ("fees", 0), ("funds", 0))))
    told = browser.run("return Array.from(document.querySelectorAll('.hoverlayer text')).map(text => text.textContent)")
    assert any(text.startswith("North2024-01: 2 已超期") for text in told), told
    assert any("拨款 90 万元" in text for text in told)
    names = re.compile(r"North|Meadow-1|Meadow|flat")
    assert not [text for text in told if re.search("[A-Za-z]", names.sub("", text))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_the_window(browser: Browser, pages: dict[Language, Path], lang: Language, width: int) -> None:
    browser.open(pages[lang], width=width)
    browser.unfold()
    assert browser.run("return document.documentElement.scrollWidth") <= width
    for chart, right in browser.run(
        "return Array.from(document.querySelectorAll('.plot .main-svg')).map("
        "svg => [svg.closest('.plot').dataset.chart, svg.getBoundingClientRect().right])"
    ):
        assert right <= width, chart
    assert browser.told() == []


def test_a_change_of_the_window_is_followed(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["en"], width=1400)
    browser.resize(700, 900)
    script = "return document.querySelector('.plot .main-svg').getBoundingClientRect().width"
    for _ in range(50):
        if browser.run(script) <= 700:
            break
        browser.run("return new Promise(done => setTimeout(done, 100))")
    assert browser.run(script) <= 700
    assert browser.run("return document.documentElement.scrollWidth") <= 700


def test_no_button_leads_to_a_cloud(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["en"])
    titles = browser.run(
        "return Array.from(document.querySelectorAll('.modebar-btn')).map(button => button.dataset.title || '')"
    )
    assert any("PNG" in title.upper() for title in titles)
    assert not [title for title in titles if re.search("cloud|plotly|studio", title, re.IGNORECASE)]
    assert browser.run("return document.querySelectorAll('.plotlyjsicon').length") == 0


def test_what_is_tried_against_the_policy_does_not_run(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["en"])
    browser.run(
        "const script = document.createElement('script'); script.textContent = 'window.ran = true';"
        "document.body.append(script); new Image().src = 'https://example.org/x.png';"
    )
    assert browser.run("return window.ran === undefined")
    refused = browser.told()
    assert sum("Content Security Policy" in line for line in refused) >= 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_prints_on_a4(browser: Browser, pages: dict[Language, Path], lang: Language, tmp_path: Path) -> None:
    browser.open(pages[lang])
    printed = browser.pdf()
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
    assert 4 <= len(boxes) <= 12
    for box in boxes:
        assert tuple(map(float, box)) == pytest.approx((595.3, 841.9), abs=1.5)
    browser.drawn()
    # Back on the screen, charts are as wide as before.
    assert browser.run("return document.querySelector('.plot .main-svg').getBoundingClientRect().width") > 900
    if shutil.which("pdftotext") is None:
        return
    (tmp_path / "report.pdf").write_bytes(printed)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, check=True)
    text = io.TextIOWrapper(io.BytesIO(done.stdout), "utf-8").read()
    pages_told = text.split("\f")[:-1]
    assert len(pages_told) == len(boxes)
    assert all(len(page.strip()) > 40 for page in pages_told)  # no empty page


def test_a_name_that_is_a_script_is_shown_and_does_not_run(browser: Browser, repository: Path, tmp_path: Path) -> None:
    evil = "<script>window.ran=1</script><img src=x onerror=window.ran=1>"
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("name: Minimal", f'name: "{evil}"')
    for kind, name in (("North", "moved_out: 2020-01"), ("bond", "inflow:\n      monthly: 25")):
        assert kind in text
        text = text.replace(name, f'name: "{evil}"\n    {name}')
    (tmp_path / "evil.yaml").write_text(text, "utf-8")
    page = renewopt.plan(tmp_path / "evil.yaml", gap=0).write(tmp_path / "plan") / "report.html"
    browser.open(page)
    assert browser.run("return window.ran === undefined")
    assert browser.told() == []
    assert "<script>window.ran" in browser.run("return document.querySelector('h1').textContent")
    drawn = browser.run("return Array.from(document.querySelectorAll('.plot text')).map(text => text.textContent)")
    assert any("<script>" in label for label in drawn)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine (Debian: poppler-utils)")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("full", [False, True])
def test_the_brief_is_the_first_page_of_the_print(
    browser: Browser, repository: Path, lang: Language, full: bool, tmp_path: Path
) -> None:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", policy="costliest-first")
    brief = tell_brief(plan, lang)
    assert brief.table is not None
    if full:
        # As much as a brief ever says: three sentences of a kind, with long names, and the widest table.
        sentence = {
            "en": "With E2-1 新桥村 12 months late, 1,247 households move in later, and fees rise by 11.98 million.",
            "zh": "E2-1延期交付3个月，1,247户推迟入住，过渡费增加198.27万元，自2026年1月起出现资金缺口1433.32万元。",
        }[lang]
        most = {"decided": 6, "money": 0, "given_up": 8, "waits": 5, "breaks": 9, "doubts": 3, "signing": 4}
        sections = [Section(key, key, (sentence,) * count) for key, count in most.items()]
        head = ["fund", *(f"2024 Q{number}" for number in range(1, 5)), "2025", "2026", "2027–2028", "later", "total"]
        table = Table("", head, [["special_loan 专项借款", *["17,975.6"] * 9] for _ in range(11)], range(1, 10))
        brief = replace(brief, sections=tuple(sections), table=table)
    last = replace(brief.sections[-1], sentences=(*brief.sections[-1].sentences, "LAST"))
    path = tmp_path / "report.html"
    path.write_text(plan_report(plan, lang, brief=replace(brief, sections=(*brief.sections[:-1], last))), "utf-8")
    browser.open(path)
    (tmp_path / "print.pdf").write_bytes(browser.pdf())
    command = ["pdftotext", str(tmp_path / "print.pdf"), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\f")
    # Figures among Chinese signs are of another font, and stand on a line of their own there.
    first = re.sub(r"\s", "", text[0])
    for section in brief.sections:
        assert all(part in first for part in re.findall(r"[^\W\d]+", section.lead))
    assert "LAST" in text[0]
    assert browser.run("return document.querySelector('#headline h2').textContent") in text[1]
