"""Sentences and headers of the work summary, in English and Chinese, in the form in which offices report."""

from __future__ import annotations

from renewopt.results.texts import LANGUAGES, Language

__all__ = ["amount", "say"]

_TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Work summary: {name}", "{name}安置工作总结"),
    "title.variant": ("Work summary: {name}, variant {variant}", "{name}安置工作总结（情形 {variant}）"),
    "made": (
        (
            "Made from the plan ({policy}; {status}). Every figure is counted from the plan's ledger: it is what the "
            "plan will do, not what has been done."
        ),
        "本总结依据安置方案（{policy}；{status}）编制，各项数字均取自方案台账，为方案安排数，并非实际完成数。",
    ),
    "status.optimal": ("proven optimal", "已证明最优"),
    "status.feasible": ("stopped at the asked gap", "达到要求的精度"),
    "status.rule": ("decided by a rule, month by month", "按规则逐月决定"),
    "status.time_limit": ("stopped at the time limit", "到达时限"),
    "status.interrupted": ("interrupted", "已中断"),
    "year": ("{year}", "{year}年"),
    "total": ("All years", "规划期合计"),
    "span.year": ("In {year}", "本年度（{year}年）"),
    "span.part": ("From {first} to {last}", "本年度（{first}至{last}）"),
    "span.all": ("From {first} to {last}", "规划期内（{first}至{last}）"),
    "households": (
        (
            "{span}, {name} involves {projects} projects with {involved} households. Housed: {housed}{routes}; by the "
            "end {done} of {all} are housed ({share}), {waiting} wait."
        ),
        (
            "{span}，{name}涉及{projects}个项目{involved}户，完成安置{housed}户{routes}；期末累计完成安置{done}户，"
            "占总户数{all}户的{share}，待安置{waiting}户。"
        ),
    ),
    "route.own_unit": ("own estate {count}", "原项目安置房{count}户"),
    "route.transfer": ("transfer {count}", "调安{count}户"),
    "route.voucher": ("voucher {count}", "购房凭证{count}户"),
    "route.cash": ("cash {count}", "货币补偿{count}户"),
    "route.mixed": ("several routes {count}", "多种方式{count}户"),
    "routes": (" ({routes})", "（{routes}）"),
    "join": (", ", "、"),
    "overdue": ("{count} of them are past the agreed term.", "其中超期{count}户。"),
    "overdue.none": ("None of them is past the agreed term.", "其中无超期户。"),
    "fees": (
        "Transition fees of {fees} accrue, {overdue} of them overdue; {paid} are paid and {owed} are owed at the end.",
        "过渡费支出约{fees}，其中超期过渡费{overdue}；已付{paid}，期末欠付{owed}。",
    ),
    "saved": (
        "Against everybody waiting for the own estate this saves about {amount} of transition fees.",
        "与全部等待原项目安置房相比，节约过渡费支出约{amount}。",
    ),
    "saved.less": (
        "That is about {amount} more than if everybody waited for the own estate.",
        "与全部等待原项目安置房相比，过渡费支出增加约{amount}。",
    ),
    "office": (
        (
            "By the office's convention (monthly fee × months to the own estate's assumed handover) about {amount} of "
            "transition fees are saved."
        ),
        "按建设周期口径（月过渡费×至原安置房预计交付的月数）计算，节约过渡费支出约{amount}。",
    ),
    "building": (
        "{amount} go into construction; phases handed over: {count}{phases}.",
        "投入安置房建设资金{amount}，交付{count}期{phases}。",
    ),
    "building.none": (
        "{amount} go into construction; no phase is handed over.",
        "投入安置房建设资金{amount}，无分期交付。",
    ),
    "phases": (" ({names})", "（{names}）"),
    "voucher": ("{amount} are paid on vouchers.", "兑付购房凭证{amount}。"),
    "units": ("{amount} are paid for homes.", "购置房源支出{amount}。"),
    "cash": ("{amount} are paid as cash compensation.", "支付货币补偿{amount}。"),
    "moving": ("{amount} are paid as moving fees.", "支付搬迁费{amount}。"),
    "offset": (
        "{amount} of what developers owe is set off.",
        "以购房凭证等冲抵开发企业欠款，化解债务{amount}。",
    ),
    "after": (
        "The books run on to {last}; what is paid after {end} stands in the row “afterwards”.",
        "账期延续至{last}，{end}之后的收支列入“期后”一行。",
    ),
    "valued": (
        (
            "Of the total saving, {amount} are no fees of these years: surcharges on what is owed, and fees after the "
            "horizon of households that have chosen nothing by then, as the plan values them."
        ),
        "节约额合计中，{amount}不属于上列各年：为欠付加收，以及期末仍未选定的住户期后过渡费的折算。",
    ),
    "by_project": ("By project, {span}", "分项目情况（{span}）"),
    "by_year": ("By year", "分年度情况"),
    "afterwards": ("afterwards", "期后"),
    "sum": ("total", "合计"),
    "col.project": ("project", "项目"),
    "col.span": ("year", "年度"),
    "col.involved": ("households", "涉及户数"),
    "col.housed": ("housed", "完成安置"),
    "col.done": ("housed so far", "累计安置"),
    "col.own_unit": ("own estate", "原项目安置房"),
    "col.transfer": ("transfer", "调安"),
    "col.voucher": ("voucher", "购房凭证"),
    "col.cash": ("cash", "货币补偿"),
    "col.mixed": ("several", "多种方式"),
    "col.waiting": ("waiting", "待安置"),
    "col.overdue": ("overdue", "超期户"),
    "col.fees": ("fees, yuan", "过渡费（万元）"),
    "col.extra": ("of which overdue", "其中超期（万元）"),
    "col.saved": ("saved, yuan", "节约过渡费（万元）"),
    "col.building": ("construction, yuan", "建设投入（万元）"),
    "col.paid_vouchers": ("vouchers, yuan", "凭证兑付（万元）"),
    "col.offset": ("debt set off, yuan", "化解债务（万元）"),
}


def say(lang: Language, key: str, **values: object) -> str:
    """Say a sentence."""
    return _TEXTS[key][LANGUAGES.index(lang)].format(**values)


def known(key: str) -> bool:
    """Whether there is such a sentence."""
    return key in _TEXTS


def amount(lang: Language, yuan: float) -> str:
    """Write an amount as such reports do: 亿元 from one 亿 on, else 万元; millions in English.

    Examples
    --------
    >>> amount("zh", 123_456_789.0), amount("zh", 1_234_567.0), amount("en", 1_234_567.0), amount("en", 4_500.0)
    ('1.23亿元', '123.46万元', '1.23 million yuan', '4,500 yuan')
    """
    if lang == "zh":
        return f"{yuan / 1e8:,.2f}亿元" if abs(yuan) >= 1e8 else f"{yuan / 1e4:,.2f}万元"
    return f"{yuan / 1e6:,.2f} million yuan" if abs(yuan) >= 1e6 else f"{yuan:,.0f} yuan"


def cell(lang: Language, yuan: float) -> str:
    """Write an amount for a table: 万元 in Chinese, yuan in English."""
    return f"{yuan / 1e4:,.2f}" if lang == "zh" else f"{yuan:,.0f}"


def month(lang: Language, text: str) -> str:
    """Write a month: 2024年6月.

    Examples
    --------
    >>> month("zh", "2024-06")
    '2024年6月'
    """
    return f"{text[:4]}年{int(text[5:])}月" if lang == "zh" else text
