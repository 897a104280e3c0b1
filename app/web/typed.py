"""Numbers that were typed, chosen, or stand in an address: texts, of which nothing is known."""


def number(typed: str, otherwise: int = 0) -> int:
    """One that a row may have, or how many of something; 0, which no row has, or `otherwise` when it is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else otherwise
