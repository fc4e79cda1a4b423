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
from memberships.directory.imports.likeness import Identity, Likeness, contradicts, identity
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
    read = [replace(row, problems=[p for p in row.problems if p["code"] not in FOUND_HERE]) for row in rows]
    read = [_in_the_networks_words(row, network) for row in read]
    sound = [row for row in read if all(problem["code"] in REMARKS for problem in row.problems)]
    identities = {row.number: identity(row.values) for row in sound}
    in_file = Likeness(identities)
    planned = {row.number: _plan_row(row, identities[row.number], network, in_file) for row in sound}
    _drop_double_claims(planned)
    return [planned.get(row.number) or _wrong(row) for row in read]


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


def _plan_row(row: Row, own: Identity, network: Network, in_file: Likeness[int]) -> Row:
    values = row.values
    twins = [number for number in in_file.same_name(own) if number != row.number]
    matches = network.likeness.same_name(own)
    questions = [_about_row("twice", twin) for twin in twins]
    if not twins and (match := _match(values, own, matches, network)) is not None:
        changes = differences(values, network.facts[match])
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        return replace(row, outcome=outcome, organisation=match, changes=changes, decision="")
    questions += [_about_organisation("same_name", pk, values, network) for pk in matches]
    if not matches:
        likes = network.likeness.like(own)
        questions += [_about_organisation("like", pk, values, network, why) for pk, why in likes.items()]
        questions += [
            _about_row("like_row", number, why)
            for number, why in in_file.like(own).items()
            if not network.likeness.same_name(in_file.identity(number))
        ]
    if not questions:
        return _check_new(replace(row, outcome=Outcome.NEW, organisation=None, changes={}, decision=""))
    if "region" not in values:
        questions.append(Problem("new_without_region", "region"))
    problems = [*row.problems, *(question.as_json() for question in questions)]
    return _decided(replace(row, outcome=Outcome.CONFLICTING, problems=problems), network)


def _match(values: Mapping[str, Any], own: Identity, matches: Sequence[int], network: Network) -> int | None:
    """The one organisation the row is certainly about: of the same name, and not of another place, acronym and site."""
    unchanged = [pk for pk in matches if not differences(values, network.facts[pk])]
    if len(unchanged) == 1:
        return unchanged[0]
    if len(matches) == 1 and not contradicts(own, network.identities[matches[0]]):
        return matches[0]
    return None


def _check_new(row: Row) -> Row:
    return row if "region" in row.values else _wrong(row, Problem("new_without_region", "region"))


def _decided(row: Row, network: Network) -> Row:
    """A conflicting row with what its decision leads to; a decision for what is not asked any more is dropped."""
    asked = candidates(row.problems)
    if row.decision == Decision.SAME and row.organisation in asked:
        return replace(row, changes=differences(row.values, network.facts[row.organisation]))
    kept = row.decision if row.decision == Decision.ANOTHER and "region" in row.values else Decision.LEAVE_OUT
    return replace(row, decision=kept, organisation=None, changes={})


def candidates(problems: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """The organisations that a conflicting row may be about: what is said of each (`name`, `changes`), by its id."""
    about = [problem["params"] for problem in problems]
    return {params["organisation"]: params for params in about if "organisation" in params}


def _drop_double_claims(planned: dict[int, Row]) -> None:
    """Two rows about one organisation would overwrite each other: a decision for what another row has is dropped."""
    claims = Counter(row.organisation for row in planned.values() if row.organisation is not None)
    for number, row in planned.items():
        if row.outcome == Outcome.CONFLICTING and row.organisation is not None and claims[row.organisation] > 1:
            planned[number] = replace(row, decision=Decision.LEAVE_OUT, organisation=None, changes={})


def _in_the_networks_words(row: Row, network: Network) -> Row:
    """The row with slugs in place of the names of subjects and alliances; a name that nobody knows is a problem."""
    values, problems = dict(row.values), list(row.problems)
    for name, code, vocabulary in (
        ("subjects", "subject", network.subjects),
        ("alliances", "alliance", network.alliances),
    ):
        texts = values.get(name, [])
        unknown = [text for text in texts if fold(text) not in vocabulary]
        for text in unknown[:3]:
            near = get_close_matches(fold(text), vocabulary, n=1, cutoff=0.8)
            params = {"text": text[:SHOWN], "perhaps": vocabulary[near[0]] if near else ""}
            problems.append(Problem(code, name, params).as_json())
        if texts and not unknown:
            values[name] = list(dict.fromkeys(vocabulary[fold(text)] for text in texts))
    return replace(row, values=values, problems=problems)


def _about_organisation(code: str, pk: int, values: Mapping[str, Any], network: Network, why: str = "") -> Problem:
    facts = network.facts[pk]
    params = {"organisation": pk, "name": facts["name"], "why": why, "changes": differences(values, facts)}
    return Problem(code, params=params)


def _about_row(code: str, number: int, why: str = "") -> Problem:
    return Problem(code, params={"row": number, "why": why})
