"""What a tab reports of having drawn something is believed as far as it can be true."""

import pytest

from app.domain.models import now
from app.web import frames
from app.web.delays import Delays
from app.web.painting import REMEMBERED, Painting


def test_the_way_to_the_tab_is_half_of_what_is_left_of_the_time():
    clock = [10.0]
    board = Painting(lambda: clock[0])
    board.sent(41, age=0.020)
    clock[0] += 0.100
    assert board.seconds(41, 0.040, since=9.0) == pytest.approx(0.020 + 0.030 + 0.040)


@pytest.mark.parametrize(("revision", "drawing"), [(40, 0.01), (41, 0.2), (41, -0.1)])
def test_what_cannot_be_is_not_counted(revision: int, drawing: float):
    clock = [10.0]
    board = Painting(lambda: clock[0])
    board.sent(41, age=0.020)
    clock[0] += 0.100
    assert board.seconds(revision, drawing, since=9.0) is None


def test_a_laptop_that_was_shut_meanwhile_is_not_counted():
    clock = [10.0]
    board = Painting(lambda: clock[0])
    board.sent(41, age=0.020)
    clock[0] += 3600.0
    assert board.seconds(41, 0.040, since=9.0) is None


def test_what_was_sent_before_a_tab_came_it_has_drawn_with_all_the_rest():
    clock = [10.0]
    board = Painting(lambda: clock[0])
    board.sent(41, age=0.020)
    clock[0] += 0.100
    assert board.seconds(41, 0.040, since=10.05) is None


def test_a_tab_may_have_drawn_it_before_its_sender_goes_on():
    delays = Delays()
    delays.read([now()])
    with delays.sending(41):
        assert delays.painting.seconds(41, 0.0, since=0.0) is not None


def test_old_revisions_are_forgotten():
    board = Painting(lambda: 10.0)
    for revision in range(REMEMBERED + 1):
        board.sent(revision, age=0.0)
    assert board.seconds(0, 0.0, 0.0) is None and board.seconds(REMEMBERED, 0.0, 0.0) == 0.0


def test_a_report_is_two_numbers_and_nothing_else():
    assert frames.judge('42/_event,["painted",41,12]') == "painted"
    assert frames.painted('42/_event,["painted",41,12]') == (41, 0.012)
    for said in ('"x",12', "41", "41,12,13", "-1,12", "41,-1", "41,1e9", '41,{"a":1}', "[41],12", f"{2**60},12"):
        assert frames.judge(f'42/_event,["painted",{said}]') == "close", said
