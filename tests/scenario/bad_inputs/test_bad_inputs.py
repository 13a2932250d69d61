"""Bad inputs give their message at their line, never a traceback, and no scenario that could be solved.

Each case is an edit of the sound scenario in base.yaml, and the finding that it must give: what is wrong, text replaced,
by this, text on the line that the finding names, key, part of the message. Where a text starts with ``csv:``, the table
of households is meant.
"""

# The table below is read line by line, however long its lines.
# ruff: noqa: E501

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from renewopt import errors
from renewopt.scenario import load

HERE = Path(__file__).resolve().parent


class Case(NamedTuple):
    name: str
    old: str
    new: str
    at: str
    key: str
    says: str


# fmt: off
SYNTAX = [
    Case("alias", "opening: 500万元", "opening: *a", "opening: *a", "funds.revenue.opening", "aliases (`*a`) are not allowed"),
    Case("anchor", "opening: 500万元", "opening: &a 500万元", "&a", "funds.revenue.opening", "anchors (`&a`) are not allowed"),
    Case("alias as a key", "opening: 500万元", "*a : 500万元", "*a :", "funds.revenue", "an alias cannot be a key"),
    Case("merge key", "opening: 500万元", "<<: {opening: 1}", "<<:", "funds.revenue", "merge keys (`<<`) are not allowed"),
    Case("tag", "months: 24\n", "months: !!int 24\n", "!!int", "months", "the tag !!int is not allowed"),
    Case("unsafe tag", "months: 24\n", "months: !!python/object:os.system 24\n", "!!python", "months", "is not allowed"),
    Case("remove outside of variants", "months: 24\n", "months: !remove\n", "!remove", "months", "only allowed inside"),
    Case("second document", "months: 24\n", "months: 24\n---\n", "---", "", "a second document starts here"),
    Case("YAML 1.1", "# A sound", "%YAML 1.1\n---\n# A sound", "%YAML", "", "%YAML 1.1 is not supported"),
    Case("another directive", "# A sound", "%TAG ! x:\n---\n# A sound", "%TAG", "", "is not supported: a scenario is YAML 1.2"),
    Case("duplicate key", "months: 24\n", "months: 24\nmonths: 36\n", "months: 36", "months", "stands on line 4 already"),
    Case("duplicate nested key", "opening: 500万元", "opening: 1万元\n    opening: 2万元", "2万元", "funds.revenue.opening", "duplicate key"),
    Case("duplicate number", "{own_unit: 3, voucher: 6}", "{6: 1, 06: 2}", "06: 2", "fee_policies.by-area.tail.06", "`6` stands on line"),
    Case("tab", "months: 24\n", "months:\n\t24\n", "\t24", "", "a tab stands where YAML expects spaces"),
    Case("full-width colon", "name: Base", "name：Base", "name：Base", "", "full-width colon"),
    Case("full-width colon inside", "inflow: {monthly: 800万元, until: 2025-12}", "inflow: {monthly：800万元}", "monthly：", "funds.revenue.inflow.monthly：800万元", "half-width colon"),
    Case("no space after the colon", "{id: old, amount", "{id:old, amount", "id:old", "opening_loans.0.id:old", "a space after the key"),
    Case("unknown escape", "name: Base", 'name: "\\q"', '"\\q"', "", "an escape that YAML does not know"),
    Case("open bracket", "routes: [own_unit, voucher, cash]", "routes: [own_unit, voucher, cash", "switch_rights", "", "is not closed"),
    Case("second colon", "name: Base", "name: Base: two", "Base: two", "", "a second colon"),
    Case("indent", "months: 24\n", "   months: 24\n", "months: 24", "", "indent that does not fit"),
    Case("neither key nor item", "months: 24\n", "months 24\n", "months 24", "", "neither `key: value` nor a list item"),
    Case("reserved sign", "name: Base", "name: @Base", "@Base", "", "a value cannot begin with '@'"),
    Case("empty key", "months: 24\n", "months: 24\n: 3\n", ": 3", "", "a key is empty"),
    Case("null key", "months: 24\n", "months: 24\n~: 3\n", "~: 3", "", "a key is empty"),
    Case("list as a key", "months: 24\n", "months: 24\n? [a]\n: 3\n", "? [a]", "", "a key must be a plain name"),
    Case("control character", "name: Base", "name: Ba\x07se", "Ba\x07se", "", "U+0007 cannot stand"),
    Case("too deep", "name: Base", "name: " + "[" * 200, "[[", "", "more than 100 deep"),
    Case("far too deep", "name: Base", "name: " + "[" * 5000, "[[", "", "more than 100 deep"),
    Case("too many digits", "months: 24\n", f"months: {'9' * 5000}\n", "999", "months", "a number of 5000 digits"),
    Case("list at the top", "name: Base", "- name: Base", "start:", "", "does not fit the block"),
]

