"""How long names take against the gazetteer, and in how much memory: 1,000 to 300,000 distinct ones."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator

import pytest

from models.gazetteer import Gazetteer, load_gazetteer
from models.identity.matcher import Matcher
from models.identity.model import load_model
from models.identity.organisations import load_typing
from models.paths import DATA

WAYS = ("s", " A/S", " ApS", ", Aarhus", " (tidl. X)", " i Danmark", "")
SIZES = (1_000, 10_000, 100_000, 300_000)
MOST_SECONDS, MOST_MEMORY = 600, 2 * 2**20  # for the whole; KiB


def perturbed(gazetteer: Gazetteer, count: int) -> Iterator[str]:
    """Names as texts may write them: another ending, a letter lost, swapped or doubled, words turned round."""
    chance = random.Random(2011)
    names = [name for body in gazetteer for name in body.names if len(name) > 5]
    seen = set[str]()
    while len(seen) < count:
        name = chance.choice(names) + chance.choice(WAYS)
        at = chance.randrange(len(name) - 1)
        change = chance.randrange(4)
        if change == 0:
            name = name[:at] + name[at + 1 :]
        elif change == 1:
            name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        elif change == 2:
            name = name[:at] + name[at] + name[at:]
        else:
            words = name.split()
            chance.shuffle(words)
            name = " ".join(words)
        if name not in seen:
            seen.add(name)
            yield name


@pytest.mark.soak
def test_many_names_are_matched_in_bounded_time_and_memory() -> None:
    gazetteer = load_gazetteer(DATA / "gazetteer")
    typing, decider = load_typing(DATA / "gazetteer", gazetteer), load_model().names
    names = list(perturbed(gazetteer, SIZES[-1]))
    for size in SIZES:
        started = time.monotonic()
        found = Matcher(gazetteer, typing, decider).match(names[:size])
        seconds = time.monotonic() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sure = sum(match.sure for match in found.values())
        print(
            f"{size} names: {seconds:.1f} s, {memory / 2**10:.0f} MiB, {sure} surely known, {len(found) - sure} to ask"
        )

    assert seconds < MOST_SECONDS
    assert memory < MOST_MEMORY
