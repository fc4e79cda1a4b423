"""Texts for the benchmark: deterministic, of the shape and length of what members write.

Where the corpus on which other systems were measured is at hand (`--corpus`, or a `corpus.py` in the place named in
README.md), its words are used, so that a page of ours holds the same amount of text as the matching page of theirs.
Otherwise these: made from a list of words of our own with the same number of words to a sentence and of sentences to
a paragraph, and so of the same weight. The report says which.
"""

import importlib.util
import random
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

PLACE = Path(__file__).resolve().parents[2] / "shared" / "measure" / "corpus.py"
SEED = 20270104


def _listed(text: str) -> list[str]:
    return text.split()


WORDS = _listed(
    """advice appeal archive article assembly audience author ballot border broadcast bulletin bureau camera campaign
    case caucus censor chapter charter citizen clause column committee community complaint congress copy
    correspondent council court cover debate decree deadline defence delegate desk dispatch district document draft
    editor election embassy evidence expert fact festival freedom frontier fund hearing headline inquiry interview
    journal judge jury lawyer leaflet letter librarian licence listener market media member meeting mission monitor
    motion network notice observer office opinion order pamphlet paper parliament petition photograph poster press
    print prison procedure programme protest public publisher radio reader record reform region report reporter
    resolution review ruling school script section seminar signal source speaker speech station statute story street
    studio summary support survey theatre trial tribune union verdict village visit voice volunteer vote warning
    witness workshop writer yearbook"""
)
GIVEN = _listed("Ada Bashir Celia Dawit Esra Femi Gita Hugo Imani Jonas Kofi Lena Malik Nora Omar Paz Rana Simon Talia")
FAMILY = _listed("Abara Benitez Castel Dorman Ekwe Farouk Galan Haile Ivanic Jansky Kader Lorca Mensah Nazari Okoro")
CITIES = _listed("Northport Lakeside Oldbridge Westfield Hillcrest Riverton Ashford Brookdale Eastwick Millbrook")
FORMS = ("Association", "Network", "Initiative", "Foundation", "Society", "Centre")
LARGEST = 104 * 100  # organisations


@dataclass(frozen=True)
class Corpus:
    """Where names and paragraphs come from; the same number always gives the same text."""

    name: str
    module: ModuleType | None = None

    def organisation(self, number: int) -> tuple[str, str, str]:
        """Name, city and description."""
        if self.module is not None:
            found = self._organisations[number]
            return found["name"], found["city"], "\n\n".join(found["description"])
        dice = random.Random(f"{SEED}:organisation:{number}")
        city = dice.choice(CITIES)
        name = f"{dice.choice(WORDS).capitalize()} {dice.choice(WORDS)} {dice.choice(FORMS)} {city} {number}"
        return name, city, "\n\n".join(paragraph(dice) for _ in range(dice.randint(1, 3)))

    def person(self, number: int) -> str:
        """A name; not unique."""
        if self.module is not None:
            return str(self.module._user(number)["name"])
        dice = random.Random(f"{SEED}:person:{number}")
        return f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"

    @property
    def _organisations(self) -> list[dict[str, Any]]:
        known = self.__dict__.get("_made")
        if known is None:
            known = self.__dict__["_made"] = list(self.module.organisations(LARGEST))
        return known


def paragraph(dice: random.Random) -> str:
    """One to five sentences of six to eighteen words."""
    sentences = [
        " ".join(dice.choice(WORDS) for _ in range(dice.randint(6, 18))).capitalize() + "."
        for _ in range(dice.randint(1, 5))
    ]
    return " ".join(sentences)


def load(path: Path | None = None) -> Corpus:
    """The corpus at `path`, the one in its usual place, or our own."""
    place = path or PLACE
    if not place.is_file():
        if path is not None:
            raise SystemExit(f"There is no corpus in {path}.")
        return Corpus("own words")
    spec = importlib.util.spec_from_file_location("measured_corpus", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Corpus("the corpus on which other systems were measured", module)
