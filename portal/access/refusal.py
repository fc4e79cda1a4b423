"""How a right that is missing is told."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


class Refused(PermissionDenied):
    """The thing is visible, the act is not allowed; `sentence` says to a person why, in their language."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence
