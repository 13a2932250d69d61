"""What homes households are entitled to, and the estates that have them (rules 10, 11, 14)."""

from typing import Annotated, Literal

from pydantic import Field

from renewopt.scenario.fields import (
    Boolean,
    Count,
    Id,
    Money,
    MoneyBySpan,
    Month,
    Months,
    Name,
    Number,
    NumberByMonth,
    Section,
    Share,
    key,
)
from renewopt.scenario.sections.common import All, Measure

__all__ = ["AreaBound", "Estate", "HomePolicy", "Phase", "PriceBand", "UnitType", "Wish"]


class AreaBound(Section):
    """Entitlement bounds for households of a size (rule 11)."""

    persons_from: Annotated[Count, Field(ge=0)] = key(0, "smallest household it holds for", "人口从", "适用的最少人口")
    persons_to: Count | None = key(None, "largest; empty: without end", "人口至", "适用的最多人口；不填：不限")
    minimum: Number | None = key(None, "m² in all", "下限", "每户合计", unit="m²")
    maximum: Number | None = key(None, "m² in all", "上限", "每户合计", unit="m²")
    minimum_per_person: Number | None = key(None, "m²", "人均下限", "每人", unit="m²")
    maximum_per_person: Number | None = key(None, "m²", "人均上限", "每人", unit="m²")


class PriceBand(Section):
    """Price of area above the entitlement, up to `up_to` m² above it (rule 11)."""

    up_to: Number | None = key(
        None, "m² above entitlement; empty: without end", "超出至", "超出应安置面积多少㎡以内；不填：不限", unit="m²"
    )
    yuan_per_m2: Money = key(
        ..., "what the household pays", "价格", "住户支付", unit="yuan/m²", label="price", usual="a price of a m²"
    )


class HomePolicy(Section):
    """What a household is entitled to, and what it pays or is paid for more or less (rule 11)."""

    id: Id
    basis: Literal["area", "person"] = key(
        "area", "what the entitlement is reckoned from", "计算依据", "按被征收面积或人口"
    )
    per_basis: Number = key(
        1, "m² due per m² given up, or per person", "每单位应安置", "每㎡被征收面积或每人应安置多少㎡", unit="m²"
    )
    bounds: list[AreaBound] = key(
        [],
        "limits of the entitlement by size of the household",
        "面积限额",
        "按家庭人口规定的应安置面积上下限",
        sheet="area_bounds",
    )
    max_homes: Annotated[Count, Field(ge=1, le=4)] = key(
        1,
        "homes in one offer, 4 at most: 2 allows bundles of two",
        "最多套数",
        "一个安置选项最多几套，不超过4：2 为可选两套",
    )
    round_up: Boolean = key(
        True,
        "to the smallest home (or bundle), in stock or to come, that reaches the entitlement",
        "就近上靠",
        "选用达到应安置面积的最小户型或组合（现有或将有的房源）",
    )
    within_price: Money = key(
        0,
        "yuan/m² the household pays within it",
        "限内价格",
        "应安置面积以内住户支付的价格",
        unit="yuan/m²",
        usual="a price of a m²",
    )
    above: list[PriceBand] = key(
        [],
        "prices of area above the entitlement, band by band",
        "超面积价格",
        "超出应安置面积部分的价格，一行一段",
        sheet="price_bands",
    )
    maximum_above: Number | None = key(
        None, "m² above entitlement at most; larger homes not offered", "最多超出", "超出应安置面积的上限", unit="m²"
    )
    choice_above: Number | None = key(
        None,
        "m² above entitlement up to which the household may choose any home, where `round_up` gives it the smallest",
        "自选幅度",
        "就近上靠时，超出应安置面积多少㎡以内的房源可任选",
        unit="m²",
    )
    maximum_below: Number | None = key(
        None,
        "m² below entitlement at most; default: none, unless no home reaches it",
        "最多不足",
        "不足应安置面积的下限；不填：除非没有房源达到，否则不得不足",
        unit="m²",
    )
    refund: Money = key(
        0,
        "yuan/m² paid to the household below it",
        "退差",
        "不足应安置面积部分退给住户",
        unit="yuan/m²",
        usual="a price of a m²",
    )
    into: Id | None = key(
        None, "fund that receives what households pay", "收款资金", "住户缴款进入哪项资金", refers="funds"
    )
    pays_up_to: Money | None = key(
        None,
        "yuan that each household consents to pay for a dearer home; default: no more than for the cheapest that it "
        "may be given",
        "自愿缴款上限",
        "各户同意为较贵的房源最多缴多少元；不填：不高于可选房源中缴款最少的",
    )


