"""What a drill found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """The figures of one drill, in the order in which they were found, and whether all that was promised held.

    `figures` maps a short English phrase to a number or a text. `passed` is False as soon as one promise was broken;
    `expect` writes the figure and the verdict in one step.
    """

    name: str
    figures: dict[str, object] = field(default_factory=dict)
    passed: bool = True
    skipped: str = ""  # why, where this machine lacks what the drill needs

    def expect(self, what: str, holds: bool, figure: object = "") -> bool:
        """Note whether `holds`, with its figure. Returns it."""
        shown = "yes" if figure == "" else figure
        self.figures[what] = shown if holds else f"FAILED ({figure})" if figure != "" else "FAILED"
        self.passed = self.passed and holds
        return holds

    def text(self) -> str:
        """The report for a terminal."""
        verdict = f"skipped: {self.skipped}" if self.skipped else "passed" if self.passed else "FAILED"
        width = max((len(what) for what in self.figures), default=0)
        return "\n".join(
            [f"{self.name}: {verdict}", *(f"  {what:<{width}}  {figure}" for what, figure in self.figures.items())]
        )
