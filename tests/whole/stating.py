"""Random scenarios as a planner would state them, as a tree of YAML; `tests.whole.writing` writes them to files.

Every key that decides what a household costs, may take or pays is drawn now and then. Amounts and months are written in
the ways in which offices write them; what they mean is read again by `tests.whole.reading`, which shares no code with
the loader.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

STARTS = (1, 1, 2, 6, 9, 11)
"""Months of 2024 in which the plan may begin."""
ROUTES = ("own_unit", "transfer", "voucher", "cash")
Tree = dict[str, Any]


class Draw:
    """One draw."""

    def __init__(self, random: Random, *, several: bool = False) -> None:
        self.random = random
        self.several = several
        self.months = random.choice([4, 5, 6, 7, 8])
        self.start = random.choice(STARTS)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def key(self, low: int, high: int) -> str:
        """A month as it stands before a colon."""
        year, number = divmod(2024 * 12 + self.start - 1 + self.random.randint(low, high), 12)
        return f"{year}-{number + 1:02d}"

    def month(self, low: int, high: int) -> str:
        """A month counted from the start, in one of the ways in which months are written."""
        year, number = map(int, self.key(low, high).split("-"))
        number -= 1
        forms = [f"{year}-{number + 1:02d}"] * 4 + [f"{year}年{number + 1}月", f"{year}/{number + 1}"]
        return self.random.choice(forms)

    def money(self, low: float, high: float) -> Any:
        """An amount between so many yuan, in one of the ways in which money is written."""
        yuan = round(self.random.uniform(low, high))
        if yuan >= 20_000 and self.chance(0.6):
            yuan = yuan // 1000 * 1000
            wan = yuan / 10_000
            return self.random.choice([f"{wan:g}万元", f"{wan:g}万", yuan])
        if self.chance(0.1):
            return round(yuan + self.random.randint(1, 99) / 100, 2)
        return self.random.choice([yuan, yuan, f"{yuan:,}元", f"¥{yuan:,}"])

    def limit(self, amount: Any, later: Any) -> Any:
        """A limit a month: one for all months, or another from a month on, or in some months only."""
        if self.chance(0.7):
            return amount
        turn = self.random.randint(1, self.months - 1)
        first, second = self.key(turn - 1, turn - 1), self.key(turn, turn)
        return self.random.choice([{f"..{first}": amount, f"{second}..": later}, {f"{first}..{second}": amount}])

    def scenario(self) -> Tree:
        r = self.random
        self.funds = ["treasury", *r.sample(["bond", "subsidy", "bank"], k=r.choice([0, 1, 1, 2]))]
        self.developers = ["D1", "D2"][: r.choice([0, 0, 1, 1, 2])]
        tree: Tree = {"name": "Whole", "start": self.key(0, 0), "months": self.months}
        tree["fee_policies"] = [self.fee_policy(name) for name in ["F1", "F2"][: r.choice([1, 1, 2])]]
        self.homes = ["rules"] if self.chance(0.6) else []
        if self.homes:
            tree["home_policies"] = [self.home_policy()]
        tree["projects"] = [self.project(tree, name) for name in ("P1", "P2")]
        estates = r.choice([2, 3]) if self.several else r.choice([1, 1, 2])
        tree["estates"] = [self.estate(name) for name in ["E1", "E2", "E3"][:estates]]
        self.types = sorted({unit["type"] for estate in tree["estates"] for unit in estate["units"]})
        tree["households"] = [self.household(tree, f"H{number + 1}") for number in range(r.choice([2, 3, 3, 4, 5]))]
        if self.chance(0.6):
            tree["vouchers"] = [self.programme("V", voucher=True)]
        if self.chance(0.4):
            tree["cash"] = [self.programme("C", voucher=False)]
        if self.developers:
            tree["developers"] = [self.developer(name) for name in self.developers]
        tree["funds"] = [self.fund(tree, name) for name in self.funds]
        self.strings(tree)
        tree["objective"] = self.objective()
        return {key: value for key, value in tree.items() if value != []}

    # --- fees --------------------------------------------------------------------------------------------------

    def fee_policy(self, name: str) -> Tree:
        r = self.random
        basis = r.choice(["area", "area", "area", "person", "household"])
        scale = {"area": 1, "person": 40, "household": 100}[basis]
        self.basis = basis
        policy: Tree = {"id": name, "basis": basis, "rate": r.choice([8, 10, 12.5, 15, 20]) * scale}
        if self.chance(0.25):
            change = {"from": self.month(0, self.months), "yuan": r.choice([6, 11, 18]) * scale}
            policy["rate"] = [{"yuan": policy["rate"]}, change]
        if self.chance(0.25):
            policy["household_minimum"] = self.money(500, 1500)
        if self.chance(0.1):
            policy["household_maximum"] = self.money(1500, 2500)
        if basis == "area" and self.chance(0.2):
            policy["area_floor"] = r.choice([60, 85, 100])
        policy["term"] = r.choice([3, 6, 12, 24])
        if self.chance(0.2):
            policy["term"] = {"low": r.choice([2, 6]), "high": r.choice([8, 12])}
        if self.chance(0.6):
            policy["overdue"] = [{"multiplier": r.choice([1.5, 2, 1.25])}]
            if self.chance(0.5):
                policy["overdue"].append({"after": r.choice([2, 3, 6]), "multiplier": r.choice([2, 2.5, 1])})
        if self.chance(0.4):
            policy["tail"] = r.choice([1, 2, 3])
            if self.chance(0.4):
                policy["tail"] = {"own_unit": 2, "voucher": r.choice([1, 3])}
            if self.chance(0.4):
                policy["tail_multiplier"] = r.choice([1, 1.5, "in_force"])
        if self.chance(0.25):
            policy["uplifts"] = [
                {"group": "ill", "category": "health", "percent": "20%"},
                {"group": "disabled", "category": "health", "monthly": self.money(50, 400)},
                {"group": "poor", "category": r.choice(["income", "health"]), "percent": 0.1},
                {"group": "veteran", "category": "honours", "once": self.money(1000, 6000)},
            ]
        if self.chance(0.25):
            policy["frequency"] = r.choice(["quarterly", "half_yearly", "yearly"])
        if self.developers and self.chance(0.2):
            payer: Tree = {"developer": r.choice(self.developers)}
            if self.chance(0.7):
                payer["advance"] = r.choice(["40%", 1, 0.25])
                payer["recovered"] = r.choice(["50%", 1])
                payer["after"] = r.choice([0, 1, 3])
                payer["into"] = r.choice(self.funds)
            policy["paid_by"] = payer
        if self.chance(0.25):
            policy["moving_fee"] = r.choice(
                [
                    {"per_household": self.money(500, 3000)},
                    {"per_m2": 15, "minimum": 1000, "times": 2},
                    {"per_household": 800, "times": {"own_unit": 2, "transfer": 2, "cash": 1}},
                ]
            )
        return policy

    # --- people ------------------------------------------------------------------------------------------------

    def project(self, tree: Tree, name: str) -> Tree:
        r = self.random
        policies = [policy["id"] for policy in tree["fee_policies"]]
        project: Tree = {"id": name, "fee_policy": r.choice(policies)}
        if self.homes and self.chance(0.7):
            project["home_policy"] = self.homes[0]
        if self.chance(0.8):
            project["moved_out"] = self.month(-30, 2)
        if self.chance(0.25):
            project["term"] = r.choice([2, 6, 12, 30])
        elif self.chance(0.3):
            project["term_class"] = r.choice(["low", "high"])
        if self.chance(0.2):
            project["routes"] = sorted(r.sample(ROUTES, k=r.choice([2, 3])))
        if self.chance(0.15):
            project["weight"] = r.choice([2, 0.5])
        if self.chance(0.15):
            project["deadline"] = self.month(1, self.months + 1)
        if "routes" in project and self.chance(0.5):
            right: Tree = {"after_overdue": r.choice([0, 2, 6]), "routes": r.sample(ROUTES, k=r.choice([1, 2]))}
            if self.chance(0.8):
                right["switch_share"] = r.choice(["50%", 1, 0.34])
            project["switch_rights"] = [right]
        project["obligation"] = self.money(3000, 9000)
        return project

    def household(self, tree: Tree, name: str) -> Tree:
        r = self.random
        row: Tree = {"id": name, "project": r.choice(["P1", "P2"])}
        policies = [policy["id"] for policy in tree["fee_policies"]]
        if self.chance(0.3):
            row["count"] = r.choice([2, 3])
            if self.chance(0.25):
                row["indivisible"] = True
        row["area"] = r.choice([40, 52.5, 60, 75, 88, 90, 110, 135, 160])
        row["persons"] = r.randint(1, 6)
        project = next(project for project in tree["projects"] if project["id"] == row["project"])
        if "moved_out" not in project or self.chance(0.3):
            row["moved_out"] = self.month(-30, 3)
        if self.chance(0.15):
            row["term"] = r.choice([1, 4, 9])
        elif self.chance(0.1):
            row["term_class"] = r.choice(["low", "high"])
        terms = [policy["term"] for policy in tree["fee_policies"]]
        if "term" not in row and "term" not in project and any(isinstance(term, dict) for term in terms):
            row["term_class"] = r.choice(["low", "high"])
        if self.chance(0.15):
            row["fee_policy"] = r.choice(policies)
        if self.homes and self.chance(0.15):
            row["home_policy"] = self.homes[0]
        if self.chance(0.1):
            row["turnover"] = True
        if self.chance(0.2):
            row["groups"] = r.sample(["ill", "disabled", "poor", "veteran"], k=r.choice([1, 2, 3]))
        if self.chance(0.2):
            row["tags"] = ["petition"]
        if self.chance(0.15):
            row["routes"] = sorted(r.sample(ROUTES, k=r.choice([1, 2, 3])))
        if self.chance(0.1):
            row["estates"] = [r.choice(["E1"])]
        known = sorted({tag for estate in tree["estates"] for tag in estate.get("tags", [])})
        if known and self.chance(0.2):
            row["asks_for"] = [r.choice(known)]
        if self.chance(0.12):
            row["unit_types"] = r.sample(self.types, k=min(len(self.types), r.choice([1, 2])))
        if self.homes and self.chance(0.3):
            row["pays_up_to"] = r.choice([60_000, 200_000])
            if row.get("count", 1) > 1 and self.chance(0.5):
                row["consent_share"] = r.choice(["50%", 0.7])
        # Several homes under a home policy are drawn later, in `further`.
        if "count" not in row and "home_policy" not in row and "home_policy" not in project and self.chance(0.15):
            row["homes"] = 2
        elif self.chance(0.1):
            row["part_month"] = self.month(0, self.months - 1)
            row["part_area"] = r.choice([10, 20.5, 35])
        if self.chance(0.12):
            row["weight"] = r.choice([3, 0.25, 1.5])
        if self.chance(0.1):
            row["deadline"] = self.month(2, self.months + 2)
        if self.chance(0.12):
            row["entitlement"] = r.choice([45, 60, 70, 100])
        if self.chance(0.1):
            row["obligation"] = r.choice([250_000, 600_000])
        return row

    # --- homes -------------------------------------------------------------------------------------------------

    def home_policy(self) -> Tree:
        r = self.random
        policy: Tree = {"id": "rules"}
        if self.chance(0.3):
            policy.update(basis="person", per_basis=r.choice([25, 30]))
        elif self.chance(0.3):
            policy["per_basis"] = r.choice([0.8, 1.1])
        if self.chance(0.4):
            policy["bounds"] = [
                {"persons_to": 2, "minimum": 45, "maximum": 70},
                {"persons_from": 3, "minimum_per_person": 18, "maximum_per_person": 40},
            ]
        if self.chance(0.4):
            policy["max_homes"] = r.choice([2, 2, 3])
        if self.chance(0.25):
            policy["round_up"] = False
        elif self.chance(0.2):
            policy["choice_above"] = r.choice([15, 30])
        if self.chance(0.2):
            policy["maximum_below"] = r.choice([10, 25])
        if self.chance(0.15):
            policy["pays_up_to"] = self.money(30_000, 150_000)
        if self.chance(0.3):
            policy["within_price"] = self.money(100, 900)
        if self.chance(0.5):
            policy["above"] = [{"up_to": 15, "yuan_per_m2": 4000}, {"yuan_per_m2": self.money(5000, 7000)}]
        if self.chance(0.3):
            policy["maximum_above"] = r.choice([10, 20, 30])
        if self.chance(0.5):
            policy["refund"] = self.money(2000, 4000)
        policy["into"] = r.choice(self.funds)
        return policy

    def estate(self, name: str) -> Tree:
        r = self.random
        estate: Tree = {"id": name}
        own = r.choice([["P1"], ["P2"], ["P1", "P2"], []])
        if own:
            estate["projects"] = own
        if self.chance(0.3):
            estate["open_to"] = r.choice([[], ["P1"], ["P2"]])
        if self.chance(0.3):
            estate["tags"] = r.choice([["school"], ["north", "school"]])
        measure = r.choice(["homes"] * 6 + ["m2", "persons"])
        if measure != "homes":
            estate["measure"] = measure
        scale = {"homes": 1, "m2": 75, "persons": 3}[measure]
        areas = sorted(r.sample([45, 60, 75, 90, 120], k=r.choice([1, 2, 3]) if measure == "homes" else 1))
        estate["units"] = []
        for size in areas:
            unit: Tree = {"type": str(size)}
            if measure != "persons":
                unit["area"] = size
            if self.chance(0.6):
                unit["on_hand"] = r.choice([1, 1, 2, 3]) * scale
            if self.chance(0.3):
                unit["arrivals"] = {self.key(1, self.months): r.choice([1, 2]) * scale}
            if self.chance(0.35):
                unit["surplus"] = r.choice([0, 1, 2]) * scale
            if self.chance(0.25):
                unit["price"] = self.money(1000, 5000) if measure == "m2" else self.money(50_000, 300_000)
            estate["units"].append(unit)
        if self.chance(0.5):
            estate["phases"] = [self.phase(f"{name}-{k + 1}", areas, scale) for k in range(r.choice([1, 1, 2]))]
        if own and self.chance(0.3):
            estate["release"] = True
        if self.chance(0.2):
            estate["housed_after"] = r.choice([1, 2])
        if self.developers and self.chance(0.3):
            estate["developer"] = r.choice(self.developers)
        if self.chance(0.2):
            estate["disutility"] = r.choice([1, 2.5])
        return estate

    def phase(self, name: str, areas: list[int], scale: int) -> Tree:
        r = self.random
        phase: Tree = {"id": name, "cost": self.money(100_000, 900_000)}
        if self.chance(0.5):
            phase["progress"] = r.choice(["25%", 0.5, 0.8])
        if self.chance(0.5):
            phase["handover_lag"] = r.choice([1, 2])
        if self.chance(0.3):
            phase["earliest"] = self.month(0, self.months - 1)
        if self.chance(0.3):
            phase["monthly_limit"] = self.limit(self.money(100_000, 400_000), self.money(200_000, 500_000))
        phase["delivers"] = {str(r.choice(areas)): r.choice([1, 2, 4]) * scale}
        return phase

    def programme(self, name: str, *, voucher: bool) -> Tree:
        r = self.random
        programme: Tree = {"id": name, "price": self.money(1500, 6000)}
        if self.chance(0.2):
            programme["projects"] = [r.choice(["P1", "P2"])]
        if self.chance(0.3):
            programme["start"] = self.month(-1, 2)
        if self.chance(0.3):
            programme["months"] = r.choice([3, 5])
        if self.chance(0.3):
            programme["base"] = "entitlement"
        if self.chance(0.4):
            programme["bonus"] = [{"months": 2, "share": "20%"}, {"months": 4, "share": 0.1}]
        if self.chance(0.4):
            programme["instalments"] = r.choice(
                [
                    [{"after": 0, "share": "30%"}, {"after": 2, "share": "30%"}, {"after": 4, "share": "40%"}],
                    [{"after": 1, "share": 1}],
                ]
            )
            if self.chance(0.3):
                programme["settled_when_paid"] = True
        if self.chance(0.2):
            programme["housed_after"] = 1
        if self.chance(0.2):
            programme["tail"] = r.choice([0, 2])
        if self.chance(0.2):
            programme["tail_multiplier"] = r.choice([1, "in_force", 2])
        if self.chance(0.25):
            programme["take_up"] = r.choice(["60%", 0.5, 0.34])
        if self.chance(0.15):
            programme["area_below"] = r.choice([80, 100])
        if self.chance(0.2):
            programme["disutility"] = 1
        if voucher and self.developers and self.chance(0.6):
            programme["developers"] = [{"developer": developer} for developer in self.developers]
            if self.chance(0.4):
                programme["developers"][-1]["bonus"] = "12%"
        return programme

    def developer(self, name: str) -> Tree:
        r = self.random
        developer: Tree = {"id": name}
        if self.chance(0.4):
            measure = r.choice(["homes", "homes", "m2", "persons"])
            developer["homes"] = {
                "measure": measure,
                "on_hand": {"homes": 2, "m2": 170, "persons": 5}[measure],
                "arrivals": {self.key(1, self.months - 1): {"homes": 1, "m2": 90, "persons": 3}[measure]},
            }
        if self.chance(0.5):
            developer["debts"] = [
                {"due": self.month(0, 3), "amount": self.money(100_000, 400_000)},
                {"due": self.month(1, self.months - 1), "amount": self.money(50_000, 200_000)},
            ]
        return developer

    # --- money -------------------------------------------------------------------------------------------------

    def fund(self, tree: Tree, name: str) -> Tree:
        r = self.random
        fund: Tree = {"id": name}
        ample = name == "treasury"
        if self.chance(0.7) or ample:
            fund["opening"] = self.money(50_000, 600_000)
        if ample or self.chance(0.6):
            fund["inflow"] = [{"monthly": self.money(30_000, 200_000)}]
            if self.chance(0.3):
                fund["inflow"].append({"by_month": {self.key(0, self.months - 1): self.money(50_000, 300_000)}})
            if self.chance(0.3):
                fund["inflow"][0]["until"] = self.month(2, self.months + 3)
            if self.chance(0.2):
                fund["inflow"][0]["from"] = self.month(0, 2)
            if len(fund["inflow"]) == 1 and self.chance(0.5):
                fund["inflow"] = fund["inflow"][0]
        if not ample:
            fund["uses"] = {
                "bond": ["construction"],
                "subsidy": r.choice([["fees"], ["voucher", "cash", "units"], ["fees", "moving"]]),
                "bank": ["construction", "voucher", "interest", "principal"],
            }[name]
            if self.chance(0.2):
                fund["projects"] = [r.choice(["P1", "P2"])]
            if self.chance(0.15):
                fund["estates"] = ["E1"]
            if self.chance(0.25):
                fund["carry_over"] = r.choice(["month", "year"])
        if self.chance(0.15):
            fund["monthly_limit"] = self.limit(self.money(100_000, 400_000), self.money(200_000, 500_000))
        if self.chance(0.15):
            fund["total_limit"] = self.money(400_000, 2_000_000)
        phased = [estate["id"] for estate in tree["estates"] if estate.get("phases")]
        if phased and name in ("bond", "bank") and self.chance(0.4):
            fund["release"] = {"estates": [phased[0]], "upfront": r.choice(["20%", 0.5])}
            if self.chance(0.4):
                fund["release"]["total"] = self.money(300_000, 900_000)
        if name == "bank":
            borrow: Tree = {"limit": self.money(200_000, 900_000), "term": r.choice([2, 4, 6])}
            if self.chance(0.7):
                borrow["rate"] = r.choice(["3%", 0.06])
            borrow["repayment"] = r.choice(["bullet", "level", "flexible"])
            if borrow["repayment"] == "level" and self.chance(0.5):
                borrow["grace"] = 1
            if self.chance(0.2):
                borrow["revolving"] = True
            if self.chance(0.3):
                borrow["until"] = self.month(1, self.months - 1)
            fund["borrow"] = borrow
        return fund

    def strings(self, tree: Tree) -> None:
        """Moves, loans, owing, arrears, commitments, throughput, targets."""
        r = self.random
        if len(self.funds) > 1 and self.chance(0.4):
            move: Tree = {"from": self.funds[0], "to": self.funds[1]}
            if self.chance(0.4):
                move["monthly_limit"] = self.money(20_000, 100_000)
            if self.chance(0.3):
                move["total_limit"] = self.money(50_000, 200_000)
            tree["moves"] = [move]
        if self.chance(0.2):
            loan = {"id": "old", "amount": self.money(50_000, 150_000), "rate": "6%", "months_left": r.choice([2, 3])}
            loan["repayment"] = r.choice(["bullet", "level"])
            tree["opening_loans"] = [loan]
        if self.chance(0.3):
            owing: Tree = {"id": "deferral", "uses": r.choice([["fees"], ["fees", "voucher"]]), "share": "30%"}
            if self.chance(0.3):
                owing["stock_limit"] = self.money(5_000, 50_000)
            if self.chance(0.4):
                owing["surcharge"] = "0.5%"
            if self.chance(0.5):
                owing["latest"] = r.choice([1, 3])
            if self.chance(0.3):
                owing["projects"] = ["P1"]
            tree["owing"] = [owing]
        if self.chance(0.2):
            tree["arrears"] = [{"project": "P1", "amount": self.money(5_000, 40_000)}]
        if self.chance(0.2):
            commitment: Tree = {"id": "streets", "monthly": self.money(1_000, 20_000), "until": self.month(1, 5)}
            if self.chance(0.4):
                commitment["by_month"] = {self.key(1, self.months - 1): self.money(5_000, 30_000)}
            if self.chance(0.4):
                commitment["funds"] = ["treasury"]
            tree["commitments"] = [commitment]
        if self.chance(0.3):
            throughput: Tree = {"id": "desk", "per_month": self.limit(r.choice([1, 2, 3]), r.choice([1, 2]))}
            if self.chance(0.4):
                throughput["projects"] = [r.choice(["P1", "P2"])]
            if self.chance(0.4):
                throughput["routes"] = r.sample(ROUTES, k=2)
            tree["throughput"] = [throughput]
        for developer in tree.get("developers", []):
            if "debts" in developer and self.chance(0.15):
                developer["offset_targets"] = [{"by": self.month(2, self.months - 1), "amount": 20_000}]

    def objective(self) -> Tree:
        r = self.random
        objective: Tree = {}
        if self.chance(0.35):
            objective["minimise"] = "fiscal_cost"
            if self.chance(0.5):
                objective["discount_rate"] = r.choice(["3%", 0.05])
            if self.chance(0.3):
                objective["offset_value"] = 0.8
        if self.chance(0.3):
            objective["after_horizon_months"] = r.choice([0, 3, 24])
        if self.chance(0.15):
            objective["disutility_weight"] = r.choice([500, 2000])
        if self.chance(0.15):
            objective["reserve_months"] = r.choice([0.5, 1])
        if self.chance(0.2):
            objective["waiting_cost"] = r.choice([50, 300])
        if self.chance(0.1):
            objective["no_overdue_from"] = self.month(3, self.months)
        return objective

    # --- further turns -----------------------------------------------------------------------------------------

    def further(self, tree: Tree) -> None:
        """Add what was not drawn with the rest."""
        projects = {project["id"]: project for project in tree["projects"]}
        for row in tree["households"]:
            ruled = "home_policy" in row or "home_policy" in projects[row["project"]]
            if ruled and not {"count", "homes", "part_month"} & set(row) and self.chance(0.25):
                row["homes"] = self.random.choice([2, 2, 3])
        self.wishes(tree)
        for policy in tree["fee_policies"]:
            if self.chance(0.25):
                policy["growth"] = self.growth(policy)
        if self.chance(0.25):
            parts = list(self.fee_parts(tree))
            tree.update({"fee_parts": parts} if parts else {})
        if self.chance(0.3):
            quotes = [quote for row in tree["households"] if self.chance(0.5) for quote in self.quotes(tree, row)]
            tree.update({"quotes": quotes} if quotes else {})
            for project in tree["projects"]:
                if self.chance(0.15):
                    project["routes"] = []
        if self.chance(0.3):
            tree["objective"]["tiers"] = [
                self.tier(tree, name) for name in ["first", "second"][: self.random.choice([1, 1, 2])]
            ]

    def fee_parts(self, tree: Tree) -> Iterator[Tree]:
        """Further parts of the fees of some households, such as their shops."""
        r = self.random
        policies = {policy["id"]: policy for policy in tree["fee_policies"]}
        projects = {project["id"]: project for project in tree["projects"]}
        alike = self.chance(0.4) and not any("turnover" in row for row in tree["households"])
        if not alike:
            # Refused where a part is overdue in other months than the home.
            for each in [*policies.values(), *tree.get("vouchers", []), *tree.get("cash", [])]:
                each.pop("tail_multiplier", None)
        for row in tree["households"]:
            if not self.chance(0.4):
                continue
            own = policies[row.get("fee_policy") or projects[row["project"]]["fee_policy"]]
            together = [
                policy
                for policy in policies.values()
                if all(policy.get(key) == own.get(key) for key in ("frequency", "paid_by"))
            ]
            for label in ("shop", "yard")[: r.choice([1, 1, 2])]:
                part: Tree = {"household": row["id"], "label": label, "area": r.choice([12, 25.5, 40])}
                if self.chance(0.3) or any(policy["basis"] == "person" for policy in together):
                    part["persons"] = r.randint(1, 3)
                if alike:
                    yield part
                    continue
                if self.chance(0.7):
                    part["fee_policy"] = r.choice(together)["id"]
                if self.chance(0.3):
                    part["moved_out"] = self.month(-30, 3)
                if self.chance(0.3) or any(isinstance(policy["term"], dict) for policy in together):
                    part["term"] = r.choice([2, 5, 12])
                yield part

    def wishes(self, tree: Tree) -> None:
        """Let a group of households wish for some homes, or take no others."""
        r = self.random
        units = [unit for estate in tree["estates"] for unit in estate["units"]]
        for unit in units:
            if self.chance(0.15):
                unit["tags"] = [r.choice(["lift", "school"])]
        groups = sorted({group for row in tree["households"] for group in row.get("groups", [])})
        if not groups or not self.chance(0.6):
            return
        wish: Tree = {"id": "wish", "groups": r.sample(groups, k=r.choice([1, len(groups)]))}
        tags = sorted({tag for each in [*tree["estates"], *units] for tag in each.get("tags", [])})
        if tags and self.chance(0.6):
            wish["tags"] = [r.choice(tags)]
        if "tags" not in wish or self.chance(0.3):
            wish["types"] = [r.choice(self.types)]
        if self.chance(0.5):
            wish["only"] = True
        else:
            wish["disutility"] = r.choice([1, 3])
            if self.chance(0.5):
                tree["objective"]["disutility_weight"] = 2000
        tree["wishes"] = [wish]

    def growth(self, policy: Tree) -> Tree:
        """Growth of a policy's rate, of its minimum or its maximum."""
        r = self.random
        growth: Tree = {"by": r.choice(["10%", 0.25, 0.035]), "every": r.choice([1, 2, 3, 6, 12])}
        if growth["every"] < 3:
            # A quarter more every month is soon refused as too large for fen.
            growth["by"] = 0.035
        if self.chance(0.5):
            growth["clock"] = "moving_out"
        else:
            growth["from"] = self.month(-6, self.months)
        if self.chance(0.4):
            growth["compound"] = False
        if self.chance(0.4):
            rate = policy["rate"]
            highest = max(step["yuan"] for step in rate) if isinstance(rate, list) else rate
            growth["at_most"] = highest * r.choice([1.05, 1.5])
        if "household_maximum" in policy and self.chance(0.6):
            growth["amounts"] = ["rate", "household_maximum"]
            if "household_minimum" in policy:
                growth["amounts"].append("household_minimum")
        elif "household_minimum" in policy and "household_maximum" not in policy and self.chance(0.6):
            growth["amounts"] = r.choice([["household_minimum"], ["rate", "household_minimum"]])
            if "rate" not in growth["amounts"]:
                growth.pop("at_most", None)
        return growth

    def quotes(self, tree: Tree, row: Tree) -> Iterator[Tree]:
        """Offers to a household that are given directly."""
        r = self.random
        many = self.chance(0.4)
        for number in range(2 if many else 1):
            route = r.choice(ROUTES)
            own = [estate for estate in tree["estates"] if row["project"] in estate.get("projects", [])]
            homes = {"own_unit": own, "transfer": tree["estates"]}.get(route)
            if homes == []:
                continue
            quote: Tree = {"household": row["id"], "route": route}
            if row.get("homes") and self.chance(0.4):
                quote["claim"] = r.choice(["1", "2"])
            # Without a label, tables call a quote of homes as they do the rules' own offer of them.
            if many or homes or self.chance(0.5):
                quote["label"] = f"quote {number + 1}"
            if homes:
                quote["stock"] = self.taken(r.choice(homes))
            elif self.developers and self.chance(0.5):
                developer = r.choice(tree["developers"])
                quote["developer"] = developer["id"]
                if "homes" in developer:
                    amount = {"homes": 1, "m2": r.choice([45.5, 80]), "persons": 2}[developer["homes"]["measure"]]
                    quote["stock"] = f"{developer['id']}:{amount}"
            self.quoted_price(quote)
            if self.chance(0.3):
                quote["first"] = self.month(-1, 2)
            if self.chance(0.3):
                quote["last"] = self.month(3, self.months + 1)
            if self.chance(0.4):
                quote["housed_after"] = r.choice([0, 1, 3])
            if self.chance(0.3):
                quote["stream"] = r.choice(["400", "300;250.55;0;100", "0;0", "1000;1000"])
            elif self.chance(0.3):
                quote["tail"] = r.choice([0, 1, 3])
                if "fee_parts" not in tree and self.chance(0.5):
                    quote["tail_multiplier"] = r.choice([0, 1, 1.5])
            if self.chance(0.2):
                quote["use"] = r.choice(["voucher", "units", "cash", "moving"])
            if self.chance(0.2):
                quote["disutility"] = r.choice([1, 2.5])
            yield quote

    def taken(self, estate: Tree) -> str:
        """Stock of an estate that a quote takes: a home or two, or a part of one."""
        r = self.random
        scale = {"homes": 1, "m2": 60, "persons": 2}[estate.get("measure", "homes")]
        units = r.sample(estate["units"], k=min(len(estate["units"]), r.choice([1, 1, 2])))
        return ";".join(f"{estate['id']}/{unit['type']}:{r.choice([1, 1, 0.5]) * scale}" for unit in units)

    def quoted_price(self, quote: Tree) -> None:
        """A price in all or by month, in parts now and then; or parts in yuan alone."""
        r = self.random
        prices = [20_000, 90_000, 150_000.55, 260_000]
        if self.chance(0.15):
            quote["instalments"] = r.choice(["0:8000;3:50000.25", "2:90000"])
            return
        if self.chance(0.4):
            months = sorted(r.sample(range(self.months), k=r.choice([1, 2, 3])))
            quote["price_by_month"] = ";".join(f"{self.key(month, month)}:{r.choice(prices)}" for month in months)
        else:
            quote["price"] = r.choice([0, *prices])
        if self.chance(0.4):
            quote["instalments"] = r.choice(["0:30%;2:70%", "1:100%", "0:33.3%;1:33.3%;4:33.4%"])

    def tier(self, tree: Tree, name: str) -> Tree:
        """A goal that comes before the objective."""
        r = self.random
        tagged = any("tags" in row for row in tree["households"])
        tier: Tree = {"name": name}
        if self.chance(0.8):
            tier["goal"] = r.choice(["transition_fees", "overdue_fees", "fiscal_cost", "disutility"])
        if tier.get("goal") != "fiscal_cost":
            if self.chance(0.3):
                tier["projects"] = [r.choice(["P1", "P2"])]
            if tagged and self.chance(0.5):
                tier["tags"] = ["petition"]
        return tier