VALUES = [
    Case("infinity", "price: 6000", "price: .inf", ".inf", "vouchers.ticket.price", ".inf is not a number"),
    Case("not a number", "price: 6000", "price: .nan", ".nan", "vouchers.ticket.price", ".nan is not a number"),
    Case("too large", "price: 6000", "price: 1e999", "1e999", "vouchers.ticket.price", "too large a number"),
    Case("infinity in quotes", "price: 6000", "price: 'inf'", "'inf'", "vouchers.ticket.price", "not an amount of money"),
    Case("not a number in quotes", "rate: 1200", "rate: 'nan'", "'nan'", "fee_policies.by-person.rate", "'nan' is not a finite number"),
    Case("boolean as money", "price: 6000", "price: true", "price: true", "vouchers.ticket.price", "True is not an amount of money"),
    Case("boolean as a number", "rate: 1200", "rate: true", "rate: true", "fee_policies.by-person.rate", "a number"),
    Case("boolean as a count", "per_month: 5", "per_month: false", "per_month: false", "throughput.desk.per_month", "a number is expected"),
    Case("yes for true", "tags: [school]", "tags: [school]\n    release: yes", "release: yes", "estates.Garden.release", "true or false was expected; write true"),
    Case("off for false", "tags: [school]", "tags: [school]\n    release: off", "release: off", "estates.Garden.release", "write false"),
    Case("1 for true", "tags: [school]", "tags: [school]\n    release: 1", "release: 1", "estates.Garden.release", "write true"),
    Case("number in quotes", "months: 24\n", "months: '24'\n", "months: '24'", "months", "write it without quotes"),
    Case("part of a month", "months: 24\n", "months: 24.5\n", "24.5", "months", "a whole number was expected"),
    Case("no months", "months: 24\n", "months: 0\n", "months: 0", "months", "1 or more was expected"),
    Case("too many months", "months: 24\n", "months: 4000\n", "months: 4000", "months", "3,000 or less was expected"),
    Case("words for months", "months: 24\n", "months: two years\n", "two years", "months", "'two years' stands where a whole number"),
    Case("nothing", "months: 24\n", "months:\n", "months:", "months", "nothing stands where a whole number was expected"),
    Case("missing key", "months: 24\n", "", "name: Base", "months", "the key `months` is missing"),
    Case("missing inner key", "{id: old, amount: 300万元, months_left: 24}", "{id: old, amount: 300万元}", "id: old", "opening_loans.old.months_left", "is missing"),
    Case("month 13", "start: 2024-01", "start: 2024-13", "2024-13", "start", "has no month 13"),
    Case("month 0", "start: 2024-01", "start: 2024-00", "2024-00", "start", "has no month 00"),
    Case("a day that is none", "start: 2024-01", "start: 2024-01-41", "2024-01-41", "start", "is not a month"),
    Case("a short year", "start: 2024-01", "start: 24/01", "24/01", "start", "if 2024-01 is meant, write that"),
    Case("a month with a point", "start: 2024-01", "start: 2024.1", "2024.1", "start", "January or October"),
    Case("a day number", "start: 2024-01", "start: 45292", "45292", "start", "if 2024-01 is meant, write that"),
    Case("year out of range", "start: 2024-01", "start: 0024-01", "0024-01", "start", "between 1900 and 2400"),
    Case("month as a key", "{2024-05: 3}", "{2024-15: 3}", "2024-15", "estates.Garden.units.1.arrivals.2024-15", "no month 15"),
    Case("negative money", "opening: 500万元", "opening: -500万元", "-500万元", "funds.revenue.opening", "is negative; 0 or more"),
    Case("negative count", "per_month: 5", "per_month: -5", "per_month: -5", "throughput.desk.per_month", "is negative"),
    Case("negative area", "area: 90", "area: -90", "area: -90", "estates.Garden.units.0.area", "is negative; 0 or more"),
    Case("negative stock", "on_hand: 2", "on_hand: -2", "on_hand: -2", "estates.Garden.units.0.on_hand", "is negative"),
    Case("unit of money", "opening: 500万元", "opening: 500千万", "500千万", "funds.revenue.opening", "is not an amount of money"),
    Case("price with words", "price: 6000", "price: 6000元/平", "6000元/平", "vouchers.ticket.price", "is not an amount of money"),
    Case("share above 1", "share: 40%", "share: 140%", "140%", "vouchers.ticket.instalments.2.share", "1 or less was expected"),
    Case("percent forgotten", "progress: 20%", "progress: 20", "progress: 20,", "estates.Garden.phases.G2.progress", "1 or less was expected"),
    Case("share in words", "share: 40%", "share: forty", "forty", "vouchers.ticket.instalments.2.share", "is not a share"),
    Case("rate of interest", "rate: 3%", "rate: 3", "rate: 3,", "funds.bond.borrow.rate", "0.5 or less was expected"),
    Case("multiplier", "multiplier: 1.5", "multiplier: 150", "150", "fee_policies.by-area.overdue.0.multiplier", "10 or less"),
    Case("word for a multiplier", "multiplier: 1.5", "multiplier: half more", "half more", "fee_policies.by-area.overdue.0.multiplier", "a number was expected"),
    Case("unknown route", "routes: [own_unit, voucher, cash]", "routes: [own_unit, vouchers]", "vouchers]", "projects.South.routes.1", "did you mean 'voucher'?"),
    Case("unknown use", "uses: [construction]", "uses: [constructoin]", "constructoin", "funds.bond.uses.0", "did you mean 'construction'?"),
    Case("word for a list", "uses: [construction]", "uses: construction", "uses: construction", "funds.bond.uses", "'all' or a list was expected"),
    Case("empty list", "uses: [construction]", "uses: []", "uses: []", "funds.bond.uses", "it is empty"),
    Case("unknown basis", "basis: person", "basis: persons", "basis: persons", "fee_policies.by-person.basis", "did you mean 'person'?"),
    Case("unknown objective", "minimise: transition_fees", "minimise: fees", "minimise: fees", "objective.minimise", "unknown value 'fees'"),
    Case("mapping for a list", "moves:\n  - {", "moves:\n  {", "moves:", "moves", "a mapping stands where a list was expected"),
    Case("list for a mapping", "objective:\n  minimise: transition_fees\n  tiers:\n    - {name: special, tags: [petition]}", "objective: [fees]", "objective: [fees]", "objective", "a list stands where a mapping"),
    Case("text for a mapping", "inflow: {monthly: 800万元, until: 2025-12}", "inflow: 800万元", "inflow: 800万元", "funds.revenue.inflow", "'800万元' stands where a mapping"),
    Case("mapping for a number", "rate: 1200", "rate: {yuan: 1200}", "rate: {", "fee_policies.by-person.rate", "a mapping stands where a number or a list"),
    Case("class of term", "{low_rise: 24, high_rise: 36}", "{low_rise: two}", "low_rise: two", "fee_policies.by-area.term.low_rise", "a whole number was expected"),
    Case("empty name", "name: Base", "name: ''", "name: ''", "name", "it is empty"),
    Case("boolean as an id", "{id: old, amount", "{id: true, amount", "id: true", "opening_loans.true.id", "put it in quotes"),
    Case("long id", "{id: old, amount", "{id: " + "o" * 201 + ", amount", "ooo", "opening_loans." + "o" * 201 + ".id", "at most 200"),
    Case("full-width separators", "months: 24\n", "months: 2，400\n", "2，400", "months", "write digits without separators"),
    Case("list as an id", "{id: old, amount", "{id: [old], amount", "id: [old]", "opening_loans.0.id", "a list stands where a text was expected"),
]

