"""A worker hangs when it gives no sign of life though it could: not when it has no processor, or its parent slept."""

import os
from collections.abc import Callable

from app.watch import HUNG, Silences, waited_for_a_processor

WORKER = 17
NOW = 1_000_000.0


def ended_after(waited: Callable[[float], float], sign: Callable[[float], float], looks: int = 600) -> int | None:
    """After how many looks, one a second, a worker is taken for hung; `waited` and `sign` are by the seconds since."""
    seconds = 0.0
    silences = Silences(lambda pid: waited(seconds))
    for look in range(looks):
        seconds = float(look)
        if silences.hung({WORKER: NOW + sign(seconds)}, NOW + seconds):
            return look
    return None


def test_one_that_is_stopped_or_turns_in_a_circle_is_ended_after_its_silence():
    assert ended_after(waited=lambda seconds: 5.0, sign=lambda seconds: 0.0) == HUNG + 1


def test_one_that_gives_signs_is_left_alone():
    assert ended_after(waited=lambda seconds: 5.0, sign=lambda seconds: seconds - seconds % 20) is None


def test_one_that_hardly_gets_a_processor_is_given_the_time_that_it_lacked():
    looks = ended_after(waited=lambda seconds: 0.9 * seconds, sign=lambda seconds: 0.0)
    assert looks is not None and 9 * HUNG < looks < 11 * HUNG, "It hangs all the same."


def test_one_that_is_starting_is_left_alone():
    assert ended_after(waited=lambda seconds: 0.0, sign=lambda seconds: 1e9) is None


def test_what_happened_while_the_parent_slept_is_not_held_against_it():
    silences = Silences(lambda pid: 0.0)
    for now in (NOW, NOW + 1, NOW + 3600, NOW + 3601):
        assert silences.hung({WORKER: NOW}, now) == []


def test_how_long_this_process_waited_is_told_and_of_one_that_is_gone_nothing():
    before = waited_for_a_processor(os.getpid())
    assert 0 <= before <= waited_for_a_processor(os.getpid())
    assert waited_for_a_processor(2**22 + 1) == 0
