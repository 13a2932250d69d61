import json

from renewopt.scenario import models
from renewopt.scenario.schema import json_schema
from renewopt.scenario.table_specs import TABLES


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_schema_is_json_whose_references_lead_somewhere():
    schema = json.loads(json.dumps(json_schema()))
    assert {ref.removeprefix("#/$defs/") for ref in references(schema)} <= set(schema["$defs"])


def test_the_schema_names_every_section_and_column():
    schema = json_schema()
    fields = {field.alias or name for name, field in models.Scenario.model_fields.items()}
    assert set(schema["properties"]) == fields | {"variants"}
    assert schema["additionalProperties"] is False
    for table, columns in TABLES.items():
        assert set(schema["$defs"][f"{table}_row"]["properties"]) == set(columns)


def test_the_schema_lists_the_words_of_a_choice():
    assert json_schema()["$defs"]["quotes_row"]["properties"]["route"]["enum"] == [
        "own_unit",
        "transfer",
        "voucher",
        "cash",
    ]


def test_limits_are_in_the_words_of_json_schema():
    schema = json_schema()
    assert schema["$defs"]["Throughput"]["properties"]["per_month"]["anyOf"][0]["minimum"] == 0
    assert schema["$defs"]["MovingFee"]["properties"]["times"]["anyOf"][0]["maximum"] == 4
    assert schema["properties"]["months"]["minimum"] == 1
    text = json.dumps(schema)
    assert '"ge":' not in text
    assert '"title":' not in text


def test_every_key_at_the_top_says_what_it_is_for():
    schema = json_schema()
    assert [name for name, stated in schema["properties"].items() if not stated.get("description")] == []