KEYS = [
    Case("unknown section", "\nvouchers:", "\nvoucherz:", "voucherz:", "voucherz", "did you mean 'vouchers'?"),
    Case("unknown key", "opening: 500万元", "openning: 500万元", "openning", "funds.revenue.openning", "did you mean 'opening'?"),
    Case("key with a hyphen", "term_class: low_rise", "term-class: low_rise", "term-class", "projects.North.term-class", "did you mean 'term_class'?"),
    Case("capitals", "price: 6000", "Price: 6000", "Price", "vouchers.ticket.Price", "did you mean 'price'?"),
    Case("key of another section", "tags: [school]", "surplus: 3", "surplus", "estates.Garden.surplus", "it belongs into estates.units"),
    Case("key of nowhere", "tags: [school]", "colour: red", "colour", "estates.Garden.colour", "known keys are id, name"),
    Case("unknown key of a step", "{yuan: 10}", "{yaun: 10}", "yaun", "fee_policies.by-area.rate.0.yaun", "did you mean 'yuan'?"),
    Case("unknown key of a payer", "advance: 50%", "advanced: 50%", "advanced", "fee_policies.by-person.paid_by.advanced", "did you mean 'advance'?"),
    Case("unknown key of a table", "{file: households.csv}", "{files: households.csv}", "{files:", "households.files", "did you mean 'file'?"),
]

