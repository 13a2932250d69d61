"""The tables of a scenario, column by column: households, quotes, fee curves, parts of fees, homes, wishes for homes.

A checked table is a DataFrame with exactly the columns of its specification, in that order; the types and the value
of an empty cell, by kind of column, are stated in :mod:`renewopt.scenario.models`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renewopt.vocabulary import ROUTES, USES

__all__ = ["TABLES", "Column", "Kind"]

Kind = Literal[
    "id", "text", "number", "count", "money", "share", "month", "months", "boolean", "ids", "terms", "dated_terms"
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how its cells are read, and what an empty cell means.

    Parameters
    ----------
    name : str
    kind : str
        How cells are read.
    required : bool
        Whether every row needs a value.
    default : float, optional
        Value of an empty cell, and of every row where the column is absent.
    minimum, maximum : float
        What is possible.
    likely : (float, float), optional
        Outside of this a value is possible but implausible: a warning.
    choices : tuple of str
        The only words allowed, if any.
    unique : bool
        Whether no two rows may hold the same value.
    headers : tuple of str
        Headers understood besides the name, Chinese and English.
    unit : str
        Of its numbers: ``yuan``, ``yuan a month``, ``m²``, ``months``, ``persons``, ``households``, ``homes``.
    refers : str
        Section whose ids its cells hold.
    day_of : str
        Column of months; where a date stands there, an empty cell of this one means its day.
    description, chinese : str
        What it means, with its unit, in English and Chinese.
    """

    name: str
    kind: Kind
    headers: tuple[str, ...] = ()
    description: str = ""
    chinese: str = ""
    required: bool = False
    default: float | None = None
    minimum: float = 0
    maximum: float = 1e12
    likely: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    unique: bool = False
    refers: str = ""
    unit: str = ""
    day_of: str = ""


