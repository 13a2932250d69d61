from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from renewopt.scenario.faults import translate
from renewopt.scenario.nodes import plain
from renewopt.scenario.reading import read_text


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    since: int = Field(alias="from", description="first month")
    share: float = 0


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    steps: list[Step] | dict[str, Step] | int = 0
    code: Annotated[str, Field(pattern="^[a-z]+$")] = "a"


def said(text):
    root = read_text(text, "a.yaml")
    with pytest.raises(ValidationError) as raised:
        Plan.model_validate(plain(root))
    return [str(finding) for finding in translate(raised.value.errors(), root, Plan)]


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("steps: [{form: 3}]", [
            "a.yaml:1  steps.0.from: the key `from` is missing; add it: first month",
            "a.yaml:1  steps.0.form: unknown key 'form'; did you mean 'from'?",
        ]),
        ("steps:\n  a: {from: 1, share: x}", ["a.yaml:2  steps.a.share: 'x' stands where a number was expected"]),
        ("steps: {a: 1}", ["a.yaml:1  steps.a: 1 stands where a mapping of keys to values was expected"]),
        ("steps: [{from: 1, share: [2]}]", ["a.yaml:1  steps.0.share: a list stands where a number was expected"]),
        ("share: 1", ["a.yaml:1  share: unknown key 'share'; it belongs into steps"]),
        ("colour: 1", ["a.yaml:1  colour: unknown key 'colour'; known keys are steps, code"]),
        ("code: A", ["a.yaml:1  code: String should match pattern '^[a-z]+$'"]),
    ],
)  # fmt: skip
def test_errors_are_said_once_for_the_member_that_was_meant(text, findings):
    assert said(text) == findings


def test_keys_above_the_section_are_kept():
    root = read_text("plan: {steps: x, colour: 1}", "a.yaml")
    with pytest.raises(ValidationError) as raised:
        Plan.model_validate(plain(root)["plan"])
    keys = [finding.key for finding in translate(raised.value.errors(), root, Plan, ("plan",))]
    assert keys == ["plan.steps", "plan.colour"]