REFERENCES = [
    Case("fee policy", "fee_policy: by-area", "fee_policy: by-aera", "by-aera", "projects.North.fee_policy", "no fee policy 'by-aera'; did you mean 'by-area'?"),
    Case("home policy", "home_policy: clamp", "home_policy: clmp", "clmp", "projects.North.home_policy", "no home policy"),
    Case("project of an estate", "projects: [North]\n    open_to", "projects: [Nord]\n    open_to", "Nord", "estates.Garden.projects.0", "no project 'Nord'"),
    Case("open to", "open_to: [South]", "open_to: [Sauth]", "Sauth", "estates.Garden.open_to.0", "did you mean 'South'?"),
    Case("unit of a phase", "delivers: {A: 4}", "delivers: {C: 4}", "{C: 4}", "estates.Garden.phases.G2.delivers.C", "no unit type of this estate 'C'"),
    Case("developer of a voucher", "- {developer: D1}", "- {developer: D2}", "{developer: D2}", "vouchers.ticket.developers.0.developer", "no developer 'D2'"),
    Case("payer", "{developer: D1, advance", "{developer: X, advance", "developer: X", "fee_policies.by-person.paid_by.developer", "no developer 'X'"),
    Case("fund that receives", "into: revenue}", "into: revenu}", "revenu}", "fee_policies.by-person.paid_by.into", "did you mean 'revenue'?"),
    Case("estate of a fund", "estates: [Garden]\n    inflow", "estates: [Gardn]\n    inflow", "Gardn", "funds.bond.estates.0", "no estate 'Gardn'"),
    Case("move to", "to: bond}", "to: bnd}", "to: bnd", "moves.0.to", "no fund 'bnd'"),
    Case("commitment's fund", "funds: [revenue]}\nthroughput", "funds: [tax]}\nthroughput", "[tax]", "commitments.streets.funds.0", "no fund 'tax'; known: revenue, bond"),
    Case("arrears", "{project: North, amount: 20万元}", "{project: Nort, amount: 20万元}", "Nort,", "arrears.0.project", "no project"),
    Case("throughput", "per_month: 5, projects: [North]", "per_month: 5, projects: [Nx]", "[Nx]", "throughput.desk.projects.0", "no project"),
    Case("tag of a tier", "tags: [petition]", "tags: [petitions]", "petitions", "objective.tiers.0.tags.0", "did you mean 'petition'?"),
    Case("two projects alike", "- id: South", "- id: North", "- id: North\n    fee_policy: by-person", "projects.North.id", "stands on line 6 already"),
    Case("two units alike", "{type: B, area", "{type: A, area", "{type: A, area: 60", "estates.Garden.units.1.type", "stands on line"),
    Case("quote for nobody", "{household: N1, route", "{household: N9, route", "N9", "quotes.0.household", "no household 'N9'"),
    Case("quote for no stock", "Garden/A:1", "Garden/Z:1", "Garden/Z", "quotes.1.stock", "no stock 'Garden/Z'"),
    Case("curve for nobody", "{household: S2, from: 2024-01", "{household: S9, from: 2024-01", "S9", "fee_curves.0.household", "no household 'S9'"),
]

