"""A letter: a few paragraphs, perhaps a list or a link, as text and as simple HTML that say the same."""

import json
from dataclasses import asdict, dataclass
from html import escape
from string import Template
from typing import Any


@dataclass(frozen=True)
class Item:
    """One of several things in a letter: a line that leads there, and what else there is to say of it."""

    words: str
    link: str
    more: str = ""


@dataclass(frozen=True)
class Letter:
    """`action` is what the link is called; `unsubscribe` a link that ends letters such as this.

    Only `text` and `html` make it one.
    """

    to: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    action: str = ""
    link: str = ""
    closing: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    unsubscribe: str = ""

    @property
    def text(self) -> str:
        items = tuple(f"* {item.words}{f' ({item.more})' if item.more else ''}\n  {item.link}" for item in self.items)
        link = (f"{self.action}:\n{self.link}",) if self.link else ()
        ending = (f"No more e-mail of this kind:\n{self.unsubscribe}",) if self.unsubscribe else ()
        return "\n\n".join((self.greeting, *self.paragraphs, *items, *link, *self.closing, *ending)) + "\n"

    @property
    def html(self) -> str:
        body = [_PARAGRAPH.substitute(words=escape(words)) for words in (self.greeting, *self.paragraphs)]
        if self.items:
            body.append(_LIST.substitute(items="\n".join(_drawn(item) for item in self.items)))
        if self.link:
            body.append(_LINK.substitute(href=escape(self.link), action=escape(self.action)))
        body += [_SMALL.substitute(words=escape(words)) for words in self.closing]
        if self.unsubscribe:
            body.append(_SMALL.substitute(words=_ENDING.substitute(href=escape(self.unsubscribe))))
        return _PAGE.substitute(title=escape(self.subject), body="\n".join(body))

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, kept: str) -> "Letter":
        parts: dict[str, Any] = json.loads(kept)
        parts["items"] = tuple(Item(**item) for item in parts["items"])
        parts |= {name: tuple(parts[name]) for name in ("paragraphs", "closing")}
        return cls(**parts)


def _drawn(item: Item) -> str:
    more = f'<br><span style="font-size: 14px; opacity: 0.75">{escape(item.more)}</span>' if item.more else ""
    return _ITEM.substitute(href=escape(item.link), words=escape(item.words), more=more)


_PAGE = Template("""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>$title</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem">
$body
</body>
</html>
""")
_PARAGRAPH = Template("<p>$words</p>")
_SMALL = Template('<p style="font-size: 14px; opacity: 0.75">$words</p>')
_LIST = Template('<ul style="padding-left: 1.2rem">\n$items\n</ul>')
_ITEM = Template('<li style="margin: 0.5rem 0"><a href="$href">$words</a>$more</li>')
_ENDING = Template('<a href="$href">No more e-mail of this kind</a>')
_LINK = Template(
    '<p><a href="$href" style="display: inline-block; padding: 0.6rem 1.1rem; border-radius: 0.4rem; '
    'background: #4f46e5; color: #ffffff; text-decoration: none; font-weight: 600">$action</a></p>'
)
