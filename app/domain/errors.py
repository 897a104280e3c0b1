"""What can go wrong, in words for the person: each error carries one sentence that may be shown as it is."""


class Refusal(Exception):
    """A command that was understood and not carried out; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refusal):
    """The thing does not exist, or is none of this person's business: the answer is the same."""


class NotAllowed(Refusal):
    """The person may see the thing but not do this to it."""


class Invalid(Refusal):
    """What was typed cannot be taken as it is."""


class Conflict(Refusal):
    """Somebody else changed the same field first; both texts are here and neither is lost."""

    def __init__(self, sentence: str, *, field: str, mine: str, theirs: str, version: int) -> None:
        super().__init__(sentence)
        self.field, self.mine, self.theirs, self.version = field, mine, theirs, version


class Busy(Refusal):
    """The database did not answer in time; nothing was saved and trying again is right."""


class Full(Busy):
    """There is no room on the disk: nothing was saved, and trying again is right when somebody has made some."""
