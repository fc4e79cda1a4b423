"""A reader who catches up with a topic: what is passed on to others meanwhile is kept for after the replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from portal.live.fragments import Look
from portal.live.frames import Frame


@dataclass
class Coming:
    """`look` is None until the reader's rights were asked; what is passed on before that has to be read again."""

    look: Look | None = None
    kept: list[Frame] = field(default_factory=list)
    unseen: int = 0  # the latest event that was passed on and could not be kept

    def keep(self, number: int, shown: Mapping[Look, Iterable[Frame]]) -> None:
        """Events up to `number` were passed on to the others."""
        if self.look is not None and self.look in shown:
            self.kept.extend(shown[self.look])
        else:
            self.kept.clear()
            self.unseen = number

    def after(self, head: int) -> Iterator[Frame]:
        """What was kept beyond the replay, which went up to `head`."""
        return (frame for frame in self.kept if (frame.number or 0) > head)
