"""What each row of a table would do to the network. Nothing is written here, and nothing is guessed.

A row whose folded name is an organisation's is about that organisation. A row that may be about another one under
another name, or about the same one as another row, is conflicting: the Secretariat decides, row by row.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final

from memberships.directory.imports.columns import REMARKS, SHOWN, Problem
from memberships.directory.imports.likeness import Likeness, contradicts, identity
from memberships.directory.imports.network import Network
from memberships.directory.models import ImportRow
from portal.search.folding import fold

Outcome = ImportRow.Outcome
Decision = ImportRow.Decision
LISTS: Final = frozenset({"languages", "subjects"})
FOUND_HERE: Final = frozenset({"same_name", "twice", "like", "like_row", "subject", "alliance", "new_without_region"})
"""Problems that come from comparing with the network, and so are found anew when it is compared again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row on its way through planning; what is stored as `ImportRow`."""

    number: int
    values: Mapping[str, Any]
    problems: Sequence[Mapping[str, Any]]
    decision: str = Decision.LEAVE_OUT
    organisation: int | None = None
    outcome: str = Outcome.WRONG
    changes: Mapping[str, Any] = field(default_factory=dict)

    def decided(self, decision: str, organisation: int | None) -> "Row":
        """The row with another decision; what it leads to is found by planning anew."""
        return replace(self, decision=decision, organisation=organisation)

    @property
    def settled(self) -> bool:
        """Whether a conflicting row was decided to be an organisation that is already as the row says."""
        return self.outcome == Outcome.CONFLICTING and self.decision == Decision.SAME and not self.changes

    @property
    def creates(self) -> bool:
        """Whether confirming makes a new organisation of it."""
        return self.outcome == Outcome.NEW or (
            self.outcome == Outcome.CONFLICTING and self.decision == Decision.ANOTHER
        )

    @property
    def updates(self) -> bool:
        """Whether confirming changes an organisation."""
        decided = self.outcome == Outcome.CONFLICTING and self.decision == Decision.SAME
        return bool(self.changes) and (self.outcome == Outcome.CHANGED or decided)


def plan(rows: Iterable[Row], network: Network) -> list[Row]:
    """Return the rows with their outcome against `network` as it is now.

    `rows` need values, problems of reading, and decisions; a decision that no longer answers the row's question is
    dropped. The same rows and the same network always give the same plan.
    """
    words = _Words(network)
    read = [words.translated(replace(row, problems=_of_reading(row))) for row in rows]
    sound = [row for row in read if all(problem["code"] in REMARKS for problem in row.problems)]
    planned = _Plan(sound, network).rows()
    return [planned.get(row.number) or _wrong(row) for row in read]


def _of_reading(row: Row) -> list[Mapping[str, Any]]:
    return [problem for problem in row.problems if problem["code"] not in FOUND_HERE]


def _wrong(row: Row, *problems: Problem) -> Row:
    """A row that is not written, whatever is decided about others."""
    said = [*row.problems, *(problem.as_json() for problem in problems)]
    return replace(row, outcome=Outcome.WRONG, decision="", organisation=None, changes={}, problems=said)


def fingerprint(rows: Iterable[Row]) -> str:
    """A digest of all that a plan shows: equal exactly if confirming either would do and leave out the same."""
    shown = [
        (row.number, row.outcome, row.decision, row.organisation, row.values, row.changes, row.problems) for row in rows
    ]
    text = json.dumps(shown, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()


def left_out(rows: Iterable[Row]) -> int:
    """How many rows say something that confirming would not write: the wrong ones, and the conflicting not decided."""
    return sum(
        row.outcome in (Outcome.WRONG, Outcome.CONFLICTING) and not (row.creates or row.updates or row.settled)
        for row in rows
    )


def differences(values: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return field → [before, after] for what `values` would change. What they leave out stays as it is.

    Lists are compared without regard to their order. A membership in an alliance is added and never ended: that is
    decided with a date, not by leaving a name out of a table.
    """
    changes: dict[str, list[Any]] = {}
    for name, after in values.items():
        before = facts[name]
        if name == "alliances":
            missing = [slug for slug in after if slug not in before]
            if missing:
                changes[name] = [before, [*before, *missing]]
        elif name in LISTS:
            if set(before) != set(after):
                changes[name] = [before, after]
        elif before != after:
            changes[name] = [before, after]
    return changes


