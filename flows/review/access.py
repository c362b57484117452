"""Who may use the review: anyone at this machine, else those with the token or with a password of their own."""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import SamspilError
from models.reviewers import Reviewers

LONGEST_NAME = 60
SHORTEST_TOKEN, SHORTEST_PASSWORD = 16, 10
_HASHER = PasswordHasher()
_NOBODYS = _HASHER.hash(secrets.token_hex())  # compared with where there is no account, so that both take as long


class AccessError(SamspilError):
    """The review may not be opened so, or an account may not be made so."""


@dataclass(frozen=True, slots=True)
class Access:
    """What is asked of a visitor."""

    reviewers: Reviewers
    token: str = ""

    @property
    def open(self) -> bool:
        """Whether a name is enough."""
        return not self.token and not self.reviewers.names()

    def admits(self, name: str, secret: str) -> bool:
        """Whether this name may come in with this password or token."""
        if self.open:
            return True
        password = self.reviewers.password(name)
        if self.token and not password:
            return hmac.compare_digest(self.token.encode(), secret.encode())
        try:
            return _HASHER.verify(password or _NOBODYS, secret)
        except (VerificationError, InvalidHashError):
            return False


def check_address(host: str, access: Access) -> None:
    """Raises AccessError where the review would stand open to other machines, or where nobody could call it."""
    if ":" in host:  # the check of the host name that a browser sends knows no IPv6
        raise AccessError(f"{host}: gennemgangen har adresser som 127.0.0.1 eller navne, ikke IPv6")
    if access.token and len(access.token) < SHORTEST_TOKEN:
        raise AccessError(f"SAMSPIL_REVIEW_TOKEN er for kort: brug mindst {SHORTEST_TOKEN} tegn")
    if is_loopback(host) or not access.open:
        return
    raise AccessError(
        f"{host}: gennemgangen åbnes kun for andre maskiner med indstillingen SAMSPIL_REVIEW_TOKEN, eller når der er "
        "gennemgangere med adgangskode: samspil reviewers add NAVN"
    )


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def valid_name(name: str) -> bool:
    """A name that can stand beside decisions: letters, digits, spaces and few signs."""
    return 0 < len(name) <= LONGEST_NAME and all(letter.isalnum() or letter in " .-_'@" for letter in name)


def add_reviewer(reviewers: Reviewers, name: str, password: str) -> None:
    """Make an account. Raises AccessError for a name or password that will not do."""
    if not valid_name(name):
        raise AccessError(f"navnet skal være 1-{LONGEST_NAME} bogstaver, tal, mellemrum eller .-_'@")
    if len(password) < SHORTEST_PASSWORD:
        raise AccessError(f"adgangskoden er for kort: brug mindst {SHORTEST_PASSWORD} tegn")
    reviewers.add(name, _HASHER.hash(password))


def secret_key(home: Path) -> bytes:
    """The key that sessions are signed with, made once for a home and readable by its owner alone."""
    path = home / "review.key"
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    key = path.read_bytes()
    if len(key) < 32:
        raise AccessError(f"{path}: nøglen er beskadiget; slet filen, så laves en ny")
    return key
