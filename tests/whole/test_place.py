"""A place with a currency and words of its own: no output of any kind, in either language, falls back to yuan."""

import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

import renewopt
from renewopt.cli.main import main
from renewopt.wording import LANGUAGES, Language

MINIMAL = Path(__file__).parents[2] / "scenarios" / "minimal.yaml"
PLACE = """
currency: {name: pounds, one: pound, chinese: 英镑, symbol: £, code: GBP}
words:
  - {term: transition fee, one: rent allowance, several: rent allowances, chinese: 租金补贴}
  - {term: fee, one: rent, several: rents}
  - {term: moving fee, one: home loss payment, several: home loss payments, chinese: 失家补偿}
  - {term: 房票, one: buy-out, several: buy-outs, chinese: 回购}
  - {term: household, one: tenant, several: tenants, chinese: 租户}
  - {term: estate, one: block, several: blocks, chinese: 楼群}
"""
MONEY = re.compile(r"(?<![_\w])yuan(?!\w)|(?<!单)元(?!素)|万|(?<!\w)fen(?!\w)")
REPLACED = {
    "en": re.compile(r"(?<![\w-])((transition |moving )?fee|voucher|household|estate)s?(?![\w-])", re.IGNORECASE),
    "zh": re.compile("过渡费|搬迁费|购房凭证|住户|小区"),
}
KEYS = re.compile(
    r"\([\w. -]*\)|\b\w+/\w+|`[^`]*`|\b[\w-]+\.(?:csv|yaml|xlsx|json)\b|--\w+|"
    r"\b(?:households|estates|vouchers|fee_policies|funds)\.[\w.-]+"
)
"""Names of keys, files and options, which stay what they are."""


def scenario(tmp_path: Path) -> Path:
    """The smallest scenario that ships, in pounds, its amounts written in every way that is read."""
    text = MINIMAL.read_text("utf-8")
    text = re.sub(r"#.*", "", text)
    amounts = {"90万元": "900000 GBP", "10万元": "£100,000", "10.5万元": "'105,000 pounds'", "25万元": "250000英镑"}
    for yuan, pounds in amounts.items():
        text = text.replace(f" {yuan}", f" {pounds}")
    # Names as keys, and an id that happens to be a word of renewopt: what is the planner's is nobody's to change.
    text = text.replace("id: voucher", "id: V").replace("[fees, voucher]", "[fees, voucher, moving, construction]")
    text = text.replace("term: 24", "term: 24\n    moving_fee: {per_household: 1500.50}")
    file = tmp_path / "district.yaml"
    file.write_text(text + PLACE, "utf-8")
    return file


def texts_of(folder: Path, lang: Language) -> Iterator[tuple[str, str]]:
    """What a folder's files tell people, by file; CSV and JSON hold keys."""
    for file in sorted(folder.iterdir()):
        if file.suffix == ".html":
            yield file.name, read_page(file.read_text("utf-8"))
            for spec in charts_of(file.read_text("utf-8")):
                yield f"{file.name} chart", spec
        elif file.suffix == ".md":
            yield file.name, file.read_text("utf-8")
        elif file.suffix == ".docx":
            document = docx.Document(str(file))
            yield file.name, "\n".join(part.text for part in document.paragraphs)
            yield file.name, "\n".join(cell.text for table in document.tables for cell in table._cells)
        elif file.suffix == ".xlsx":
            yield from ((f"{file.name} {name}", text) for name, text in cells_of(file, lang))


def read_page(page: str) -> str:
    """What a reader sees of a page, but for its charts."""
    parts = re.split(r"<(?=(?:script|style)\b)", page)
    seen = [parts[0], *(re.split(r"</(?:script|style)>", part)[-1] for part in parts[1:])]
    return html.unescape(re.sub(r"<[^>]+>", "\n", "\n".join(seen)))


def charts_of(page: str) -> Iterator[str]:
    """Texts of the charts of a page; plotly's own script is no part of them."""
    for part in re.split(r"<script\b", page):
        if len(part) < 500_000:
            for spec in re.findall(r'"(?:text|name|hovertemplate|ticksuffix)":("[^"]*")', part):
                yield json.loads(spec)


