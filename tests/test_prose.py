"""Prose renders its small subset of Markdown; everything else shows as it is written."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from kb.inline import parse, parse_template
from kb.prose import line_html, template_html, template_text, to_html, to_markdown, to_text


def resolve(kind: str, name: str) -> tuple[str, str] | None:
    return None if name == "GONE" else (f"https://example.org/{kind}/{name}/", f"the {name}")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("one\ntwo\n\nthree", "<p>one two</p>\n<p>three</p>"),
        ("`a <b> **c**`", "<p><code>a &lt;b&gt; **c**</code></p>"),
        ("**a `b` c**", "<p><strong>a <code>b</code> c</strong></p>"),
        ("- one\n- two\n  more", "<ul>\n<li>one</li>\n<li>two more</li>\n</ul>"),
        ("[a **b**](https://e.org/?a=1&b=2)", '<p><a href="https://e.org/?a=1&amp;b=2">a '),
        ("[SOME_ERROR]", '<p><a href="https://example.org/entry/SOME_ERROR/">the SOME_ERROR</a>'),
        ("[procedure:a-b]", '<p><a href="https://example.org/procedure/a-b/">the a-b</a></p>'),
        ("[GONE]", "<p>GONE</p>"),
        ("{{x}}", "<p>{x}</p>"),
        (
            "{old} {package}",
            (
                '<p><span class="placeholder" data-placeholder="old" data-type="version">'
                '&lt;OLD&gt;</span> <span class="placeholder" data-placeholder="package"'
                ' data-type="package">'
            ),
        ),
        ("{unknown}", "<p>{unknown}</p>"),
    ],
)
def test_the_subset(text: str, html: str) -> None:
    rendered = to_html(text, types={"old": "version"}, resolve=resolve)
    assert rendered.startswith(html)
    assert parse(text).problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](http://example.org)",
        '[x](https://a"onclick="alert(1))',
        "pkg[EXTRA] and [extra] and [1]",
        "# not a heading",
        "1. not a list",
        "![not an image](https://",
        "*a* _b_ __c__ ~~d~~ &amp; <!-- e -->",
        "`open",
        "**open",
        "{ Open } {Name} { a }",
    ],
)
def test_everything_else_shows_as_it_is_written(text: str) -> None:
    assert to_html(text, resolve=resolve) == f"<p>{escape(text)}</p>"
    assert to_text(text, resolve=resolve) == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a ` b", "a ` without a second one"),
        ("a ** b", "** without a second one"),
        ("[x](ftp://a)", "the link (ftp://a) is not an https address"),
        ("a { b", "a { that begins no placeholder"),
        ("`}`", "a } that ends no placeholder"),
        ("a:\n- b", "a list that begins inside a paragraph"),
    ],
)
def test_mistakes_are_named(text: str, problem: str) -> None:
    (found,) = parse(text).problems
    assert found[0] == problem
    assert found[1]


def test_a_line_has_no_paragraph() -> None:
    assert line_html("Run `pip`") == "Run <code>pip</code>"


def test_a_command_holds_placeholders_and_nothing_else() -> None:
    command = 'echo "{requirement}" > `x` && **y** {{z}} <b>'
    html = template_html(command)
    assert html.startswith(
        'echo &#34;<span class="placeholder" data-placeholder="requirement"'
        ' data-type="requirement">&lt;PACKAGE&gt;</span>&#34;'
        " &gt; `x` &amp;&amp; **y** {z} &lt;b"
    )
    assert template_text(command) == 'echo "<PACKAGE>" > `x` && **y** {z} <b>'
    assert template_text(command, fill=str.upper).startswith('echo "REQUIREMENT"')
    assert parse_template("a {b").problems


def test_plain_text() -> None:
    text = "See [the `docs`](https://e.org) or [SOME_ERROR].\n\n- **{old}**\n- two"
    assert to_text(text, types={"old": "version"}) == (
        "See the docs (https://e.org) or SOME_ERROR.\n\n- <OLD>\n- two"
    )
    assert to_text(text, resolve=resolve, fill=str.upper).endswith(
        "the SOME_ERROR.\n\n- OLD\n- two"
    )


def test_markdown_shows_the_same() -> None:
    text = "`{package}` **a_b** <b> [x](https://e.org) [SOME_ERROR] # *\n\n1. x\n\n- - y"
    assert to_markdown(text, resolve=resolve) == (
        "`<PACKAGE>` **a\\_b** \\<b\\> [x](https://e.org)"
        " [the SOME\\_ERROR](https://example.org/entry/SOME_ERROR/) \\# \\*\n\n1\\. x\n\n- \\- y"
    )


class Tags(HTMLParser):
    """Collects the tags and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name == "href"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"`*[](){}<>\"'&-\n ax", "**", "https://", "[A_B]", "<b>"])))
def test_nothing_but_the_subset_becomes_markup(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = Tags(to_html(text, resolve=resolve) + template_html(text))
    assert found.tags <= {"p", "ul", "li", "code", "strong", "a", "span"}
    assert found.attributes <= {"href", "class", "data-placeholder", "data-type"}
    assert all(address and address.startswith("https://") for address in found.addresses)
    assert isinstance(to_text(text), str)
    assert isinstance(to_markdown(text), str)
