"""What a browser calls itself, in words that people know it by."""

_BROWSERS = (  # Most pretend to be others as well: the first that is found counts.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "An unknown browser"


def in_words(user_agent: str) -> str:
    """`Firefox on Windows`; of something that no person knows, its own first word."""
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "")
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    if browser or system:
        return f"{browser or 'A browser'} on {system}" if system else browser
    printable = "".join(character for character in user_agent if character.isprintable())
    return printable.partition(" ")[0][:40] or UNKNOWN