MEANING = [
    Case("a spread of one project", "- {name: special, tags: [petition]}", "- {name: even, goal: wait_spread, projects: [North]}", "goal: wait_spread", "objective.tiers.0.projects", "no two of them count here"),
    Case("inflow ends before it begins", "monthly: 800万元, until", "monthly: 800万元, from: 2026-01, until", "from: 2026-01", "funds.revenue.inflow.until", "before it begins"),
    Case("commitment ends before it begins", "from: 2024-02, until: 2024-08", "from: 2024-08, until: 2024-02", "streets, monthly", "commitments.streets.until", "exchange the two"),
    Case("loan ends before it begins", "from: 2024-01, until: 2024-12}", "from: 2025-01, until: 2024-12}", "6000万元", "funds.bond.borrow.until", "before it begins"),
    Case("deadline in the past", "deadline: 2025-06", "deadline: 2023-06", "2023-06", "projects.North.deadline", "before the start"),
    Case("target in the past", "by: 2024-12", "by: 2023-12", "2023-12", "developers.D1.offset_targets.0.by", "before the start"),
    Case("beyond 2400", "start: 2024-01", "start: 2399-12", "months: 24", "months", "after 2400"),
    Case("instalments", "share: 40%", "share: 30%", "instalments:", "vouchers.ticket.instalments", "add up to 0.9, 1 was expected"),
    Case("instalments out of order", "{after: 6, share: 30%}", "{after: 0, share: 30%}", "after: 0, share: 30%}\n      - {after: 12", "vouchers.ticket.instalments.1.after", "steps must rise"),
    Case("bonus out of order", "{months: 6, share: 16%}", "{months: 2, share: 16%}", "months: 2,", "vouchers.ticket.bonus.1.months", "2 follows 3"),
    Case("overdue steps alike", "{after: 12, multiplier: 2}", "{after: 0, multiplier: 2}", "{after: 0, multiplier: 2}", "fee_policies.by-area.overdue.1.after", "steps must rise"),
    Case("rate step without month", "{from: 2024-07, yuan: 12}", "{yuan: 12}", "{yuan: 12}", "fee_policies.by-area.rate.1", "only the first step"),
    Case("rate steps out of order", "- {yuan: 10}", "- {from: 2025-01, yuan: 10}", "from: 2024-07", "fee_policies.by-area.rate.1.from", "in order of time"),
    Case("uplift of nothing", "{group: disabled, percent: 10%}", "{group: disabled}", "{group: disabled}", "fee_policies.by-area.uplifts.0", "states percent, monthly or once"),
    Case("span of persons", "persons_to: 2, minimum", "persons_to: 0, minimum", "persons_to: 0", "home_policies.clamp.bounds.0.persons_to", "is no span"),
    Case("spans overlap", "persons_from: 3", "persons_from: 2", "persons_from: 2,", "home_policies.clamp.bounds.1", "two bounds hold for 2 persons"),
    Case("bounds exchanged", "minimum: 40, maximum: 80", "minimum: 80, maximum: 40", "maximum: 40", "home_policies.clamp.bounds.0.maximum", "below the minimum"),
    Case("bands out of order", "- {yuan_per_m2: 6000}", "- {up_to: 10, yuan_per_m2: 6000}", "up_to: 10", "home_policies.clamp.above.1.up_to", "bands must rise"),
    Case("endless first band", "{up_to: 15, yuan_per_m2: 4000}", "{yuan_per_m2: 4000}", "{yuan_per_m2: 4000}", "home_policies.clamp.above.0", "only the last price band"),
    Case("phase never built", "progress: 20%", "monthly_limit: 0", "monthly_limit", "estates.Garden.phases.G2.monthly_limit", "never built"),
    Case("valid too short", "valid: 12", "valid: 1\n    housed_after: 3", "valid: 1", "vouchers.ticket.valid", "housed only after 3"),
    Case("move to itself", "to: bond}", "to: revenue}", "revenue, to: revenue", "moves.0.to", "to itself"),
    Case("which fee policy", "    fee_policy: by-person\n", "", "- id: South", "projects.South", "several fee policies"),
    Case("no month of moving out", "    moved_out: 2022-06\n", "", "csv:S1", "column moved_out", "no month of moving out"),
    Case("fiscal cost without obligation", "minimise: transition_fees", "minimise: fiscal_cost", "csv:S1", "column obligation", "settles nobody"),
    Case("no term", "    term_class: low_rise\n", "", "csv:N1", "column term", "terms by class"),
    Case("two prices", "price: 40万元,", "price: 40万元, price_by_month: '2024-06:100',", "40万元", "quotes.0.price_by_month", "both a price and prices by month"),
    Case("no price", "route: transfer, price: 0,", "route: transfer,", "route: transfer", "quotes.1.price", "no price is stated"),
    Case("quote ends before it begins", "first: 2024-02, last: 2024-09", "first: 2024-09, last: 2024-02", "2024-09, last", "quotes.1.last", "ends before it begins"),
    Case("instalments of a quote", '"0:30%;6:70%"', '"0:30%;6:60%"', "6:60%", "quotes.0.instalments", "add up to 0.9"),
    Case("terms of a quote", '"0:30%;6:70%"', '"0:30%;later"', "later", "quotes.0.instalments", "'later' is not a pair"),
    Case("month of a term", '"0:30%;6:70%"', '"0:30%;x:70%"', "x:70%", "quotes.0.instalments", "number of months after the choice"),
    Case("stock of nothing", "Garden/A:1", "Garden/A:0", "Garden/A:0", "quotes.1.stock", "not a number above 0"),
    Case("price by a bad month", "route: transfer, price: 0,", "route: transfer, price_by_month: '2024-13:5',", "2024-13:5", "quotes.1.price_by_month", "no month 13"),
    Case("stream in words", "route: transfer, price: 0,", "route: transfer, price: 0, stream: '5;many',", "many", "quotes.1.stream", "'many' is not an amount"),
    Case("unknown route of a quote", "route: transfer", "route: transfr", "transfr", "quotes.1.route", "did you mean 'transfer'?"),
    Case("negative instalment", '"0:30%;6:70%"', '"0:-5;6:7"', "0:-5", "quotes.0.instalments", "-5 is negative"),
    Case("developer twice", "- {developer: D1}", "- {developer: D1}\n      - {developer: D1, bonus: 5%}", "bonus: 5%", "vouchers.ticket.developers.1", "the developer 'D1' stands twice"),
    Case("uplift twice", "{group: disabled, percent: 10%}", "{group: disabled, percent: 10%}\n      - {group: disabled, monthly: 50}", "monthly: 50", "fee_policies.by-area.uplifts.1", "stands twice"),
    Case("inflow of nothing", "inflow: {monthly: 800万元, until: 2025-12}", "inflow: {until: 2025-12}", "inflow: {until", "funds.revenue.inflow", "neither `monthly` nor `by_month`"),
    Case("one inflow of nothing", "inflow: {monthly: 800万元, until: 2025-12}", "inflow: [{until: 2025-12}]", "inflow: [{until", "funds.revenue.inflow.0", "neither `monthly` nor `by_month`"),
    Case("carry-over limit of all", "opening: 500万元", "opening: 500万元\n    carry_over_limit: 10万元", "carry_over_limit", "funds.revenue.carry_over_limit", "always carries everything over"),
    Case("valid twice", "opening: 500万元", "opening: 500万元\n    valid_months: 3\n    valid_years: 1", "valid_years", "funds.revenue.valid_years", "both say"),
    Case("valid for no month", "opening: 500万元", "opening: 500万元\n    valid_months: 0", "valid_months: 0", "funds.revenue.valid_months", "1 or more"),
    Case("commitment of nothing", "{id: streets, monthly: 10万元,", "{id: streets,", "{id: streets,", "commitments.streets", "neither `monthly` nor `by_month`"),
    Case("grace of a loan", "term: 24, from: 2024-01", "repayment: level, term: 24, grace: 24, from: 2024-01", "grace: 24", "funds.bond.borrow.grace", "the loan ends after 24"),
    Case("grace of an opening loan", "months_left: 24", "months_left: 24, grace: 30", "grace: 30", "opening_loans.old.grace", "the loan ends after 24"),
    Case("curve twice in a month", "{household: S2, from: 2024-06", "{household: S2, from: 2024-01", "1800", "fee_curves.1.from", "a step in this month already"),
]

