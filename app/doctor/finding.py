"""What a check raises: anything else that it raises is a finding, too, and ours to mend."""


class Unwell(Exception):
    """What is wrong, and what to do."""


class Noted(Exception):
    """Nothing is wrong, but one should know."""
