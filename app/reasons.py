"""Why something failed, for sentences and for the log."""


def of(error: BaseException) -> str:
    """In a line: of a database's error what its driver said, of one that says nothing its name."""
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return said.splitlines()[0].rstrip(".")