VARIANTS = [
    Case("variant as a text", "  poor:\n    funds:", "  rich: plenty\n  poor:\n    funds:", "plenty", "variants.rich", "a variant is a mapping"),
    Case("variant renames", "  poor:\n", "  poor:\n    name: x\n", "name: x", "variants.poor.name", "a variant cannot change `name`"),
    Case("variant of a variant", "  poor:\n", "  poor:\n    variants: {}\n", "variants: {}", "variants.poor.variants", "cannot change `variants`"),
    Case("removes nothing", "- !remove bond", "- !remove bund", "bund", "variants.poor.funds.bund", "did you mean 'bond'?"),
    Case("removes no key", "    moves: !remove\n", "    movez: !remove\n", "movez", "variants.poor.movez", "nothing to remove"),
    Case("unknown key in a variant", "    moves: !remove\n", "    moves: !remove\n    fnuds: []\n", "fnuds", "fnuds", "did you mean 'funds'?"),
    Case("wrong value in a variant", "{monthly: 400万元}", "{monthly: lots}", "lots", "funds.revenue.inflow.monthly", "is not an amount of money"),
    Case("dangling in a variant", "    moves: !remove\n", "", "{from: revenue, to: bond}", "moves.0.to", "no fund 'bond'"),
]

TABLE = [
    Case("unknown column", "csv:人口", "人口数量x", "csv:户号", "column 人口数量x", "unknown column '人口数量x'"),
    Case("column close to another", "csv:groups", "gruops", "csv:户号", "column gruops", "did you mean 'groups'?"),
    Case("column twice", "csv:人口", "户数", "csv:户号", "column 户数", "stands twice"),
    Case("column in two languages", "csv:人口", "count", "csv:户号", "column count", "both name the column 'count'"),
    Case("column missing", "csv:项目", "", "csv:户号", "", "column 2 has no header"),
    Case("column of ids missing", "csv:户号", "turnover_housing", "csv:turnover_housing", "", "the column 'id' is missing"),
    Case("household twice", "csv:N2,North", "N1,North", "csv:N1,North,1,90", "column 户号", "'N1' stands in line 2 already"),
    Case("household without id", "csv:N2,North", ",North", "csv:,North,1,90", "column 户号", "the cell is empty"),
    Case("id spoilt by a spreadsheet", "csv:N2,North", "5.2E+17,North", "csv:5.2E+17", "column 户号", "a spreadsheet has shortened"),
    Case("formula's error", "csv:North,1,90", "North,1,#REF!", "csv:#REF!", "column 面积(㎡)", "#REF! is the error of a formula"),
    Case("negative households", "csv:S1,South,4", "S1,South,-4", "csv:South,-4", "column 户数", "-4 is negative"),
    Case("no households", "csv:S1,South,4", "S1,South,0", "csv:South,0", "column 户数", "1 or more was expected"),
    Case("part of a household", "csv:S1,South,4", "S1,South,4.5", "csv:South,4.5", "column 户数", "not a whole number"),
    Case("area in words", "csv:North,1,90", "North,1,ninety", "csv:ninety", "column 面积(㎡)", "'ninety' is not a number"),
    Case("infinite area", "csv:North,1,90", "North,1,inf", "csv:,inf,", "column 面积(㎡)", "'inf' is not a number"),
    Case("area that is none", "csv:North,1,90", "North,1,NaN", "csv:NaN", "column 面积(㎡)", "'NaN' is not a number"),
    Case("area NA", "csv:North,1,90", "North,1,NA", "csv:,NA,", "column 面积(㎡)", "'NA' is not a number"),
    Case("area too large", "csv:North,1,90", "North,1,1e300", "csv:1e300", "column 面积(㎡)", "too large"),
    Case("no area", "csv:North,1,90", "North,1,", "csv:North,1,,2", "column 面积(㎡)", "the fee is by area"),
    Case("no persons", "csv:South,4,80,4", "South,4,80,", "csv:South,4,80,,", "column 人口", "the fee is by person"),
    Case("unknown project", "csv:S1,South", "S1,Soth", "csv:Soth", "column 项目", "did you mean 'South'?"),
    Case("unknown route in a list", "csv:own_unit;transfer", "own_unit;transfr", "csv:transfr", "column routes", "did you mean 'transfer'?"),
    Case("unknown estate", "csv:Garden", "Gardens", "csv:Gardens", "column estates", "did you mean 'Garden'?"),
    Case("unknown school", "csv:school,A", "schol,A", "csv:schol", "column asks_for", "did you mean 'school'?"),
    Case("unknown unit type", "csv:school,A", "school,Q", "csv:school,Q", "column 户型", "no unit type 'Q'"),
    Case("month in a table", "csv:2024-05,20", "2024-5-32,20", "csv:2024-5-32", "column part_month", "is not a month"),
    Case("part without area", "csv:2024-05,20", "2024-05,", "csv:2024-05,,", "column part_area", "not how many m²"),
    Case("part without month", "csv:2024-05,20", ",20", "csv:school,A,,20", "column part_month", "but not when"),
    Case("part above the whole", "csv:2024-05,20", "2024-05,200", "csv:2024-05,200", "column part_area", "more m² delivered"),
    Case("deadline of a household", "csv:2025-01,否", "2020-01,否", "csv:2020-01", "column deadline", "before the start"),
    Case("neither yes nor no", "csv:否", "maybe", "csv:maybe", "column turnover", "neither true nor false"),
    Case("more cells than headers", "csv:high_rise", "high_rise,extra", "csv:extra", "", "more cells than the 16 headers"),
    Case("open quote", "csv:N2,North", '"N2,North', 'csv:"N2', "", "a quote that opens here never ends"),
]

