"""Certificates for an index that speaks https: private authorities, made once a run by OpenSSL."""

from __future__ import annotations

import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.lab.machine import NotAllowedError
from kb.recipe import Setup

if TYPE_CHECKING:
    from pathlib import Path

AUTHORITY = "company.pem"
CHAIN = "company-chain.pem"

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
_HERE = "DNS:localhost,IP:127.0.0.1"
_LEAF = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nsubjectAltName={names}\n"


@dataclass(frozen=True)
class Certificate:
    """What a server needs to speak https, and what its clients need to trust it.

    Attributes:
        server: a PEM file with the key and what the server sends.
        files: files for the project's folder, by name.
    """

    server: Path
    files: dict[str, bytes]


@dataclass
class Certificates:
    """Makes the certificates of a run, each when it is first asked for.

    Attributes:
        folder: an empty folder, for files of OpenSSL.
    """

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _made: dict[Setup, Certificate] = field(default_factory=dict, init=False)

    def get(self, setup: Setup) -> Certificate:
        """Return the certificate of a set-up.

        Args:
            setup: one whose index speaks https.

        Raises:
            NotAllowedError: OpenSSL is not installed.
            subprocess.SubprocessError: it fails.
        """
        with self._lock:
            if setup not in self._made:
                self._made[setup] = self._make(setup)
            return self._made[setup]

    def _make(self, setup: Setup) -> Certificate:
        if setup is Setup.HTTPS_INDEX:
            return Certificate(self._signed(setup, "index.example.org", _HERE, None), {})
        root = self._signed(setup, "Example Corp Root CA", "", None)
        files = {AUTHORITY: _public(root)}
        signer = root
        if setup is Setup.CHAIN_MISSING:
            signer = self._signed(setup, "Example Corp Issuing CA", "", root)
            files[CHAIN] = _public(root) + _public(signer)
        names = "DNS:www.example.org" if setup is Setup.OTHER_HOST_CERTIFICATE else _HERE
        days = -1 if setup is Setup.EXPIRED_CERTIFICATE else 30
        return Certificate(self._signed(setup, "index.example.org", names, signer, days), files)

    def _signed(
        self, setup: Setup, subject: str, names: str, signer: Path | None, days: int = 30
    ) -> Path:
        """Make a key and a certificate in one file.

        Args:
            setup: what it is for.
            subject: its common name.
            names: the hosts it is for; none for an authority.
            signer: file of the authority that signs it; None for one that signs itself.
            days: how long it is valid from now.
        """
        stem = self.folder / f"{setup}-{subject.replace(' ', '-')}"
        extensions, request, key = (stem.with_suffix(end) for end in (".ext", ".csr", ".key"))
        extensions.write_text(_LEAF.format(names=names) if names else _CA, encoding="ascii")
        _openssl("req", "-new", *_KEY, "-subj", f"/CN={subject}", "-keyout", key, "-out", request)
        sign = ("-CA", signer, "-CAkey", signer, "-CAcreateserial") if signer else ("-signkey", key)
        public = stem.with_suffix(".pem")
        more = ("-days", str(days), "-extfile", extensions, "-out", public)
        _openssl("x509", "-req", "-in", request, *sign, *more)
        public.write_bytes(public.read_bytes() + key.read_bytes())
        return public


def _public(path: Path) -> bytes:
    """Return the certificate of a file without its key."""
    end = b"-----END CERTIFICATE-----\n"
    return path.read_bytes().partition(end)[0] + end


def _openssl(*arguments: str | Path) -> None:
    program = shutil.which("openssl")
    if not program:
        raise NotAllowedError("openssl is not installed")
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60)
