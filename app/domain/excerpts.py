"""What a text in Markdown says, for a line about it: without the marks, and links by their names."""

import re

from app.domain import mentions

_PART = r"[^()<>\s]{0,2000}"
_LINKS = re.compile(
    r"(`[^`\n]+`)"
    rf"|!?\[([^\[\]\n]{{0,300}})\]\(<?({_PART}(?:\({_PART}\){_PART})?)>?(?: +\"[^\"\n]*\")?\)"
    r"|<((?:https?://|mailto:)[^<>\s]+)>"
)
"""Code, in which nothing is a link; links and pictures, by name and address; addresses in brackets."""
_MARKS = re.compile(
    r"(?m)^ {0,3}(?:>.*$|```.*$|#{1,6} +|[*+-] +(?:\[[ xX]\] +)?)"
    r"|`([^`\n]+)`|(https?://[^\s*<>()]+)|`"
    r"|(?<![^\W_])(?:\*{1,3}|~~)(?=\S)|(?<=\S)(?:\*{1,3}|~~)(?![^\W_])"
    r"|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)"
)
"""Lines that are quoted, what makes headings and lists, code and bare addresses, which stay; bold and slanted text."""


def gist(body: str) -> str:
    """What its author says, without quotes of others, unless there is nothing else."""
    said = _LINKS.sub(lambda found: found[1] or found[2] or found[3] or found[4] or "", mentions.plain(body))
    own = _MARKS.sub(lambda found: found[1] or found[2] or "", said)
    return own if own.strip() else said
