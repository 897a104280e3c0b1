"""Order within a lane as strings: a key between any two keys, compared byte by byte.

A rank is an integer part, whose first letter tells its length, and a fraction. Adding at either end only
counts the integer up or down, so ranks stay short; inserting between two neighbours lengthens the fraction.
The scheme is the one known as fractional indexing (Figma, 2017).
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
FIRST = "a0"


def between(before: str | None, after: str | None) -> str:
    """A rank above `before` and below `after`; None stands for the open end on that side."""
    if before is not None and after is not None and before >= after:
        raise ValueError(f"{before!r} is not below {after!r}")
    if before is None and after is None:
        return FIRST
    if before is None:
        assert after is not None
        return _below(after)
    if after is None:
        return _above(before)
    head, fraction = _split(before)
    after_head, after_fraction = _split(after)
    if head == after_head:
        return head + _middle(fraction, after_fraction)
    if (up := _count(head, +1)) is not None and up < after:
        return up
    return head + _middle(fraction, None)


def _below(after: str) -> str:
    head, fraction = _split(after)
    if fraction:
        return head
    if (down := _count(head, -1)) is None:
        raise OverflowError("There is no rank below the lowest one.")
    return down


def _above(before: str) -> str:
    head, fraction = _split(before)
    return _count(head, +1) or head + _middle(fraction, None)


def _split(rank: str) -> tuple[str, str]:
    """Integer part and fraction: `a` to `z` lead 1 to 26 digits upwards from zero, `Z` to `A` downwards."""
    end = 1 + _digits(rank[0])
    return rank[:end], rank[end:]


def _digits(letter: str) -> int:
    return ord(letter) - ord("a") + 1 if letter >= "a" else ord("Z") - ord(letter) + 1


def _count(head: str, step: int) -> str | None:
    """The next integer part up (+1) or down (-1); None past the largest or smallest."""
    digits = [DIGITS.index(digit) for digit in head[1:]]
    for place in reversed(range(len(digits))):
        digits[place] += step
        if 0 <= digits[place] < BASE:
            return head[0] + "".join(DIGITS[digit] for digit in digits)
        digits[place] %= BASE
    return _next_length(head[0], step)


def _next_length(letter: str, step: int) -> str | None:
    if letter == ("z" if step > 0 else "A"):
        return None
    if letter == ("Z" if step > 0 else "a"):
        return FIRST if step > 0 else "Z" + DIGITS[-1]
    letter = chr(ord(letter) + step)
    return letter + (DIGITS[0] if step > 0 else DIGITS[-1]) * _digits(letter)


def _middle(low: str, high: str | None) -> str:
    """The shortest fraction between `low` and `high` (None: 1), never ending in 0."""
    place = 0
    while True:
        bottom = DIGITS.index(low[place]) if place < len(low) else 0
        top = DIGITS.index(high[place]) if high is not None and place < len(high) else BASE
        if high is not None and place >= len(high):
            raise ValueError(f"{low!r} is not below {high!r}")
        if top - bottom > 1:
            return low[:place].ljust(place, DIGITS[0]) + DIGITS[(bottom + top) // 2]
        if top - bottom == 1:
            kept = low[:place].ljust(place, DIGITS[0]) + DIGITS[bottom]
            return kept + _middle(low[place + 1 :], None)
        place += 1
