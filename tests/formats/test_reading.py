"""Days and moments as people and programs write them."""

from datetime import date, datetime

import pytest

from app.domain.errors import Invalid
from app.formats import reading


@pytest.mark.parametrize(
    ("written", "order", "day"),
    [
        ("2027-3-31", "dmy", date(2027, 3, 31)),
        ("2027-03-31T23:30:00+02:00", "ymd", date(2027, 3, 31)),
        ("31.03.27", "dmy", date(2027, 3, 31)),
        ("3/31/2027 4:00 PM", "mdy", date(2027, 3, 31)),
        ("", "ymd", None),
    ],
)
def test_days_are_read_in_the_order_in_which_they_are_written(written: str, order: reading.Days, day: date | None):
    assert reading.day(written, order) == day


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2027-03-31", "2027-03-31T00:00Z"),
        ("2027-03-31T10:00:00+02:00", "2027-03-31T08:00Z"),
        ("2027-03-31 10:00 -0800", "2027-03-31T18:00Z"),
        ("2027-03-31 10:00 PM", "2027-03-31T22:00Z"),
        ("31.3.2027 12:05:07 a.m.", "2027-03-31T00:05:07Z"),
        ("31/3/2027, 9:30", "2027-03-31T09:30Z"),
    ],
)
def test_moments_are_read_with_their_time_and_zone(written: str, at: str):
    assert reading.moment(written, "dmy") == datetime.fromisoformat(at)


@pytest.mark.parametrize("written", ["2027-03-31 25:00", "2027-03-31 13:00 PM", "2027-03-31 10:00 CET"])
def test_a_time_that_cannot_be_understood_is_not_passed_over(written: str):
    with pytest.raises(Invalid, match="is no moment"):
        reading.moment(written, "ymd")