class Wish(Section):
    """What homes a group of households would rather have, or takes only (rule 10)."""

    id: Id
    groups: Annotated[list[Id], Field(min_length=1)] = key(
        ..., "households of one of these groups, as in their `groups`", "群体", "与住户表的群体一致；多个用 ; 隔开"
    )
    types: list[Id] = key([], "homes of one of these types", "户型", "其中一种户型；多个用 ; 隔开")
    tags: list[Id] = key(
        [], "or with one of these tags, of the home or of its estate", "标签", "或带有其中一个标签（户型或小区的标签）"
    )
    only: Boolean = key(False, "other homes are not offered to them", "仅限", "其他房源不提供给这些住户")
    disutility: Number = key(0, "of another home, where others are offered", "不满意度", "选用其他房源的不满意度")


class UnitType(Section):
    """Homes of one type in an estate."""

    type: Id = key(
        ...,
        "as in `delivers` and the households' `unit_types`",
        "户型",
        "建设分期的交付与住户表的户型用此名称",
        unique=True,
    )
    area: Number | None = key(
        None,
        "m² of one home; needed where entitlement is matched",
        "面积",
        "一套的面积；按应安置面积匹配时必填",
        unit="m²",
        gt=0,
    )
    tags: list[Id] = key([], "ground floor, lift … that households may ask for", "标签", "底层、电梯等，供住户意向匹配")
    on_hand: Number = key(0, "stock at the start, in the estate's measure", "现房", "起始时的存量，按小区的计量")
    arrivals: NumberByMonth = key(
        {}, "known handovers by month, money already found", "将交付", "已有资金、按月交付：2024-05:3;2024-09:10"
    )
    surplus: Number | None = key(
        None,
        "open for transfer; empty: stock less homes due to own households",
        "富余",
        "可供调安的数量；不填：存量减去应安置本项目住户的数量",
    )
    price: Money = key(
        0,
        "yuan the office pays, when chosen, for one home (m² or person, as the estate counts); use: units",
        "购房单价",
        "选定时由政府支付，每套（㎡或人）",
    )


class Phase(Section):
    """A construction phase; handed over whole once its remaining cost is paid."""

    id: Id
    name: Name = ""
    cost: Money = key(..., "yuan, the whole phase", "总造价", "整期", usual="the cost of a phase")
    progress: Share = key(0, "share already paid and built", "进度", "已付并完成的比例")
    handover_lag: Months = key(0, "months from last payment to handover", "交付时差", "付清到交付的月数")
    earliest: Month | None = key(None, "earliest month of handover", "最早交付月份", "不早于该月交付")
    monthly_limit: Money | MoneyBySpan | None = key(
        None,
        "yuan that can be spent in a month; or by span of months (2024-01..2024-06: 20万元)",
        "每月限额",
        "每月最多投入；各时段不同：2024-01..2024-06:200000;2024-07..:400000",
    )
    delivers: dict[Id, Number] = key(
        ..., "unit type: how many, in the estate's measure", "交付", "户型与数量：标准户型:6;大户型:2", min_length=1
    )
    land: list[Id] = key(
        [],
        "projects whose cleared land it stands on: nothing is paid for it before",
        "用地项目",
        "建在哪些项目的净地上；净地前不得投入",
        refers="projects",
    )
    build_months: Months = key(
        0,
        "months from cleared land and the first payment to completion, at least",
        "最短工期",
        "从净地和首次投入到建成的最少月数",
    )


class Estate(Section):
    """A resettlement estate (安置房小区): homes on hand, arriving, and in phases."""

    id: Id
    name: Name = ""
    projects: list[Id] = key(
        [],
        "projects whose own estate it is",
        "所属项目",
        "作为哪些项目的原项目安置房；多个用 ; 隔开",
        refers="projects",
    )
    open_to: All | list[Id] = key(
        "all",
        "projects that may be settled here by transfer",
        "可调安项目",
        "有富余时可调安的项目；全部，或 无",
        refers="projects",
    )
    tags: list[Id] = key([], "schools, districts … that households may ask for", "标签", "学区、片区等，供住户意向匹配")
    measure: Measure = key("homes", "what stock is counted in", "计量", "房源按套、㎡或人计")
    units: Annotated[list[UnitType], Field(min_length=1)] = key(
        ..., "homes by type", "户型房源", "各小区各户型的现房与将交付房源", sheet="units"
    )
    phases: list[Phase] = key(
        [], "construction phases that deliver homes", "建设分期", "在建或拟建的分期；余款付清后整期交付", sheet="phases"
    )
    release: Boolean = key(
        False,
        "an own household's other choice frees its home for transfer",
        "释放房源",
        "本项目住户改选其他方式后，其房源可用于调安",
    )
    housed_after: Months = key(0, "months from choice until housed", "入住等待", "选定后多少个月入住")
    developer: Id | None = key(
        None, "whom the price of units is paid to", "开发企业", "购房款付给哪家企业", refers="developers"
    )
    disutility: Number = key(0, "of being settled here by transfer", "不满意度", "调安到此的不满意度")
