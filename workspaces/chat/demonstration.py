"""What is said in the groups of the demonstration: invented, and the same each time.

Written by the services, as in life, then set to the days and hours at which it is to have been said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.ui.zones import zone_named
from workspaces.chat import services
from workspaces.chat.models import Decision, Message, Position, ReadMark, Room, Topic
from workspaces.chat.selectors.rooms import room_of
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import forget_places

GROUP: Final = "Safety of journalists"
ZONE: Final = zone_named("Europe/Paris")

NADIA, RAVI, JEANNE = "nadia.osei@spu", "ravi.menon@mrc", "jeanne.mbarga@drn"
LUCIA, KARIM, MEI = "lucia.ferrer@muestra", "karim.saleh@spu", "mei.tan@sdl"
OLU, INES, TOMAS = "olu.adeyemi@spu", "ines.duarte@spu", "tomas.rey@spu"


@dataclass(frozen=True)
class Said:
    """One message: by whom, so many days ago, at which hour; `decide` proposes it, with who else agrees."""

    by: str
    days: int
    at: str
    body: str
    language: str = "en"
    signs: Sequence[tuple[str, str]] = ()
    decide: Sequence[str] | None = None


@dataclass(frozen=True)
class Talk:
    """A topic and what is said in it. `read` says for whom all but the last so many messages are old."""

    title: str
    said: Sequence[Said]
    language: str = "en"
    closed: bool = False
    unread: int = 0
    more: Sequence[str] = field(default_factory=tuple)


TALKS: Final = (
    Talk("Protective equipment pool", (
        Said(KARIM, 21, "10:12",
             "We have **six vests and four helmets** in the store, checked in March. Who lends what?"),
        Said(RAVI, 21, "11:40", "Two vests here. They can travel, with a letter for customs.", signs=((KARIM, "👍"),)),
        Said(KARIM, 6, "14:05", "List updated. Please say when something leaves the store."),
    )),
    Talk("Agenda 22 June call", (
        Said(OLU, 5, "09:20",
             "Proposed so far:\n\n1. Referral form\n2. Rota for the duty line\n3. Insurance\n\nAnything else?"),
        Said(MEI, 5, "09:55", "Ten minutes for the equipment pool?"),
        Said(OLU, 4, "12:30", "Added. The call is at 14:00 UTC."),
    )),
    Talk("Insurance for freelancers: quotes compared", (
        Said(MEI, 9, "08:10",
             "Three quotes are in. The cheapest covers *no* equipment: https://insurance.example.org/compare"),
        Said(INES, 8, "16:44", "Does any of them cover work across a border without a press card?"),
        Said(MEI, 3, "07:58", "Only the second one, for 40 days a year."),
    )),
    Talk("Protocolo para traslados urgentes", (
        Said(LUCIA, 12, "18:02",
             "Comparto el protocolo que usamos para traslados en menos de 48 horas. ¿Qué falta?", "es"),
        Said(TOMAS, 11, "10:15", "Falta quién avisa a la familia, y con qué palabras.", "es", signs=((LUCIA, "🙏"),)),
        Said(LUCIA, 1, "19:21", "Añadido en el punto 4.", "es"),
    ), language="es"),
    Talk("Rota for the duty line, summer", (
        Said(INES, 7, "09:00", "July is open: who takes which week?"),
        Said(OLU, 7, "09:31", "First week, for Sample Press Union."),
        *(Said(by, 0, at, body) for by, at, body in (
            (JEANNE, "08:02", "La deuxième, si quelqu’un peut prendre les nuits."),
            (RAVI, "08:20", "Nights of the second week: we can."),
            (MEI, "08:41", "Third week."),
            (LUCIA, "09:03", "Fourth, but not the 28th."),
            (KARIM, "09:30", "I take the 28th."),
            (RAVI, "10:12", "Then only the handover notes are missing."),
            (JEANNE, "10:40", "Je m’en occupe."),
            (INES, "11:05", "Thank you all. The table is in the files."),
        )),
    ), unread=8),
    Talk("Referral form: which fields are safe to store?", (
        Said(RAVI, 10, "10:00",
             "The new form asks for **name, phone, address, date of birth**. Which of these do we need, and "
             "for how long?"),
        Said(LUCIA, 10, "11:15", "Address: we have never used it."),
        Said(NADIA, 9, "09:42",
             "Each field that is stored can be taken. I would keep what a case needs today, no more."),
        Said(JEANNE, 0, "12:31",
             "Chez nous, le numéro de téléphone est la donnée la plus dangereuse. On ne garde que "
             "l’identifiant du messager.", "fr"),
        Said(RAVI, 0, "12:36",
             "Then phone number becomes optional and is deleted when the case closes. City instead of "
             "address. Does anyone need date of birth?", signs=((JEANNE, "👍"), (LUCIA, "👍"))),
        Said(LUCIA, 0, "12:44", "Only for visa letters. We ask for it at that moment and never before."),
        Said(RAVI, 0, "12:48",
             "Phone optional and deleted at closure. City, not address. Date of birth only with a visa "
             "request.", decide=(JEANNE, LUCIA, MEI)),
        Said(MEI, 0, "12:51", "Agreed for us. @Nadia Osei, could you put the new wording into the draft form?"),
    ), unread=3),
    Talk("Contact list of the duty line, 2025", (
        Said(OLU, 200, "10:00", "The old list is out of date. I close this; the new one is in the files."),
    ), closed=True),
    Talk("Training in Tunis: what we learned", (
        Said(INES, 150, "15:30", "Three things: shorter days, more practice, nobody films."),
        Said(KARIM, 149, "09:12", "And the phones stay outside the room."),
    ), closed=True),
)  # fmt: skip
"""From the oldest to the latest: the last one is what the page opens with."""


def conversations_in_groups() -> None:
    """Fill the room of the group that everybody knows from the pictures, and a conversation."""
    workspace = Workspace.objects.filter(name_en=GROUP, state=Workspace.State.ACTIVE).first()
    people = {
        one.email.removesuffix(".example.org"): one for one in User.objects.filter(email__endswith=".example.org")
    }
    if workspace is not None:
        room = room_of(workspace)
        for talk in TALKS:
            _talk(room, talk, people)
        Notification.objects.filter(kind__startswith="chat.").delete()
    _conversation(people)


def _talk(room: Room, talk: Talk, people: dict[str, User]) -> None:
    topic: Topic | None = None
    for said in talk.said:
        author = people.get(said.by)
        if author is None or room.workspace is None or groups.place(author, room.workspace) is None:
            continue
        message = _say(author, room, topic, talk, said)
        topic = message.topic
        for name, sign in said.signs:
            if name in people:
                services.message_react(people[name], message=message, sign=sign)
        if said.decide is not None:
            _propose(author, message, [people[name] for name in said.decide if name in people])
    if topic is None:
        return
    topic.room = room
    _set_hours(topic, talk)
    if talk.closed:
        services.topic_close(topic.opened_by, topic=topic)


def _say(author: User, room: Room, topic: Topic | None, talk: Talk, said: Said) -> Message:
    assert room.workspace is not None
    forget_places(author)
    organisations, _myself = groups.speaks_for(author, room.workspace)
    speaking = organisations[0] if organisations else None
    if topic is not None:
        return services.message_send(author, topic=topic, body=said.body, acting_for=speaking, language=said.language)
    opened = services.topic_open(
        author, room=room, title=talk.title, body=said.body, acting_for=speaking, language=said.language
    )
    Topic.objects.filter(pk=opened.pk).update(language=talk.language)
    message = opened.messages.get()
    message.topic, message.room = opened, opened.room
    return message


def _propose(author: User, message: Message, agreeing: Sequence[User]) -> None:
    decision = services.decision_propose(author, message=message, until=timezone.now() + timedelta(days=7))
    decision.message = message
    for person in agreeing:
        assert message.room.workspace is not None
        organisations, _myself = groups.speaks_for(person, message.room.workspace)
        if organisations:
            services.position_take(
                person, decision=decision, organisation=organisations[0], stance=Position.Stance.AGREES
            )


def _set_hours(topic: Topic, talk: Talk) -> None:
    """As if each had been said when the list says, and the last ones were not read yet by those who did not write."""
    messages = list(topic.messages.order_by("number"))
    moments = _moments(talk)[: len(messages)]
    for message, moment in zip(messages, moments, strict=True):
        Message.objects.filter(pk=message.pk).update(at=moment)
        Decision.objects.filter(message=message).update(proposed_at=moment)
        Position.objects.filter(decision__message=message).update(at=moment + timedelta(minutes=2))
    Topic.objects.filter(pk=topic.pk).update(opened_at=moments[0], last_at=moments[-1])
    old = messages[: len(messages) - talk.unread] if talk.unread else messages
    place = topic.room.workspace.participations if topic.room.workspace is not None else None
    if place is None or not old:
        return
    ReadMark.objects.filter(topic=topic).delete()
    ReadMark.objects.bulk_create(
        ReadMark(
            person_id=person_id, topic=topic, number=old[-1].number, at=moments[len(old) - 1] + timedelta(minutes=4)
        )
        for person_id in place.filter(until__isnull=True).order_by("pk").values_list("person_id", flat=True)
    )


def _moments(talk: Talk) -> list[datetime]:
    """So many days before today at that hour; where the day has not come so far, all of today is yesterday."""
    now = timezone.localtime(timezone.now(), ZONE)
    found = []
    for said in talk.said:
        hour, minute = (int(part) for part in said.at.split(":"))
        day = now - timedelta(days=said.days)
        found.append(day.replace(hour=hour, minute=minute, second=0, microsecond=0))
    if found[-1] > now:
        found = [moment - timedelta(days=1) if moment.date() == now.date() else moment for moment in found]
    return found


def _conversation(people: dict[str, User]) -> None:
    nadia, ravi = people.get(NADIA), people.get(RAVI)
    if nadia is None or ravi is None:
        return
    room = services.conversation_open(ravi, people=[nadia])
    topic = room.topics.get()
    for author, body in (
        (ravi, "Could we speak before the call on the 22nd? Ten minutes are enough."),
        (nadia, "Tomorrow at nine, your time?"),
        (ravi, "Good. I call you."),
    ):
        services.message_send(author, topic=topic, body=body)
