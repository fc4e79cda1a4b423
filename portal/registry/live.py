"""What an app shows on open pages: topics, how their events look, and commands that come over the same socket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.registry.register import Text

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class LiveTopic:
    """A family of live topics, `name` being the part before the first colon; `key` is what follows it.

    `may_subscribe(person, key)` is asked at subscribe, and again whenever the person's rights changed before anything
    more is delivered. Anybody may send any key: it answers False for what is none.

    `audience(person, key)` sorts readers into the few classes that are shown different things, such as "member" and
    "facilitator"; it is asked only of those who may subscribe.

    `present(key, person_ids, language, audience)` makes the HTML that shows who has the topic open now. Where it is
    given, readers are told so and may be seen typing; of those who hide their presence neither is ever said.

    `told_of(key, person_ids, audience)` gives those of the people of whom an audience may be told at all; the others
    are neither shown, nor counted, nor seen typing. It is asked in a thread.
    """

    name: str
    may_subscribe: Callable[["User", str], bool]
    audience: Callable[["User", str], str] = lambda _person, _key: ""
    present: Callable[[str, Sequence[int], str, str], str] | None = None
    told_of: Callable[[str, Sequence[int], str], Sequence[int]] = lambda _key, person_ids, _audience: person_ids
    label: Text = ""


@dataclass(frozen=True, kw_only=True)
class LiveFragment:
    """How the events of one kind, `name`, look on a page.

    `render(topic_key, payload, language, audience)` gives the name and the HTML of each part; {} where the thing is
    gone. It is called in a thread, with the language active, once for each language and audience among the readers
    and never for one of them, so nothing in it may be personal. It reads the thing as it is now: the same event may
    be rendered again much later, for who was away.
    """

    name: str
    render: Callable[[str, Mapping[str, Any], str, str], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class LiveCommand:
    """What a page may ask for without a form, over the socket or, where that is blocked, by a request.

    `act(person, data)` checks the policy, calls the slice's services and returns what JSON can say. It runs in a
    thread, inside one transaction with its key: sent twice it is done once. `data` comes from outside and may hold
    anything that JSON can say. It may raise `Refused` and `ValidationError`, whose sentence the person is told, and
    `LookupError`, `ObjectDoesNotExist` or `Http404` for what is not there for this person.
    """

    name: str
    act: Callable[["User", Mapping[str, Any]], Mapping[str, Any]]
    label: Text = ""
