"""What stands in a placeholder's place can be pasted without harm: pip refuses it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kb.explain.values import stand_in, valid
from kb.model import PLACEHOLDER_TYPES

HARMLESS = {"python_version", "number", "option", "url", "host", "text"}
"""Types whose example names nothing that anybody could own."""


def test_no_example_could_be_the_name_of_something_real() -> None:
    for name, kind in PLACEHOLDER_TYPES.items():
        if name not in HARMLESS:
            assert kind.example.endswith(">"), name
            assert not valid(name, kind.example), name


@pytest.mark.parametrize("name", ["package", "requirement", "requirements", "path", "filename"])
def test_pip_refuses_the_example_before_it_asks_an_index(name: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--index-url", "https://x.invalid/"]
    done = subprocess.run(
        [*pip, PLACEHOLDER_TYPES[name].example],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Invalid requirement" in done.stderr
    assert "x.invalid" not in done.stdout + done.stderr


def test_two_placeholders_of_one_type_can_be_told_apart() -> None:
    assert stand_in("package", "package", "<PACKAGE>") == "<PACKAGE>"
    assert stand_in("other_package", "package", "<PACKAGE>") == "<OTHER-PACKAGE>"
    assert stand_in("port", "number", "1") == "1"
    assert not valid("package", stand_in("other_package", "package", "<PACKAGE>"))
