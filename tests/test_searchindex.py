"""What the search of words finds: sections with their text, and nothing that is left out."""

from __future__ import annotations

from knowledge import SITE, hostile, loaded

from kb.outputs import site_files
from kb.searchindex import documents

PAGE = """---
title: "A &lt;b&gt;"
search: {"boost": 2}
---
<div class="head"><h1>A &lt;b&gt;</h1><nav data-search-exclude="true">crumbs</nav> said</div>

## <span>First</span> &#42; fix {#fix-a .first}

<div class="text">
<p>Use <code>pip&nbsp;x</code>, or &lt;i&gt;.</p><button class="copy">Copy</button>
<details data-search-exclude="true"><summary>no</summary></details>
<pre>
## no heading in here</pre>
</div>

### Related {#related}

<div data-search-exclude="true">nothing</div>
"""


def test_each_section_is_a_document() -> None:
    page = PAGE.replace("\n## no", "\n&#35;# no")
    assert documents({"pip/A/index.md": page, "b.json": "{}", "c.bin": b""}) == [
        {"location": "pip/A/", "title": "A &lt;b&gt;", "text": "A &lt;b&gt; said", "boost": 2},
        {
            "location": "pip/A/#fix-a",
            "title": "First * fix",
            "text": "Use pip x, or &lt;i&gt;. ## no heading in here",
            "boost": 2,
        },
        {"location": "pip/A/#related", "title": "Related", "text": "", "boost": 2},
    ]


def test_a_page_can_be_left_out() -> None:
    assert (
        documents({"index.md": '---\ntitle: "A"\nsearch: {"exclude": true}\n---\n<p>a</p>'}) == []
    )


def test_every_section_of_every_page_is_there_once_and_without_markup() -> None:
    document, marks = hostile()
    found = documents(site_files(loaded(document), SITE))
    locations = [one["location"] for one in found]
    assert len(locations) == len(set(locations))
    assert {"pip/WHOLE_PAGE/", "pip/WHOLE_PAGE/#fix-trust", "procedures/do-it/"} <= set(locations)
    assert not any(name.startswith("errors/") for name in locations)
    texts = [one["title"] + one["text"] for one in found]
    assert not [text for text in texts if "<" in text or "Edit this" in text or "Evidence" in text]
    assert sum(any(mark in text for text in texts) for mark in marks) > len(marks) / 2