def _table(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


HOUSEHOLDS = _table(
    # One row per household, or per cohort of `count` alike. Empty cells fall back on the project.
    Column(
        "id",
        "id",
        ("household", "户号", "户主编号", "被征收户", "编号", "家庭编号"),
        "the planner's own name or number for it",
        "自定的户号；001 之类按文本填写",
        required=True,
        unique=True,
    ),
    Column(
        "project",
        "id",
        ("项目", "项目编号", "所属项目", "征收项目"),
        "id of its project",
        "所属项目的编号",
        required=True,
        refers="projects",
    ),
    Column(
        "count",
        "count",
        ("households", "户数", "数量"),
        "how many alike households the row stands for",
        "本行代表多少户情况相同的住户",
        default=1,
        minimum=1,
        maximum=10000000.0,
        unit="households",
    ),
    Column(
        "area",
        "number",
        ("面积", "建筑面积", "征收面积", "被征收面积"),
        "m² given up, of one household",
        "每户被征收面积，㎡",
        likely=(5, 2000),
        unit="m²",
    ),
    Column(
        "persons",
        "count",
        ("people", "人口", "人数", "家庭人口"),
        "people in one household",
        "每户人口",
        likely=(1, 20),
        maximum=10000.0,
        unit="persons",
    ),
    Column(
        "moved_out",
        "month",
        ("搬离月份", "搬迁月份", "腾空月份", "过渡开始", "过渡起始月", "搬离时间"),
        "month of moving out; default: the project's",
        "搬离的月份；不填：按项目",
    ),
    Column(
        "moves_after",
        "months",
        ("启动后搬离", "搬离时差", "签约后月数"),
        "months from the start of its project until it moves out, where the project has a start window; default: its "
        "signing",
        "项目启动后多少个月搬离，仅用于设有启动月份的项目；不填：按项目签约进度",
        maximum=3000,
        unit="months",
    ),
    Column(
        "moved_out_day",
        "count",
        ("搬离日", "搬离日期（日）"),
        "day of that month, where the first month's fee is by day; default: of a date in moved_out, else the project's",
        "搬离当月的几号；不填：按搬离月份中的日期，否则按项目",
        minimum=1,
        maximum=31,
        day_of="moved_out",
    ),
    Column(
        "term",
        "months",
        ("约定期限", "过渡期限", "协议期限", "约定过渡期"),
        "agreed months of transition; default: the project's or the fee policy's",
        "约定的过渡月数；不填：按项目或过渡费标准",
        maximum=3000,
        likely=(0, 120),
        unit="months",
    ),
    Column(
        "term_class",
        "text",
        ("building_type", "建筑类型", "期限类别"),
        "class of the fee policy's terms, such as low_rise; default: the project's",
        "过渡费标准中期限的类别；不填：按项目",
    ),
    Column(
        "fee_policy",
        "id",
        ("过渡费标准", "过渡费政策"),
        "default: the project's",
        "不填：按项目",
        refers="fee_policies",
    ),
    Column(
        "home_policy", "id", ("安置政策", "安置标准"), "default: the project's", "不填：按项目", refers="home_policies"
    ),
    Column(
        "turnover",
        "boolean",
        ("turnover_housing", "周转房", "是否周转房"),
        "whether it lives in turnover housing",
        "是否住在周转房",
    ),
    Column(
        "groups",
        "ids",
        ("group", "困难群体", "特殊群体", "人群"),
        "groups for uplifts of the fee, such as disabled",
        "困难加发表中的群体；多个用 ; 隔开",
    ),
    Column("tags", "ids", ("tag", "标签"), "for tiers, such as petition", "供优先目标使用，如 信访"),
    Column(
        "routes",
        "ids",
        ("route", "安置方式", "可选方式", "接受方式"),
        "routes that it accepts; default: the project's",
        "可接受的安置方式；不填：按项目",
        choices=ROUTES,
    ),
    Column(
        "estates",
        "ids",
        ("estate", "安置小区", "可选小区"),
        "estates that it accepts; default: all that are open to it",
        "可接受的小区；不填：全部可选小区",
        refers="estates",
    ),
    Column(
        "asks_for",
        "ids",
        ("preference", "意向", "学区要求", "要求"),
        "tags of which its estate must have one, such as a school",
        "小区须有其中一个标签，如 学区",
    ),
    Column(
        "unit_types",
        "ids",
        ("unit_type", "户型", "可选户型"),
        "types of homes that it accepts; default: all",
        "可接受的户型；不填：全部",
    ),
    Column(
        "homes",
        "count",
        ("homes_due", "应安置套数", "套数"),
        "homes due to it; above 1 it is split into so many claims",
        "应安置几套；大于1时拆为同样多的份额",
        minimum=1,
        maximum=100,
        unit="homes",
    ),
    Column(
        "part_month", "month", ("部分交付月份", "首套交付月份"), "month in which a part was delivered", "部分交付的月份"
    ),
    Column(
        "part_area",
        "number",
        ("部分交付面积", "已交付面积"),
        "m² delivered then, by which the fee's area shrinks",
        "届时交付的㎡，计费面积相应减少",
        unit="m²",
    ),
    Column(
        "ends",
        "month",
        ("终止月份", "消亡月份"),
        "month from which it is no more: no fee and no home is due to it",
        "自该月起不再有此户：不再发放过渡费，也不再安置",
    ),
    Column(
        "split_from",
        "id",
        ("分户自", "原户号"),
        "household that it was split from, whose month of moving out, term and policies go on; from the month in which "
        "that one ends",
        "由哪一户分出：沿用其搬离月份、期限和政策；自该户终止之月起",
    ),
    Column(
        "prepaid",
        "money",
        ("预付余额", "多付金额", "已多付"),
        "yuan paid too much before the start, by which its next fees are reduced",
        "起始前多付的金额（元），从以后的过渡费中扣除",
        unit="yuan",
    ),
    Column(
        "weight",
        "number",
        ("urgency", "权重", "紧急程度"),
        "urgency: its fees count so many times",
        "紧急程度：过渡费按此倍数计入目标",
        maximum=1000000.0,
    ),
    Column(
        "deadline",
        "month",
        ("截止月份", "安置期限", "最迟安置月份"),
        "month by which it is housed; default: the project's",
        "须在该月前入住；不填：按项目",
    ),
    Column(
        "indivisible",
        "boolean",
        ("不可拆分", "整体安置"),
        "whether all of the row are settled together",
        "本行住户必须一起安置",
    ),
    Column(
        "related",
        "text",
        ("relatives", "亲属组", "同小区组", "关联组"),
        "word that related households share; those of one word are given homes in one estate only",
        "亲属共用的组名；同组住户如安置住房，只在同一小区",
    ),
    Column(
        "entitlement",
        "number",
        ("应安置面积", "安置面积"),
        "m² due to it, instead of what the home policy gives",
        "应安置的㎡，代替安置政策的计算",
        unit="m²",
    ),
    Column(
        "obligation",
        "money",
        ("安置义务", "安置成本"),
        "yuan in all that it still costs without a choice, instead of the project's yuan/m²",
        "未选定时今后仍须支出的金额（元），代替项目的元/㎡",
        unit="yuan",
    ),
    Column(
        "pays_up_to",
        "money",
        ("自愿缴款上限", "可承受差价"),
        "yuan that one household consents to pay for a dearer home than the cheapest it may be given; default: the "
        "home policy's",
        "每户同意为较贵的房源最多缴多少元；不填：按安置政策",
        unit="yuan",
    ),
    Column(
        "consent_share",
        "share",
        ("同意比例", "自愿比例"),
        "share of the row's households that consent to it, rounded down",
        "本行住户中同意的比例，户数舍去小数",
        unit="share",
        maximum=1,
    ),
)
"""``part_month`` and ``part_area``: a part was delivered then, by which the fee's area shrinks. ``homes`` above 1
splits the household into so many claims. ``obligation`` is yuan in all, instead of the project's yuan/m²."""

QUOTES = _table(
    # Offers given directly, which is how rules that renewopt does not know are plugged in.
    Column("household", "id", ("id", "户号", "被征收户"), "id of the household", "户号", required=True),
    Column(
        "claim",
        "text",
        ("份额", "分项"),
        "part of a household due several homes; empty: each of them",
        "多套住户的某一份；不填：每一份",
    ),
    Column("route", "id", ("安置方式",), "route of the offer", "属于哪种安置方式", required=True, choices=ROUTES),
    Column("label", "text", ("名称", "方案"), "what tables call it", "表格中显示的名称"),
    Column("price", "money", ("价格", "金额", "总价"), "yuan in all", "总价，元", unit="yuan"),
    Column(
        "price_by_month",
        "dated_terms",
        ("分月价格", "按月价格"),
        "price when chosen in that month, 2024-06:100;2024-07:90; in others it is not open",
        "按选定月份的价格：2024-06:100;2024-07:90；其他月份不开放",
    ),
    Column(
        "instalments",
        "terms",
        ("分期", "分期付款"),
        "months after the choice and share or yuan, 0:30%;6:70%",
        "选定后月数与比例或金额：0:30%;6:70%",
    ),
    Column(
        "stock",
        "terms",
        ("房源", "占用房源"),
        "homes that it takes, E1/90:1;E2/60:1",
        "占用的房源：小区/户型:套数，如 E1/90:1",
    ),
    Column("first", "month", ("起始月份", "可选起始月"), "first month in which it may be chosen", "最早可选的月份"),
    Column("last", "month", ("结束月份", "可选截止月"), "last month in which it may be chosen", "最晚可选的月份"),
    Column(
        "housed_after",
        "months",
        ("入住等待月数", "入住月数"),
        "months from choice until housed",
        "选定后多少个月入住",
        maximum=3000,
        unit="months",
    ),
    Column(
        "tail",
        "months",
        ("装修过渡月数", "延付月数"),
        "months of fee after being housed",
        "入住后继续发放的月数",
        maximum=3000,
        unit="months",
    ),
    Column("tail_multiplier", "number", ("延付倍数",), "multiplier in the tail", "装修过渡期的倍数", maximum=10),
    Column(
        "stream",
        "text",
        ("过渡费序列",),
        "yuan of fee in the month of choice and after, 100;100;50",
        "选定当月及以后各月的过渡费：100;100;50",
    ),
    Column(
        "use",
        "id",
        ("用途", "资金用途"),
        "use that the price is paid as; default: by route",
        "价款的用途；不填：按安置方式",
        choices=USES,
    ),
    Column("developer", "id", ("开发商", "房企"), "whom the price is paid to", "价款付给哪家企业", refers="developers"),
    Column("disutility", "number", ("不满意度",), "of choosing it", "选用的不满意度"),
)
"""``price_by_month``: ``2024-06:100;2024-07:90``, the price when chosen in that month (in others it is not open).
``instalments``: ``0:30%;6:70%``, or amounts in yuan, ``0:8;1:96``. ``stock``: ``E1/90:1;E2/60:1``. ``stream``:
``100;100;50``, yuan of fee in the month of choice and after. ``use``: of the price; by route if empty."""

FEE_CURVES = _table(
    # Fee curves given directly, as steps: from this month on, so many yuan a month (for one household).
    Column("household", "id", ("id", "户号", "被征收户"), "id of the household", "户号", required=True),
    Column(
        "claim",
        "text",
        ("份额", "分项"),
        "part of a household due several homes; empty: divided over them",
        "多套住户的某一份；不填：按份分摊",
    ),
    Column(
        "from",
        "month",
        ("起始月份", "自"),
        "month from which it holds; empty: from the beginning",
        "自该月起；不填：自始",
    ),
    Column(
        "fee",
        "money",
        ("过渡费", "月过渡费", "金额"),
        "yuan a month for one household",
        "一户每月多少元",
        required=True,
        unit="yuan a month",
    ),
    Column("overdue", "boolean", ("超期", "是否超期"), "whether these months count as overdue", "这些月份是否算超期"),
)

FEE_PARTS = _table(
    # Further parts of a household's fee, such as that of its shop: they add up with what its own row gives.
    Column("household", "id", ("id", "户号", "被征收户"), "id of the household", "户号", required=True),
    Column("label", "text", ("名称", "部分"), "what it is, such as shop", "是什么，如 商铺"),
    Column(
        "fee_policy",
        "id",
        ("过渡费标准", "过渡费政策"),
        "default: the household's",
        "不填：按住户",
        refers="fee_policies",
    ),
    Column("area", "number", ("面积", "建筑面积"), "m² of this part", "该部分的㎡", likely=(5, 2000), unit="m²"),
    Column(
        "persons", "count", ("人口", "人数"), "people reckoned in it", "计入的人口", maximum=10000.0, unit="persons"
    ),
    Column(
        "moved_out", "month", ("搬离月份", "搬迁月份"), "month of moving out; default: the household's", "不填：按住户"
    ),
    Column(
        "moved_out_day",
        "count",
        ("搬离日",),
        "day of that month; default: of a date in moved_out",
        "搬离当月的几号；不填：按搬离月份中的日期",
        minimum=1,
        maximum=31,
        day_of="moved_out",
    ),
    Column(
        "term",
        "months",
        ("约定期限", "过渡期限", "约定过渡期"),
        "agreed months of transition; default: the household's",
        "不填：按住户",
        maximum=3000,
        likely=(0, 120),
        unit="months",
    ),
)

HOMES = _table(
    # Homes one by one, for the roster; the plan itself counts them by type.
    Column(
        "id",
        "id",
        ("home", "房号", "房源编号", "室号"),
        "its number, unlike all others, such as 3-1-502",
        "房号，不得重复，如 3-1-502",
        required=True,
        unique=True,
    ),
    Column("estate", "id", ("安置小区", "小区"), "id of its estate", "所在小区的编号", required=True, refers="estates"),
    Column("type", "id", ("unit_type", "户型"), "its unit type in that estate", "所属户型", required=True),
    Column(
        "phase",
        "id",
        ("分期", "建设分期"),
        "phase that delivers it; empty: on hand, or arriving in `available`",
        "由哪一期交付；不填：现房，或按可入住月份交付",
    ),
    Column(
        "available",
        "month",
        ("可入住月份", "交付月份"),
        "month from which it can be lived in; empty: from the start, or the handover of its phase in the plan",
        "可入住的月份；不填：自起始月，或方案中该期交付的月份",
    ),
    Column("building", "text", ("楼栋", "楼号", "幢号", "栋号"), "its building", "楼栋"),
    Column(
        "floor",
        "count",
        ("楼层", "所在楼层"),
        "its floor; 1: the ground floor",
        "楼层；1 为底层",
        minimum=1,
        maximum=200,
    ),
    Column(
        "area",
        "number",
        ("area_m2", "建筑面积", "面积"),
        "its m²; empty: that of its type",
        "建筑面积，㎡；不填：按户型",
        likely=(15, 400),
        unit="m²",
    ),
    Column("orientation", "text", ("朝向",), "such as south", "如 南"),
    Column("barrier_free", "boolean", ("无障碍", "是否无障碍"), "whether a wheelchair reaches it", "轮椅能否到达"),
    Column("tags", "ids", ("tag", "标签", "特点"), "such as lift", "如 电梯；多个用 ; 隔开"),
)

HOME_WISHES = _table(
    # What a household needs and wishes of the home itself, for the roster.
    Column("household", "id", ("id", "户号", "被征收户"), "id of the household", "户号", required=True, unique=True),
    Column(
        "signed",
        "count",
        ("签约序号", "签约顺序", "签约顺序号"),
        "its place in the order of signing; those without come last",
        "签约顺序号；不填的排在最后",
        minimum=1,
        maximum=10000000.0,
    ),
    Column(
        "needs",
        "ids",
        ("必须", "必要条件", "硬性要求"),
        "what its home must have, all of it: ground_floor, barrier_free, floor<=3, a building, an orientation, a tag",
        "住房必须全部具备：底层、无障碍、楼层<=3、楼栋、朝向或标签",
    ),
    Column(
        "max_floor", "count", ("最高楼层", "楼层上限"), "highest floor that it can live on", "最高可住楼层", minimum=1
    ),
    Column(
        "wishes",
        "terms",
        ("选房意向", "意愿"),
        "what it would rather have, each with the m² off its entitlement that it would accept for it: "
        "south:10;floor>=5:4",
        "希望具备的条件，及为此愿意接受的面积偏差（㎡）：南:10;楼层>=5:4",
    ),
)
"""``needs`` and ``wishes`` are words of a home: `renewopt.scenario.home_words`."""

PINS = _table(
    # One row for each contract: of a household, or of a construction phase.
    Column(
        "household",
        "id",
        ("户号", "被征收户"),
        "household (or cohort, all of it) that has signed",
        "签约的住户；批量行为整行",
    ),
    Column(
        "phase",
        "id",
        ("建设分期", "分期"),
        "or a phase; with its estate where two share an id: E1/1",
        "或建设分期；重名时写 小区/分期",
    ),
    Column(
        "route", "text", ("安置方式", "方式"), "how it is settled; empty: open", "安置方式；不填：不限", choices=ROUTES
    ),
    Column(
        "pool",
        "text",
        ("房源", "房源或办法"),
        "home (ESTATE/TYPE; ESTATE: any type), voucher or cash programme, quote: as in allocation.csv; empty: open",
        "房源（小区/户型；只写小区：任一户型）、购房凭证或货币补偿办法、报价，与 allocation.csv 一致；不填：不限",
    ),
    Column(
        "month",
        "month",
        ("月份", "签约月份"),
        "month of choice; of a phase: of handover",
        "选定的月份；分期为交付的月份",
    ),
    Column("not_before", "month", ("不早于",), "or in this month at the earliest", "或不早于该月"),
    Column("not_after", "month", ("不晚于",), "and in this one at the latest", "且不晚于该月"),
)

ACTUALS = _table(
    # One row for each thing that happened, or that is now expected.
    Column(
        "what",
        "text",
        ("事项", "类别"),
        "chosen: by a household; started: a project or work; handed_over: a phase; paid, received: by a fund; "
        "expected: a phase, at the earliest",
        "chosen：住户选定；started：项目或工程启动；handed_over：分期交付；paid、received：资金支付、到账；"
        "expected：分期预计最早交付",
        required=True,
        choices=("chosen", "started", "handed_over", "paid", "received", "expected"),
    ),
    Column("month", "month", ("月份",), "in which month", "所在月份", required=True),
    Column("household", "id", ("户号", "被征收户"), "who has chosen", "选定的住户"),
    Column("part", "text", ("部分", "份"), "which part of it, where it is split", "拆分住户的哪一部分"),
    Column("route", "text", ("安置方式", "方式"), "how", "安置方式", choices=ROUTES),
    Column("pool", "text", ("房源", "房源或办法"), "what, as in allocation.csv", "选定内容，与 allocation.csv 一致"),
    Column(
        "count", "count", ("户数",), "how many of a cohort", "批量行中的户数", default=1, minimum=1, maximum=10000000.0,
        unit="households",
    ),
    Column("phase", "id", ("建设分期", "分期"), "phase handed over, paid for or expected", "交付、支付或预计的分期"),
    Column("item", "id", ("启动项目", "工程"), "project or work that has started", "已启动的项目或工程"),
    Column("fund", "id", ("资金",), "fund that paid or received", "支付或到账的资金", refers="funds"),
    Column("use", "text", ("用途",), "what was paid for, where it is no phase", "支付用途（非分期时）", choices=USES),
    Column("amount", "money", ("金额",), "paid or received in the month", "当月支付或到账的金额", unit="yuan"),
)  # fmt: skip
"""What happened, as an office would keep it (`renewopt.results.replanning`)."""

TABLES: dict[str, dict[str, Column]] = {
    "households": HOUSEHOLDS,
    "quotes": QUOTES,
    "fee_curves": FEE_CURVES,
    "fee_parts": FEE_PARTS,
    "homes": HOMES,
    "home_wishes": HOME_WISHES,
    "pins": PINS,
    "actuals": ACTUALS,
}
"""Section of the scenario to its columns, by name."""