CASES = [*SYNTAX, *VALUES, *KEYS, *REFERENCES, *MEANING, *VARIANTS, *TABLE]
# fmt: on


def _line(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.slow
def test_bad_input_gives_its_finding(case, tmp_path):
    yaml = (HERE / "base.yaml").read_text("utf-8")
    csv = (HERE / "households.csv").read_text("utf-8")
    if case.old.startswith("csv:"):
        assert case.old[4:] in csv
        csv = csv.replace(case.old[4:], case.new, 1)
    else:
        assert case.old in yaml
        yaml = yaml.replace(case.old, case.new, 1)
    (tmp_path / "bad.yaml").write_text(yaml, "utf-8")
    (tmp_path / "households.csv").write_text(csv, "utf-8")
    with pytest.raises(errors.ScenarioError) as raised:
        load(tmp_path / "bad.yaml")
    in_table = case.at.startswith("csv:")
    file = "households.csv" if in_table else "bad.yaml"
    line = _line(csv, case.at[4:]) if in_table else _line(yaml, case.at)
    found = [finding for finding in raised.value.errors if (finding.file, finding.line) == (file, line)]
    assert any(finding.key == case.key and case.says in str(finding) for finding in found), (
        f"expected {file}:{line}  {case.key}: {case.says}\ngot {raised.value}"
    )
    for finding in raised.value.findings:
        assert _english(finding.message.said("zh")) is None, finding.said("zh")
        assert _english(finding.mend.said("zh")) is None, finding.said("zh")


def _english(text: str) -> re.Match[str] | None:
    """Two English words in a row, what is quoted or a name left out."""
    plain = re.sub(r"`[^`]*`|“[^”]*”|'[^']*'|（[^）]*）", "", text)
    return re.search(r"[a-z]{2,} [a-z]{2,}", plain)


def test_there_are_at_least_a_hundred_bad_inputs_all_different():
    assert len({case.name for case in CASES}) == len(CASES) >= 100


def test_the_base_is_sound_with_and_without_its_variant():
    assert load(HERE / "base.yaml").warnings == ()
    assert [fund.id for fund in load(HERE / "base.yaml", variant="poor").funds] == ["revenue"]