def candidates(problems: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """The organisations that a conflicting row may be about: what is said of each (`name`, `changes`), by its id."""
    about = [problem["params"] for problem in problems]
    return {params["organisation"]: params for params in about if "organisation" in params}


class _Plan:
    """Compares rows without mistakes with the network and with each other."""

    def __init__(self, rows: Sequence[Row], network: Network) -> None:
        self._rows, self._network = rows, network
        self._identities = {row.number: identity(row.values) for row in rows}
        self._in_file = Likeness(self._identities)
        matches = {row.number: self._match(row) for row in rows}
        self._certain = {number: pk for number, pk in matches.items() if pk is not None}
        self._taken = set(self._certain.values())

    def rows(self) -> dict[int, Row]:
        """The rows with their outcome, by number."""
        planned = {row.number: self._row(row) for row in self._rows}
        # Two rows about one organisation would overwrite each other.
        claims = Counter(row.organisation for row in planned.values() if row.organisation is not None)
        for number, row in planned.items():
            if row.outcome == Outcome.CONFLICTING and row.organisation and claims[row.organisation] > 1:
                planned[number] = replace(row, decision=Decision.LEAVE_OUT, organisation=None, changes={})
        return planned

    def _twins(self, row: Row) -> list[int]:
        same = self._in_file.same_name(self._identities[row.number])
        return [number for number in same if number != row.number]

    def _match(self, row: Row) -> int | None:
        """The one organisation the row is certainly about: of its name, and not of another place, acronym and site."""
        own = self._identities[row.number]
        matches = self._network.likeness.same_name(own)
        if self._twins(row):
            return None
        unchanged = [pk for pk in matches if not differences(row.values, self._network.facts[pk])]
        if len(unchanged) == 1:
            return unchanged[0]
        certain = len(matches) == 1 and not contradicts(own, self._network.identities[matches[0]])
        return matches[0] if certain else None

    def _row(self, row: Row) -> Row:
        match = self._certain.get(row.number)
        if match is not None:
            changes = differences(row.values, self._network.facts[match])
            outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
            return replace(row, outcome=outcome, organisation=match, changes=changes, decision="")
        questions = self._questions(row)
        if "region" not in row.values:
            unregional = Problem("new_without_region", "region")
            if not questions:
                return _wrong(row, unregional)
            questions.append(unregional)
        if not questions:
            return replace(row, outcome=Outcome.NEW, organisation=None, changes={}, decision="")
        problems = [*row.problems, *(question.as_json() for question in questions)]
        return self._decided(replace(row, outcome=Outcome.CONFLICTING, problems=problems))

    def _questions(self, row: Row) -> list[Problem]:
        own = self._identities[row.number]
        questions = [Problem("twice", params={"row": twin}) for twin in self._twins(row)]
        matches = self._network.likeness.same_name(own)
        if matches:
            return questions + [self._about(row, "same_name", pk) for pk in matches]
        likes = self._network.likeness.like(own)
        questions += [self._about(row, "like", pk, why) for pk, why in likes.items()]
        return questions + [
            Problem("like_row", params={"row": number, "why": why})
            for number, why in self._in_file.like(own).items()
            if number not in self._certain
        ]

    def _about(self, row: Row, code: str, pk: int, why: str = "") -> Problem:
        """What is said of an organisation the row may be about; one that another row is about cannot be chosen."""
        facts = self._network.facts[pk]
        params: dict[str, Any] = {"name": facts["name"], "why": why}
        if pk not in self._taken:
            params |= {"organisation": pk, "changes": differences(row.values, facts)}
        return Problem(code, params=params)

    def _decided(self, row: Row) -> Row:
        """A conflicting row with what its decision leads to; a decision for what is not asked any more is dropped."""
        if row.decision == Decision.SAME and row.organisation in candidates(row.problems):
            return replace(row, changes=differences(row.values, self._network.facts[row.organisation]))
        another = row.decision == Decision.ANOTHER and "region" in row.values
        return replace(row, decision=Decision.ANOTHER if another else Decision.LEAVE_OUT, organisation=None, changes={})


class _Words:
    """Puts slugs in place of the names of subjects and alliances; a name that nobody knows is a problem."""

    SUGGESTIONS: Final = 50  # searching for the word that was meant takes a while

    def __init__(self, network: Network) -> None:
        self._vocabularies = (
            ("subjects", "subject", network.subjects),
            ("alliances", "alliance", network.alliances),
        )
        self._suggested: dict[str, str] = {}

    def translated(self, row: Row) -> Row:
        """The row in the network's words, or with a problem for each of the first words it does not have."""
        values, problems = dict(row.values), list(row.problems)
        for name, code, vocabulary in self._vocabularies:
            texts = values.get(name, [])
            unknown = [text for text in texts if fold(text) not in vocabulary]
            for text in unknown[:3]:
                params = {"text": text[:SHOWN], "perhaps": self._near(text, vocabulary)}
                problems.append(Problem(code, name, params).as_json())
            if texts and not unknown:
                values[name] = list(dict.fromkeys(vocabulary[fold(text)] for text in texts))
        return replace(row, values=values, problems=problems)

    def _near(self, text: str, vocabulary: Mapping[str, str]) -> str:
        if text not in self._suggested and len(self._suggested) < self.SUGGESTIONS:
            near = get_close_matches(fold(text), vocabulary, n=1, cutoff=0.8)
            self._suggested[text] = near[0] if near else ""
        return self._suggested.get(text, "")
