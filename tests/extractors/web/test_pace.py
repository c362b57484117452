from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from extractors.web.pace import MAX_DELAY, Pace

if TYPE_CHECKING:
    from tests.extractors.web.conftest import Makers


def test_the_first_request_goes_at_once_and_the_next_after_the_delay(make: Makers) -> None:
    pace = Pace(make.time.clock, make.time.sleep)
    for _ in range(3):
        pace.wait("a.dk", 1.5)
    assert make.time.slept == [1.5, 1.5]


def test_hosts_do_not_wait_for_each_other(make: Makers) -> None:
    pace = Pace(make.time.clock, make.time.sleep)
    for host in ("a.dk", "b.dk", "c.dk"):
        pace.wait(host, 1.0)
    assert make.time.slept == []


def test_time_that_passed_anyway_counts(make: Makers) -> None:
    pace = Pace(make.time.clock, make.time.sleep)
    pace.wait("a.dk", 2.0)
    make.time.now += 1.25
    pace.wait("a.dk", 2.0)
    assert make.time.slept == [0.75]


def test_of_two_delays_the_larger_holds(make: Makers) -> None:
    pace = Pace(make.time.clock, make.time.sleep)
    for delay in (1.0, 5.0, 1.0):
        pace.wait("a.dk", delay)
    assert make.time.slept == [5.0, 5.0]


def test_a_host_on_hold_is_left_alone_by_all(make: Makers) -> None:
    pace = Pace(make.time.clock, make.time.sleep)
    pace.wait("a.dk", 1.0)
    pace.hold("a.dk", 30.0)
    pace.hold("a.dk", 3.0)
    pace.wait("a.dk", 1.0)
    pace.wait("a.dk", 1.0)
    assert make.time.slept == [30.0, 1.0]


def test_a_delay_that_would_never_end_is_bounded(make: Makers) -> None:
    pace = Pace(make.time.clock, make.time.sleep)
    pace.wait("a.dk", 86_400.0)
    pace.wait("a.dk", 86_400.0)
    assert make.time.slept == [MAX_DELAY]


@given(st.lists(st.tuples(st.sampled_from(["a.dk", "b.dk"]), st.floats(0, 10), st.floats(0, 5)), max_size=40))
def test_no_two_requests_to_a_host_are_closer_than_the_delay(requests: list[tuple[str, float, float]]) -> None:
    now = [0.0]
    pace = Pace(lambda: now[0], lambda seconds: now.__setitem__(0, now[0] + seconds))
    last: dict[str, float] = {}
    for host, delay, idle in requests:
        now[0] += idle
        pace.wait(host, delay)
        assert host not in last or now[0] - last[host] >= delay - 1e-9
        last[host] = now[0]


def test_threads_share_one_queue() -> None:
    moments: list[float] = []
    pace = Pace(lambda: 0.0, moments.append)
    threads = [threading.Thread(target=pace.wait, args=("a.dk", 1.0)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moments) == [float(second) for second in range(1, 10)]
