"""What ``python explain.pyz`` starts with: this file is its ``__main__.py``.

It is read by the oldest Pythons, so that they too are told what is wrong.
"""

import sys

if sys.version_info < (3, 8):  # noqa: UP036 - an older one may be all there is
    sys.stderr.write("explain: this needs Python 3.8 or newer\n")
    sys.exit(2)

try:
    import zlib  # noqa: F401 - the rest of the archive is compressed
except ImportError:
    sys.stderr.write("explain: this Python has no zlib, which pip needs too; take another one\n")
    sys.exit(2)

from kb.explain import cli, knowledge

sys.exit(cli.main(sys.argv[1:], knowledge.packed))
