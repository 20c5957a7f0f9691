"""The offline tool: the search and the pages in a terminal, for where pip itself is broken.

`python scripts/explain.py` and ``explain.pyz`` run the same code, :mod:`kb.explain.cli`. All of
it runs on any Python from 3.8 with the standard library alone, and imports nothing of ours but
:mod:`kb.match`; :mod:`kb.offline` zips it together with its data.
"""
