"""What a match is: the text it stands in, its lines, its values, and its rank."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import mutate
import pytest
from matching import ROOT, compiled, entry, patterns

from kb.match import guesses, match

HELD = entry(
    "LATCH_HELD",
    "Cannot open the latch of {package} {version} because the wooden door is swollen.",
)
OTHER = {"program": "bash", "release": "5.2", "licence": "GPL-3.0-or-later"}


def found(document: dict[str, Any], text: str) -> list[str]:
    return [one["id"] for one in match(document, text)]


def test_a_match_says_where_it_stands_and_what_stood_in_the_places() -> None:
    text = (
        "Collecting gate\n"
        "ERROR: Cannot open the latch of garden-gate 1.4.2\n"
        "because the wooden door is swollen.\n"
        "done\n"
    )
    assert match(compiled(HELD), text) == [
        {
            "id": "LATCH_HELD",
            "wording": 0,
            "role": "cause",
            "confidence": 0.99,
            "needs_more": False,
            "lines": [[2, 3]],
            "values": {"package": "garden-gate", "version": "1.4.2"},
            "parts": ["message"],
        }
    ]


@pytest.mark.parametrize("change", mutate.MUTATIONS, ids=lambda change: change.__name__)
def test_a_long_message_survives_what_pastes_do_to_it(change: Any) -> None:  # noqa: ANN401
    for seed in range(5):
        rng = random.Random(seed)  # noqa: S311
        text = mutate.CONTEXT + "ERROR: Cannot open the latch of garden-gate 1.4.2 because the "
        text += "wooden door is swollen.\nsecond line\n"
        assert found(compiled(HELD), change(text, rng)) == ["LATCH_HELD"], seed


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("package", "garden-gate", "garden-gate"),
        ("package", "garden;gate", None),
        ("package", "$(reboot)", None),
        ("version", "1.4.2rc1", "1.4.2rc1"),
        ("version", "latest", None),
        ("requirement", "gate[red]>=1,<2 (from -r requirements.txt (line 3))", "gate[red]>=1,<2"),
        ("requirement", "gate`id`", None),
        ("path", "C:\\\\Program Files\\\\gate", "C:\\Program Files\\gate"),
        ("path", "/srv/'; rm -rf /", None),
        ("url", "https://index.example.org/simple/gate/", "https://index.example.org/simple/gate/"),
        ("url", "javascript:alert(1)", None),
        ("hash", "3a9f" * 16, "3a9f" * 16),
        ("hash", "3a9f", None),
        ("number", "128", "128"),
        ("option", "--no-deps", "--no-deps"),
        ("host", "index.example.org", "index.example.org"),
        ("text", "all\x07\u202e kinds", "all kinds"),
    ],
)
def test_a_value_is_kept_if_it_is_valid_for_its_type(
    kind: str, value: str, kept: str | None
) -> None:
    document = compiled(
        entry("LATCH", "The latch was opened with {thing} and then closed by the gardener",
              placeholders={"thing": kind})
    )  # fmt: skip
    text = f"The latch was opened with {value} and then closed by the gardener"
    (one,) = match(document, text)
    assert one["values"] == ({} if kept is None else {"thing": kept})


def test_a_value_that_was_wrapped_is_put_together() -> None:
    text = "Cannot open the latch of garden-\ngate 1.4\n.2 because the wooden door is swollen."
    assert match(compiled(HELD), text)[0]["values"] == {
        "package": "garden-gate",
        "version": "1.4.2",
    }


def test_causes_go_before_wrappers_and_notices_go_last() -> None:
    document = compiled(
        entry("NEWS", "A new release of the garden gate is available", role="notice"),
        entry("WRAP", "The gardener did not come back successfully", role="wrapper"),
        entry("CAUSE", "The bridge over the river has been washed away"),
    )
    text = (
        "A new release of the garden gate is available\n"
        "The bridge over the river has been washed away\n"
        "The gardener did not come back successfully\n"
    )
    assert found(document, text) == ["CAUSE", "WRAP", "NEWS"]
    assert not any(one["needs_more"] for one in match(document, text))


def test_what_others_word_goes_before_the_frames_of_pip() -> None:
    document = compiled(
        entry("FRAME", "The gardener did not come back successfully", role="wrapper"),
        entry("TOOL", "The spade of the gardener broke in two", role="wrapper", worded_by=OTHER),
    )
    text = (
        "Building wheel for gate\n"
        "The gardener did not come back successfully\n"
        "The spade of the gardener broke in two\n"
    )
    assert found(document, text) == ["TOOL", "FRAME"]


def test_the_frame_that_begins_first_goes_first_in_one_long_line_too() -> None:
    document = compiled(
        entry("LONGER", "The gardener did not come back from the garden behind the house",
              role="wrapper"),
        entry("EARLIER", "The gate could not be opened today", role="wrapper"),
    )  # fmt: skip
    between = "the weather is fine " * 30
    text = f"The gate could not be opened today {between}"
    text += "The gardener did not come back from the garden behind the house"
    assert found(document, text) == ["EARLIER", "LONGER"]


def test_a_note_that_two_errors_share_tells_of_the_one_whose_headline_is_there() -> None:
    def error(headline: str) -> dict[str, Any]:
        note = "This is a problem of the garden and not one of the gardener at all."
        return {"parts": [{"text": headline}, {"kind": "note", "text": note}]}

    document = compiled(
        entry("ROOF", error("The roof of the garden house has fallen down")),
        entry("WELL", error("The water of the deep well has dried up")),
    )
    text = (
        "The water of the deep well has dried up\n"
        "This is a problem of the garden and not one of the gardener at all.\n"
    )
    assert found(document, text) == ["WELL"]


def test_words_that_two_texts_share_tell_of_neither() -> None:
    document = compiled(
        entry("RED", "The wooden bridge over the quiet river is painted red"),
        entry("BLUE", "The wooden bridge over the quiet river is painted blue"),
    )
    assert found(document, "ERROR: the woden bridge over the quiet rivr is painted") == []
    assert found(document, "ERROR: the woden bridge over the quiet rivr is painted blue") == [
        "BLUE"
    ]


def test_a_short_literal_needs_the_mark_it_ends_with() -> None:
    document = compiled(
        entry("GATE", "Gate {name} failed: {reason}",
              placeholders={"name": "text", "reason": "text"})
    )  # fmt: skip
    context = "Requirement already satisfied\n"
    assert found(document, context + "Gate north failed: it is rusty") == ["GATE"]
    assert found(document, context + "Gate north failed to open") == []


def test_a_wrapper_alone_needs_more() -> None:
    document = compiled(
        entry("WRAP", "The gardener did not come back successfully", role="wrapper")
    )
    (one,) = match(document, "ERROR: The gardener did not come back successfully")
    assert one["needs_more"]


def test_what_follows_from_another_goes_behind_it() -> None:
    gate = entry("GATE", "No matching garden gate was found", consequence_of=["BRIDGE"])
    bridge = entry("BRIDGE", "The bridge over the river is closed", kind="warning")
    text = "The bridge over the river is closed\nNo matching garden gate was found\n"
    assert found(compiled(gate, bridge), text) == ["BRIDGE", "GATE"]
    assert found(compiled(gate), text) == ["GATE"]


def test_the_longer_text_goes_before_the_one_inside_it() -> None:
    document = compiled(
        entry("ANY", "No such wooden bridge as {name}", placeholders={"name": "text"}),
        entry("ONE", "No such wooden bridge as the one over the river"),
    )
    text = "ERROR: No such wooden bridge as the one over the river"
    assert found(document, text) == ["ONE", "ANY"]


def test_two_texts_with_one_headline_differ_by_what_follows() -> None:
    def twin(context: str) -> dict[str, Any]:
        parts = [{"text": "Cannot uninstall the garden gate"}, {"kind": "context", "text": context}]
        return {"parts": parts}

    document = compiled(
        entry("RUSTY", twin("Its hinges are entirely covered with rust")),
        entry("LOCKED", twin("Its key was thrown into the river last year")),
    )
    text = "Cannot uninstall the garden gate\n> Its key was thrown into the river last year"
    assert found(document, text)[0] == "LOCKED"


def test_a_value_may_stand_between_the_label_and_a_short_text() -> None:
    document = compiled(entry("HINGE_LOST", "{package} {version} has lost its hinge"))
    assert found(document, "WARNING: garden-gate 1.4.2 has lost its hinge") == ["HINGE_LOST"]
    assert found(document, "They say that garden-gate 1.4.2 has lost its hinge") == []


def test_a_piece_that_is_split_ends_where_its_word_ends() -> None:
    first = "Gateways require a wooden latch. {version} (barricaded by {package})"
    second = "Gateway '{package}' requires a wooden latch. {version}"
    document = compiled(entry("GATEWAYS_BARRED", first), entry("GATEWAY_BARRED", second))
    text = "Gateways require a wooden latch. 1.0 (barricaded by oak)"
    assert found(document, text) == ["GATEWAYS_BARRED"]
    assert found(document, "Place: old-gateways\nRequires: oak\nBarricaded-by: me\n") == []


def test_a_common_text_needs_its_neighbour() -> None:
    killed = {"parts": [{"text": "Killed"}], "near": ["Collecting the apples"]}
    document = compiled(entry("KILLED", killed))
    assert found(document, "Collecting the apples\nKilled\n") == ["KILLED"]
    assert found(document, "Killed\n") == []
    assert found(document, "Collecting the apples\nit was killed\n") == []
    assert found(document, "Collecting the apples\nunskilled\n") == []


def test_a_text_of_others_needs_pip_near_by() -> None:
    document = compiled(
        entry("RIVER", "The river is too high today", phase="network", worded_by=OTHER)
    )
    assert found(document, "The river is too high today") == []
    assert [one["id"] for one in guesses(document, "The river is too high today")] == ["RIVER"]
    assert found(document, "Requirement already satisfied\nThe river is too high today") == [
        "RIVER"
    ]
    assert found(document, "uv pip install gate\nThe river is too high today") == []


def test_a_text_of_a_build_needs_a_build_near_by() -> None:
    """A text that any program may print needs more: that pip was at work."""
    document = compiled(entry("RIVER", "The river is high", phase="build", worded_by=OTHER))
    assert found(document, "The river is high") == []
    assert found(document, "running build_ext\nThe river is high") == ["RIVER"]
    document = compiled(entry("RIVER", "The river is high", phase="network", worded_by=OTHER))
    assert found(document, "running build_ext\nThe river is high") == []


def test_a_text_that_another_installer_prints_too_needs_pips_label() -> None:
    document = compiled(entry("HILL", "The hill is too steep for every cart"))
    text = "{} The hill is too steep for every cart"
    assert found(document, text.format("error:")) == ["HILL"]
    assert found(document, "uv sync\n" + text.format("error:")) == []
    assert found(document, "uv sync\n" + text.format("ERROR:")) == ["HILL"]
    assert found(document, "uv sync\nInstalling collected packages\n" + text) == ["HILL"]


def test_what_shows_that_all_went_well() -> None:
    already = {
        "parts": [{"text": "The garden gate is painted already"}],
        "unless": ["Painted the gate"],
    }
    document = compiled(entry("PAINTED", already))
    assert found(document, "The garden gate is painted already\n") == ["PAINTED"]
    assert found(document, "The garden gate is painted already\nPainted the gate\n") == []


def test_a_shells_words_about_another_program() -> None:
    """What names pip tells of pip; the shell says the same of any program."""
    text = "'pip' is not known here as a command or as a program"
    document = compiled(entry("UNKNOWN_HERE", text, worded_by=OTHER))
    assert found(document, text) == ["UNKNOWN_HERE"]
    assert found(document, text.replace("'", '"')) == ["UNKNOWN_HERE"]
    assert found(document, text.replace("pip", "npm")) == []
    for name in ("pipx", "mypip", "pip_tools"):
        other = text.replace("pip", name)
        assert found(document, other) == []
        assert found(document, f"{'-' * 200}\npip install {name}\n{other}\n") == []


def test_pips_own_text_need_not_name_pip_beside_another_programs() -> None:
    own = {
        "parts": [
            {"text": "The gardener did not come back successfully", "source": "raised"},
            {"kind": "note", "text": "That is hardly a problem with pip.", "source": "raised"},
        ]
    }
    raised = {"id": "raised", "release": "25.3", "path": "src/pip/garden.py", "symbol": "garden"}
    document = compiled(
        entry("GARDENER", own, "fatal: no gardener", sources=[raised], worded_by=OTHER)
    )
    assert found(document, "ERROR: The gardener did not come back successfully") == ["GARDENER"]


def test_a_wrapper_that_holds_the_words_of_the_more_exact_one() -> None:
    """Though its text is longer, it goes behind the one that it is known to follow."""
    text = "The gardener with the watering can failed with code {number}"
    near = {"parts": [{"text": text}], "near": ["watering the beans"]}
    beans = entry("BEANS", near, role="wrapper")
    long = {"parts": [{"text": "All that the gardener did and said today:"}, {"text": text}]}
    gardener = entry("GARDENER", long, role="wrapper", consequence_of=["BEANS"])
    log = f"All that the gardener did and said today:\nwatering the beans\n{text}\n"
    log = log.replace("{number}", "3")
    assert found(compiled(gardener, beans), log) == ["BEANS", "GARDENER"]
    gardener = entry("GARDENER", long, role="wrapper")
    assert found(compiled(gardener, beans), log) == ["GARDENER", "BEANS"]


@pytest.mark.parametrize(
    "text",
    [
        "\u5fd8\u8bb0\u4e86\u5927\u95e8\u7684\u94a5\u5319 pip \u4e0d\u5728\u8fd9\u91cc",
        "pip: \u043a\u043b\u044e\u0447 \u0443\u0442\u0435\u0440\u044f\u043d",
        "pip: \u9375\u304c\u898b\u3064\u304b\u308a\u307e\u305b\u3093",
        "pip: \uc5f4\uc1e0\ub97c \ucc3e\uc744 \uc218 \uc5c6\uc74c",
    ],
)
def test_letters_outside_ascii(text: str) -> None:
    document = compiled(entry("KEY_LOST", text, worded_by=OTHER))
    assert found(document, f"$ pip install gate\n  {text.upper()}\n") == ["KEY_LOST"]
    assert found(document, f"$ pip install gate\n  {text[: len(text) // 3]}\n") == []


def test_a_retyped_text_without_its_first_word_is_another_text() -> None:
    document = compiled(entry("BARN", "Cannot create a painted wooden barn"))
    assert found(document, "ERROR: Cannot create a paintd wooden barn") == ["BARN"]
    assert found(document, "created painted wooden barn CPython3 in 313ms") == []


def test_a_word_that_goes_on_is_another_word() -> None:
    document = compiled(entry("NO_PIP", "No module named pip"))
    assert found(document, "python3: No module named pip") == ["NO_PIP"]
    assert found(document, "python3: No module named pip.") == ["NO_PIP"]
    assert found(document, "python3: No module named 'pip'") == ["NO_PIP"]
    assert found(document, "python3: No module named pipenv") == []
    assert found(document, "python3: No module named pip._vendor") == []


def test_half_a_message_is_a_guess() -> None:
    text = "ERROR: Cannot open the latch of garden-gate"
    assert found(compiled(HELD), text) == []
    (one,) = guesses(compiled(HELD), text)
    assert one["id"] == "LATCH_HELD"
    assert one["confidence"] < 0.6


@pytest.mark.parametrize(
    "text", ["", "\n\n\n", "hello world", "\x00\x1b[31m\x1b]", "{}", "\ud800", "a" * 100_000]
)
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert match(patterns(), text) == []


def test_bytes_are_read_as_text() -> None:
    line = "ERROR: No matching distribution found for gate"
    for raw in (line.encode(), line.encode("utf-16"), b"\xef\xbb\xbf" + line.encode()):
        assert found(patterns(), raw)[0] == "NO_MATCHING_DISTRIBUTION"


def test_lines_are_counted_as_a_text_area_counts_them() -> None:
    text = "one\r\ntwo\rthree\nERROR: No matching distribution found for gate\r\n"
    assert match(patterns(), text)[0]["lines"] == [[4, 4]]


def test_each_place_is_shown_when_a_message_repeats() -> None:
    line = "ERROR: No matching distribution found for gate"
    text = f"{line}\nfiller\n{line}\nfiller\nfiller\n{line}\n"
    assert match(patterns(), text)[0]["lines"] == [[1, 1], [3, 3], [6, 6]]


def test_printed_wordings_are_found() -> None:
    missed = []
    for one in patterns()["entries"]:
        for number, wording in enumerate(one["wordings"]):
            if "of" in wording:
                continue
            text = mutate.printed(wording, random.Random(number))  # noqa: S311
            if one["id"] not in found(patterns(), text)[:3]:
                missed.append(f"{one['id']} {number}")
    assert len(missed) <= 0.02 * sum(len(one["wordings"]) for one in patterns()["entries"]), missed


def test_the_matcher_needs_the_standard_library_alone() -> None:
    code = (
        "import importlib.util, sys;"
        "spec = importlib.util.spec_from_file_location('match', sys.argv[1]);"
        "module = importlib.util.module_from_spec(spec);"
        "sys.modules['match'] = module; spec.loader.exec_module(module);"
        "print(module.clean('a\\rb'))"
    )
    file = ROOT / "scripts" / "kb" / "match.py"
    for python in (sys.executable, *_older_pythons()):
        done = subprocess.run(
            [str(python), "-S", "-I", "-c", code, str(file)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (0, "a\nb\n"), (python, done.stderr)


def _older_pythons() -> list[Path]:
    roots = Path.home() / ".pyenv" / "versions"
    return sorted(roots.glob("3.8.*/bin/python3"))


@pytest.mark.parametrize(
    "text",
    [
        "ERROR: cannot open the latsh of my gate becuase the woodn door is swolen",
        "i get cannot open the lach of it becase the wooden dor is swollen after pip install",
    ],
)
def test_a_retyped_message_is_found_by_its_words(text: str) -> None:
    (one,) = match(compiled(HELD), text)
    assert one["id"] == "LATCH_HELD"
    assert one["confidence"] < 0.75
    assert found(compiled(HELD), "The wooden door of the gate is open and the latch is gone") == []


def test_a_retyped_message_that_lacks_its_telling_word_is_not_found() -> None:
    document = compiled(
        entry("GATE", "ImportError: No module named garden_gate"),
        entry("OTHER", "ImportError: No module named {module}"),
        entry("THIRD", "ImportError: cannot open a module named {module} twice"),
    )
    assert found(document, "ERROR: importerror: no modul named shed")[:1] != ["GATE"]


@pytest.mark.parametrize(
    "text",
    [
        "ERROR: open the latch of garden-gate 1.4.2 because the wooden",
        "error: latch of garden-gate because the wooden door is",
    ],
)
def test_a_message_is_found_by_what_is_left_of_it(text: str) -> None:
    (one,) = match(compiled(HELD), text)
    assert one["id"] == "LATCH_HELD"
    assert one["confidence"] < 0.75


def test_the_end_of_a_message_in_another_sentence_is_not_that_message() -> None:
    text = "pip install gate\n{}latch of garden-gate because the wooden door is"
    assert found(compiled(HELD), text.format("error: ")) == ["LATCH_HELD"]
    assert found(compiled(HELD), text.format("Upstairs a ")) == []


def test_the_last_word_may_be_cut_in_the_middle() -> None:
    whole = "ERROR: Cannot open the latch of gate 1.0 because the wooden door is swollen."
    assert found(compiled(HELD), whole[:-6]) == ["LATCH_HELD"]
    assert match(compiled(HELD), whole[:-5])[0]["confidence"] > 0.6


def test_a_cause_is_looked_for_by_its_words_where_only_its_wrapper_stands() -> None:
    document = compiled(
        HELD, entry("WRAP", "The gardener did not come back successfully", role="wrapper")
    )
    text = "The gardener did not come back successfully\nERROR: {}\n"
    retyped = "Cannot open teh latch of gate 1.4.2 becaus the wooden doors is swolen."
    assert found(document, text.format(retyped)) == ["LATCH_HELD", "WRAP"]
    assert found(document, text.format("Cannot open the latch of gate 1.4.2")) == ["WRAP"]


def test_a_common_text_of_others_needs_pip_where_another_tool_is_at_work() -> None:
    header = {"parts": [{"text": "There is no such river here"}], "near": ["building the bridge"]}
    document = compiled(entry("RIVER", header, worded_by=OTHER))
    text = "building the bridge\nThere is no such river here\n"
    assert found(document, text) == ["RIVER"]
    assert found(document, f"uv pip install gate\n{text}") == []
    assert found(document, f"uv pip install gate\nRequirement already satisfied\n{text}") == [
        "RIVER"
    ]


def test_an_exception_s_name_may_stand_in_a_sentence() -> None:
    name = {"parts": [{"text": "FloodError"}], "near": ["Collecting the apples"]}
    document = compiled(entry("FLOOD", name))
    assert found(document, "Collecting the apples\nthen it failed with FloodError\n") == ["FLOOD"]


RIVER = entry("RIVER", "The river is too high today: {url}", phase="network", worded_by=OTHER)


def test_an_address_of_an_index_shows_that_pip_was_at_work() -> None:
    document = compiled(RIVER)
    text = "The river is too high today: https://index.example.org/{}/gate/"
    assert found(document, text.format("simple")) == ["RIVER"]
    assert found(document, text.format("api")) == []


def test_pips_label_beside_such_an_address_outweighs_another_tool() -> None:
    document = compiled(RIVER)
    text = "conda create\n{}The river is too high today: /simple/gate/"
    assert found(document, text.format("WARNING: ")) == ["RIVER"]
    assert found(document, text.format("")) == []
    assert found(document, "uv sync\n" + text.format("WARNING: ")) == []


def test_a_hint_of_others_alone_is_no_answer() -> None:
    hinted = {
        "parts": [
            {"text": "The river is too high"},
            {"kind": "hint", "text": "Take the old bridge behind the mill instead"},
        ]
    }
    document = compiled(entry("RIVER", hinted, phase="build", worded_by=OTHER))
    text = "The river is too high\nTake the old bridge behind the mill instead\n"
    assert found(document, f"running build_ext\n{text}") == ["RIVER"]
    assert found(document, "running build_ext\nTake the old bridge behind the mill instead") == []


def test_a_retyped_text_of_others_needs_what_pip_prints() -> None:
    text = "The river by the wooden mill is swollen and too high"
    document = compiled(entry("RIVER", text, phase="build", worded_by=OTHER))
    retyped = "the rivr by the woodn mill is swollen, too high"
    assert found(document, f"pip install gate\n{retyped}") == []
    assert found(document, f"Building wheel for gate\n{retyped}") == ["RIVER"]