def cells_of(file: Path, lang: Language) -> Iterator[tuple[str, str]]:
    """Cells of a workbook; in English the headers of its tables are keys."""
    with zipfile.ZipFile(file) as book:
        for name in book.namelist():
            if re.fullmatch(r"xl/worksheets/sheet\d+\.xml|xl/sharedStrings\.xml", name):
                sheet = book.read(name).decode()
                if ('r="A1"' in sheet and "{&quot;currency" in sheet) or '{"currency' in sheet:
                    continue
                if lang == "en" and not (file.name == "plan.xlsx" and name.endswith("sheet1.xml")):
                    sheet = re.sub(r'<row r="1".*?</row>', "", sheet, flags=re.DOTALL)
                yield name, html.unescape("\n".join(re.findall(r"<t[^>]*>([^<]*)</t>", sheet)))
            elif name == "xl/workbook.xml" and lang == "zh":
                yield name, "\n".join(re.findall(r'<sheet name="([^"]*)"', book.read(name).decode()))


def said(lang: Language, *command: str, code: int = 0) -> str:
    """What a command tells, on both streams."""
    result = CliRunner().invoke(main, ["--lang", lang, *command])
    assert result.exit_code == code, result.output
    return result.output


def wrong_in(lang: Language, where: str, text: str) -> list[str]:
    """Lines that speak of yuan, or in words that the place has others for."""
    lines = [KEYS.sub("", line) for line in text.splitlines()]
    return [f"{where}: {line.strip()}" for line in lines if MONEY.search(line) or REPLACED[lang].search(line)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.slow
def test_no_output_speaks_of_yuan_or_in_replaced_words(tmp_path: Path, lang: Language) -> None:
    file, folder, compared = scenario(tmp_path), tmp_path / "plan", tmp_path / "compared"
    told = {
        "check": said(lang, "check", str(file)),
        "dossier": said(lang, "check", str(file), "--households"),
        "dossier file": said(lang, "check", str(file), "--households", "--csv", str(tmp_path / "dossier.xlsx")),
        "plan": said(lang, "plan", str(file), "--out", str(folder), "--gap", "0"),
        "compare": said(
            lang, "compare", str(file), "--out", str(compared), "--policies", "urgent-first", "--no-perfect"
        ),
    }
    wrong = [line for where, text in told.items() for line in wrong_in(lang, where, text)]
    for of in (folder, compared):
        for where, text in texts_of(of, lang):
            wrong += wrong_in(lang, where, text)
    for where, text in cells_of(tmp_path / "dossier.xlsx", lang):
        wrong += wrong_in(lang, f"dossier {where}", text)
    for text in (renewopt.read_plan(folder).summary(lang), renewopt.read_plan(folder).report(lang)):
        wrong += wrong_in(lang, "read back", read_page(text))
    assert wrong == []
    assert {"en": "£", "zh": "英镑"}[lang] in told["plan"]
    assert {"en": "Rent allowances", "zh": "租金补贴"}[lang] in told["plan"]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_short_is_told_in_the_place_s_currency(tmp_path: Path, lang: Language) -> None:
    file = scenario(tmp_path)
    text = file.read_text("utf-8").replace("250000英镑", "1 GBP").replace("£100,000", "£1")
    file.write_text(text.replace("moved_out: 2022-04", "moved_out: 2022-04\n    deadline: 2024-03"), "utf-8")
    told = said(lang, "plan", str(file), "--out", str(tmp_path / "plan"), "--quiet", code=3)
    wrong = wrong_in(lang, "plan", told)
    for where, page in texts_of(tmp_path / "plan", lang):
        wrong += wrong_in(lang, where, page)
    assert wrong == []
    assert {"en": "£", "zh": "英镑"}[lang] in told


def test_a_stored_plan_keeps_its_place(tmp_path: Path) -> None:
    plan = renewopt.plan(scenario(tmp_path), policy="urgent-first")
    folder = plan.write(tmp_path / "plan", report=False, lang="zh")
    record = json.loads((folder / "plan.json").read_text("utf-8"))
    assert record["currency"]["name"] == "pounds"
    assert record["words"][3] == {"term": "voucher", "one": "buy-out", "several": "buy-outs", "chinese": "回购"}
    again = renewopt.read_plan(folder)
    assert again == plan
    assert again.place == renewopt.load(tmp_path / "district.yaml").place
    assert "£" in again.summary()
    assert "£" in repr(again) or "pounds" in repr(again)
    tables = renewopt.read_tables(folder)
    assert all(tables[name].equals(getattr(plan, name)) for name in ("allocation", "funds", "fees", "construction"))
    assert renewopt.audit(tmp_path / "district.yaml", again) == renewopt.audit(tmp_path / "district.yaml", plan)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shadow_prices_come_back_from_a_workbook(tmp_path: Path, lang: Language) -> None:
    plan = renewopt.plan(scenario(tmp_path), gap=0)
    assert not plan.prices.empty
    tables = renewopt.read_tables(plan.write(tmp_path / "plan", report=False, lang=lang))
    assert list(tables["prices"].columns) == list(plan.prices.columns)
    assert tables["prices"]["price_yuan"].tolist() == pytest.approx(plan.prices["price_yuan"].tolist())
    assert set(tables["statement"]["item"]) == set(plan.statement["item"])


def test_columns_of_csv_files_are_what_they_are(tmp_path: Path) -> None:
    ours = renewopt.plan(scenario(tmp_path), policy="urgent-first").write(tmp_path / "ours", report=False)
    yuan = renewopt.plan(MINIMAL, policy="urgent-first").write(tmp_path / "yuan", report=False)
    for file in sorted(yuan.glob("*.csv")):
        assert (ours / file.name).read_text("utf-8").splitlines()[0] == file.read_text("utf-8").splitlines()[0]
    assert not {"currency", "words"} & set(json.loads((yuan / "plan.json").read_text("utf-8")))


@pytest.mark.parametrize("changed", ["<b>pounds</b>", "po\x1bunds", "", 3])
def test_a_plan_whose_place_was_changed_is_refused(tmp_path: Path, changed: object) -> None:
    folder = renewopt.plan(scenario(tmp_path), policy="urgent-first").write(tmp_path / "plan", report=False)
    record = json.loads((folder / "plan.json").read_text("utf-8"))
    record["currency"]["name"] = changed
    (folder / "plan.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(renewopt.PlanFileError, match="incomplete or changed"):
        renewopt.read_plan(folder)


def test_scenarios_in_different_currencies_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="amounts in pounds, yuan: scenarios in different currencies"):
        renewopt.compare([scenario(tmp_path), MINIMAL])


def test_a_name_of_the_planner_s_is_nobody_s_to_change(tmp_path: Path) -> None:
    file = scenario(tmp_path)
    text = file.read_text("utf-8").replace("name: Minimal", "name: Fifty yuan estate of a household")
    file.write_text(text, "utf-8")
    plan = renewopt.plan(file, policy="urgent-first")
    assert plan.summary().startswith("Plan for Fifty yuan estate of a household")
    assert plan.work_summary().startswith("# Work summary: Fifty yuan estate of a household")


def test_a_currency_without_a_smaller_unit_shows_none(tmp_path: Path) -> None:
    text = scenario(tmp_path).read_text("utf-8").replace("rate: 10 ", "rate: 10.333 ").replace("1500.50", "1500")
    text = re.sub(r"currency: \{.*\}", "currency: {name: yen, chinese: 日元, digits: 0, large: myriads}", text)
    text = text.replace("£100,000", "100,000").replace("英镑", "日元")
    text = text.replace(" GBP", " yen").replace(" pounds", " yen")
    file = tmp_path / "district.yaml"
    file.write_text(text, "utf-8")
    told = [said("en", "check", str(file), "--households"), renewopt.plan(file, policy="urgent-first").summary()]
    amounts = re.findall(r"[0-9,.]+(?= yen)", " ".join(told))
    assert amounts
    assert all(re.fullmatch(r"[0-9,]+", amount) for amount in amounts)
    assert "万日元" in renewopt.plan(file, policy="urgent-first").summary("zh")
