"""The committed JSON Schemas fit the model and accept what the loader accepts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml
from entry_cases import BAD, GOOD

from kb.load import read
from kb.model import PLACEHOLDER_TYPES, PROJECTS, Entry, Kind, Procedure
from kb.schema import FILES, schema, stale_schemas

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
COMMITTED = {path: ROOT / path for path in FILES}


def validator(model: type[Entry | Procedure]) -> Any:  # noqa: ANN401 - jsonschema is untyped
    return jsonschema.Draft202012Validator(schema(model))


class Yaml12(yaml.SafeLoader):
    """Reads `on` and `no` as text, as YAML 1.2 and the editors do, and not as a truth value."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {
        first: [(tag, one) for tag, one in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), list("tf"))


def as_an_editor_reads(path: Path) -> object:
    """Return a file's values with numbers, booleans and nothing, as a YAML server sees them."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Yaml12)  # noqa: S506 - a SafeLoader
    return json.loads(json.dumps(loaded, default=str))


@pytest.mark.parametrize("model", [Entry, Procedure])
def test_it_is_a_schema(model: type[Entry | Procedure]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(model))


def test_the_committed_schemas_fit_the_model() -> None:
    assert stale_schemas(ROOT) == []


def test_a_stale_schema_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "entry.schema.json").write_text("{}\n", encoding="utf-8")
    assert [str(finding) for finding in stale_schemas(tmp_path)] == [
        (
            "entries/entry.schema.json:1: the schema does not fit the model\n"
            "    hint: run `make schema`"
        ),
        "entries/procedure.schema.json:1: the schema is missing\n    hint: run `make schema`",
    ]


@pytest.mark.parametrize("name", sorted(GOOD.entries))
def test_it_accepts_what_the_loader_accepts(name: str) -> None:
    path = TESTS / "good_entries" / f"{name}.yml"
    assert [error.message for error in validator(Entry).iter_errors(as_an_editor_reads(path))] == []


def test_it_accepts_every_entry_and_procedure() -> None:
    wrong = {}
    for folder, model in (("pip", Entry), ("procedures", Procedure)):
        check = validator(model)
        for path in sorted((ROOT / "entries" / folder).glob("*.yml")):
            document, _ = read(f"entries/{folder}/{path.name}", path.read_bytes(), model)
            if document:
                errors = [error.message for error in check.iter_errors(as_an_editor_reads(path))]
                wrong |= {path.name: errors} if errors else {}
    assert wrong == {}


def test_it_takes_numbers_where_the_loader_takes_their_text() -> None:
    entry = as_an_editor_reads(TESTS / "good_entries" / "OTHER_ERROR.yml")
    assert isinstance(entry, dict)
    for change in (
        {"sources": [{"id": 404, "release": 25.3, "path": "x", "symbol": "y", "lines": 7}]},
        {"messages": [{"since": 9, "parts": [{"text": 404}]}]},
        {"meaning": True, "summary": 12},
        {"tier": "2"},
        {"summary": "one line, from a block\n"},
    ):
        assert list(validator(Entry).iter_errors(entry | change)) == []


@pytest.mark.parametrize(
    "path",
    [path for path in BAD if path.stem.startswith("SHAPE_") and path.stem != "SHAPE_OTHER_ID"],
    ids=lambda path: path.stem,
)
def test_it_refuses_what_the_loader_refuses(path: Path) -> None:
    if path.stem != "SHAPE_EMPTY":
        assert list(validator(Entry).iter_errors(as_an_editor_reads(path)))
    else:
        errors = list(validator(Entry).iter_errors(as_an_editor_reads(path)))
        assert {error.json_path for error in errors} >= {"$.related", "$.meaning"}


@pytest.mark.parametrize("change", [{"tier": 4}, {"tier": "x"}, {"id": 12}, {"kind": "oops"}])
def test_it_refuses_wrong_values(change: dict[str, object]) -> None:
    entry = as_an_editor_reads(TESTS / "good_entries" / "OTHER_ERROR.yml")
    assert isinstance(entry, dict)
    assert list(validator(Entry).iter_errors(entry | change))


def test_every_field_is_explained_and_every_vocabulary_listed() -> None:
    document = schema(Entry)
    models = [document, *(node for node in document["$defs"].values() if "properties" in node)]
    for node in models:
        assert node["additionalProperties"] is False
        for name, field in node["properties"].items():
            explained = field.get("description") or document["$defs"][
                field["$ref"].rpartition("/")[2]
            ].get("description")
            assert explained, name
    assert document["$defs"]["Kind"]["enum"] == list(Kind)
    assert document["$defs"]["Source"]["properties"]["project"]["enum"] == list(PROJECTS)
    kinds = document["properties"]["placeholders"]["additionalProperties"]
    assert kinds["enum"] == list(PLACEHOLDER_TYPES)
    assert len(kinds["markdownEnumDescriptions"]) == len(PLACEHOLDER_TYPES)
