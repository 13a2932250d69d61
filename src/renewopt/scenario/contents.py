"""The sections of a scenario, as a planner states them; every class is one section of the YAML file.

Amounts are yuan (`Decimal`), months `Month`, shares fractions. Once loaded, the tables (households, quotes, fee
curves, parts of fees, homes, wishes for homes, pins, actuals) are DataFrames with exactly the columns of `TABLES`, in
that order, and these canonical types:

| kind | dtype | empty cell |
| --- | --- | --- |
| id, text | object (str, stripped) | "" |
| number, share | float64 | NaN |
| money | float64 yuan | NaN |
| count, months | int64 | −1 |
| month | int64, `Month.ordinal` | −1 |
| boolean | bool | False |
| ids | object: tuple of str | () |
| terms | object: tuple of (key, value) text pairs, as written; dated ones with months as 2024-06 | () |

`households.count` is 1 where empty. Quotes and fee curves add to what the rules give: a household's quotes join the
offers of its project's routes (state ``routes: []`` on the project to have quotes alone); a household with fee curve
rows has no other fee.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator
from pydantic_core import PydanticKnownError

from renewopt.errors import Finding
from renewopt.scenario.fields import Count, Month, Months, Name, Section, key
from renewopt.scenario.frames import Table, empty_table
from renewopt.scenario.sections import (
    Arrears,
    Cash,
    Commitment,
    Crew,
    CurrencyUnit,
    Developer,
    Estate,
    FeePolicy,
    Fund,
    Future,
    HomePolicy,
    Move,
    ObjectiveChoice,
    OpeningLoan,
    Owing,
    PlaceWords,
    PolicyChoice,
    Precedence,
    Project,
    StartCount,
    Throughput,
    Voucher,
    Wish,
    Work,
)
from renewopt.scenario.sections.place import place_of
from renewopt.scenario.source import Source, hash_content
from renewopt.scenario.table_specs import TABLES
from renewopt.wording import Place

__all__ = ["MAY_BE_ABSENT", "Contents", "TableFile"]


TOO_SHORT: Literal["too_short"] = "too_short"
"""What pydantic calls a list that lacks an entry."""


MAY_BE_ABSENT = ("projects", "households", "funds")
"""Sections that need not be stated where works are."""


class Absent(list[Any]):
    """Stands for a section that need not be stated."""


def some(value: Any) -> Any:
    """Refuse an empty list that is stated."""
    if isinstance(value, list) and not value and not isinstance(value, Absent):
        raise PydanticKnownError(TOO_SHORT, {"field_type": "List", "min_length": 1, "actual_length": 0})
    return value


class TableFile(Section):
    """A table beside the scenario file."""

    file: str = key(
        ..., "path in the folder of the scenario file, or below", "文件", "基础数据所在文件夹（或其下级文件夹）中的路径"
    )
    sheet: str | None = key(
        None,
        "sheet of a workbook; default: the one named like the section, else the first",
        "工作表",
        "工作簿中的表；不填：与该节同名的表，否则第一张",
    )
    header_row: Annotated[Count, Field(ge=1)] | None = key(
        None,
        "row that holds the headers, from 1; default: found among the first ten",
        "表头行",
        "表头所在的行，从 1 数起；不填：在前十行中查找",
    )


class Contents(Section):
    """What a scenario states, and where it was stated; the checks of its meaning stand above (`Scenario`)."""

    name: Annotated[Name, Field(min_length=1)] = key(
        ..., "name of the district, shown in reports", "片区名称", "显示在报告中"
    )
    start: Month = key(..., "month 0", "起始月份", "开始决策的月份，如 2024-06")
    months: Annotated[Months, Field(ge=1)] = key(
        ..., "months in which something is decided", "规划月数", "在多少个月内作决策"
    )
    projects: Annotated[list[Project], BeforeValidator(some), Field(json_schema_extra={"minItems": 1})] = key(
        ..., "expropriation projects", "项目", "征收项目", one="project"
    )
    households: Table = key(
        ..., "households, or cohorts of alike ones", "住户", "被征收户；情况相同的可合为一行并填户数"
    )
    quotes: Table | None = key(None, "offers given directly", "直接报价", "直接给出的安置选项；用于规则表达不了的情形")
    fee_curves: Table | None = key(
        None, "fees given directly", "直接费用", "直接给出的过渡费；有此行的住户不再按标准计算"
    )
    fee_parts: Table | None = key(
        None,
        "further parts of a household's fee, such as a shop's",
        "过渡费各部分",
        "住户过渡费的其他部分，如商铺；与住户表中的一并计算",
    )
    homes: Table | None = key(
        None,
        "homes one by one, for the home roster; plans count them by type",
        "房源清单",
        "逐套列出的房源，用于选房公示表；方案只按户型计数",
    )
    home_wishes: Table | None = key(
        None,
        "what households need and wish of the home itself, for the home roster",
        "选房意向",
        "住户对具体住房的必要条件和意向，用于选房公示表",
    )
    pins: Table | None = key(
        None,
        "signed contracts that every plan keeps",
        "已签合同",
        "每份方案都须遵守的已签合同",
    )
    actuals: Table | None = key(
        None,
        "what happened since the plan began, for `replan`; plans do not read it",
        "实际进展",
        "方案开始以来的实际情况，用于 `replan`；方案编制时不读取",
    )
    fee_policies: list[FeePolicy] = key(
        [], "how transition fees are reckoned (rules 1-9)", "过渡费标准", "过渡费如何计算", one="fee policy"
    )
    home_policies: list[HomePolicy] = key(
        [],
        "what homes households are entitled to (rule 11)",
        "安置政策",
        "应安置面积与差价如何计算",
        one="home policy",
        by_name=True,
    )
    estates: list[Estate] = key(
        [],
        "resettlement estates: homes on hand, arriving and in phases (rules 10, 14)",
        "安置小区",
        "安置房小区",
        one="estate",
    )
    wishes: list[Wish] = key(
        [],
        "homes that groups of households would rather have, or take only (rule 10)",
        "户型意向",
        "群体希望选用或只选用的房源",
        one="wish",
    )
    vouchers: list[Voucher] = key(
        [],
        "voucher programmes (房票, rules 12, 13)",
        "购房凭证",
        "购房凭证办法",
        one="voucher programme",
        column="voucher",
    )
    cash: list[Cash] = key(
        [], "monetary compensation (货币补偿)", "货币补偿", "货币补偿办法", one="cash programme", column="cash"
    )
    developers: list[Developer] = key(
        [],
        "developers: homes for vouchers, debts to be set off (rule 21)",
        "开发企业",
        "开发企业：供购房凭证选购的房源、欠政府的款项",
        one="developer",
        by_name=True,
    )
    funds: Annotated[list[Fund], BeforeValidator(some), Field(json_schema_extra={"minItems": 1})] = key(
        ..., "money and its strings (rules 17, 18)", "资金", "资金来源及其限制", one="fund"
    )
    moves: list[Move] = key([], "money that may be moved between funds (rule 20)", "资金调剂", "允许在两项资金之间调剂")
    opening_loans: list[OpeningLoan] = key(
        [], "loans drawn before the start (rule 18)", "存量贷款", "起始前已借入的借款", one="opening loan"
    )
    owing: list[Owing] = key(
        [],
        "payments that may be deferred (欠资, rule 19)",
        "允许欠付",
        "可以延后支付的款项（欠资）",
        one="permission to owe",
    )
    arrears: list[Arrears] = key([], "what is owed at the start (rule 19)", "期初欠付", "起始时已欠付的款项")
    commitments: list[Commitment] = key(
        [],
        "dated outflows that compete for the money (rule 20)",
        "既定支出",
        "与安置争用资金的既定支出",
        one="commitment",
    )
    throughput: list[Throughput] = key(
        [], "choices a month at most (rule 16)", "办理限额", "每月最多办理的户数", one="limit of throughput"
    )
    works: list[Work] = key(
        [],
        "works that may start in this time: old communities, back streets, supporting works",
        "工程",
        "规划期内可启动的工程：老旧小区、背街小巷、配套基础设施",
        one="work",
    )
    crews: list[Crew] = key(
        [],
        "casework teams and builders, of whom so many can be busy at once",
        "队伍",
        "征收工作组、施工队等，同时可用的数量有限",
        one="crew",
    )
    precedence: list[Precedence] = key(
        [],
        "what must have happened before a project or a work starts",
        "先后顺序",
        "项目或工程启动前须完成什么",
        one="precedence",
    )
    starts: list[StartCount] = key(
        [],
        "how many projects and works are begun by a month, at least or at most",
        "启动数量",
        "截至某月至少或至多启动多少个项目和工程",
        one="number of starts",
    )
    objective: ObjectiveChoice = key(
        ObjectiveChoice(), "what is minimised, and how it is reckoned", "目标", "使哪一项最少，如何计算"
    )
    futures: list[Future] = key(
        [],
        "ways in which the district may turn out, for `compare`",
        "未来情景",
        "片区可能的发展，用于 `compare`",
        one="future",
    )
    policies: list[PolicyChoice] = key(
        [], "policies with parameters of their own", "决策方式", "带有自定参数的决策方式", one="policy"
    )

    currency: CurrencyUnit | None = key(
        None, "what amounts are in, where it is not yuan", "货币", "金额的货币；不填：元"
    )
    words: PlaceWords = key(
        [],
        "what the place calls terms of renewopt, in all that is told",
        "用词",
        "本地对术语的叫法，用于各项输出",
        one="word",
    )

    @model_validator(mode="before")
    @classmethod
    def _works_alone(cls, values: Any) -> Any:
        """Works may stand without projects, households and funds."""
        works = values.get("works") if isinstance(values, dict) else None
        if works is not None and len(works):
            absent = [name for name in MAY_BE_ABSENT if name not in values]
            return {**values, **{name: empty_table(name) if name in TABLES else Absent() for name in absent}}
        return values

    _source: Source = PrivateAttr(default_factory=Source)

    @property
    def place(self) -> Place:
        """The place that is spoken of: its currency and its words."""
        return place_of(self.currency, self.words)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was noticed while loading and is no error."""
        return self._source.warnings

    @property
    def sha256(self) -> str:
        """Hash over every file read; over the content for a scenario that was built or changed in Python."""
        if self._source.sha256 and not self.changed:
            return self._source.sha256
        return hashlib.sha256(self.model_dump_json(by_alias=True, warnings=False).encode()).hexdigest()

    @property
    def content(self) -> str:
        """Hash over what it says now."""
        sections = self.model_dump_json(by_alias=True, exclude=set(TABLES), warnings=False)
        return hash_content(sections, {name: frame for name in TABLES if (frame := getattr(self, name)) is not None})

    @property
    def changed(self) -> bool:
        """Whether it says something else than when it was loaded or built: a table, say, was changed in place."""
        return self._source.content != self.content

    @property
    def files(self) -> tuple[str, ...]:
        """Every file read, relative to the scenario's folder."""
        return self._source.files

    @property
    def read_paths(self) -> tuple[Path, ...]:
        """Every file read, as a path."""
        if self.path is None:
            return ()
        return tuple(self.path.parent / name for name in dict.fromkeys([self.path.name, *self.files]))

    @property
    def path(self) -> Path | None:
        """The scenario's YAML file; None if built in Python."""
        return self._source.path

    @property
    def allow_outside(self) -> bool:
        """Whether its tables were allowed to lie outside of its folder when it was loaded."""
        return self._source.allow_outside

    @property
    def variant(self) -> str | None:
        """Name of the variant that was merged in."""
        return self._source.variant

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants that the file states."""
        return self._source.variants

    @property
    def source(self) -> Source:
        """Where it came from."""
        return self._source

    def with_source(self, source: Source) -> Self:
        """Return the same scenario, told where it came from; what it says now is what it said then."""
        copy = self.model_copy()
        copy._source = replace(source, content=self.content)
        return copy
