"""The pages of a room, without scripts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.notifications.selectors import scope_level_of
from tests.factories import people as factory
from tests.factories.rooms import cast
from workspaces.chat import services
from workspaces.chat.models import Decision, Message, ReadMark


@pytest.fixture
def group(db):
    return cast()


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def address(group, rest=""):
    return f"/groups/{group.workspace.slug}/chat/{rest}"


def test_a_room_without_topics_says_how_one_begins(group):
    page = browser(group.bob).get(address(group))

    assert page.status_code == 200
    assert "No topics yet" in page.text
    assert address(group, "new/") in page.text


def test_a_topic_is_opened_and_answered_by_forms(group):
    ann, bob = browser(group.ann), browser(group.bob)
    opened = ann.post(
        address(group, "new/"), {"title": "Referral form", "body": "Which **fields**?", "acting_for": group.alpha.pk}
    )
    assert opened.headers["Location"] == address(group, "1/")

    sent = bob.post(address(group, "1/send/"), {"body": "None at all.", "acting_for": group.beta.pk, "language": "en"})

    assert sent.headers["Location"] == address(group, "1/#m2")
    page = ann.get(address(group, "1/"))
    assert "Which <strong>fields</strong>?" in page.text
    assert "None at all." in page.text
    assert "Beta Media Watch" in page.text


def test_each_topic_has_a_level_of_its_own(group):
    """Without one it is that of the group; whoever only visits is told of nothing and asked nothing."""
    topic = group.topic()
    bob, place = browser(group.bob), f"level-{topic.scope}"
    assert f'data-popover="{place}"' in bob.get(address(group, "1/")).text

    bob.post(reverse("notifications:level", args=[group.workspace.scope]), {"level": "nothing"})
    quiet = bob.get(address(group, "1/")).text
    bob.post(reverse("notifications:level", args=[topic.scope]), {"level": "mentions", "next": address(group, "1/")})
    called = bob.get(address(group, "1/")).text

    assert '<span class="visually-hidden">Nothing</span></a>' in quiet
    assert "</span> Mentions</a>" in called
    assert scope_level_of(group.bob, topic.scope) == "mentions"
    group.workspace.visibility = "open"
    group.workspace.save()
    assert place not in browser(group.outsider).get(address(group, "1/")).text


def test_what_was_not_sent_keeps_its_text(group):
    group.topic()

    answer = browser(group.bob).post(address(group, "1/send/"), {"body": "x" * 10_500, "acting_for": group.beta.pk})

    assert answer.status_code == 422
    assert "x" * 10_500 in answer.text
    assert "A message has at most" in answer.text


def test_new_messages_stand_below_a_rule_until_they_were_seen(group):
    topic = group.topic()
    bob = browser(group.bob)
    bob.get(address(group, "1/"))
    for number in range(3):
        group.say(topic, f"News {number}", by=group.ann)

    page = bob.get(address(group, "1/"))
    again = bob.get(address(group, "1/"))

    assert "3 new since" in page.text
    assert page.text.index("3 new since") < page.text.index("News 0")
    assert 'id="new"' not in again.text
    assert ReadMark.objects.get(person=group.bob).number == 4


def test_what_is_far_above_can_be_jumped_to(group):
    topic = group.topic()
    bob = browser(group.bob)
    bob.get(address(group, "1/"))
    for number in range(70):
        group.say(topic, f"Line {number}.", by=group.ann)

    page = bob.get(address(group, "1/"))
    first = bob.get(address(group, "1/?unread=1"))
    older = bob.get(address(group, "1/?before=22"))

    assert "20 new messages stand further up." in page.text
    assert "Line 20." in page.text
    assert "Line 19." not in page.text
    assert first.text.index('id="new"') < first.text.index("Line 0.")
    assert "Line 19." in older.text
    assert "Line 21." not in older.text


@pytest.mark.parametrize("where", ["before=x", "before=0", "after=99999999999", "unread=-1", "around=5", "reply=77"])
def test_any_place_that_is_asked_for_gives_a_page(group, where):
    group.topic()

    assert browser(group.bob).get(address(group, f"1/?{where}")).status_code == 200


def test_a_permalink_leads_to_where_the_message_is_now(group):
    first, second = group.topic("One"), group.topic("Two")
    message = group.say(first, "Where am I?")
    services.message_move(group.keeper, message=message, topic=second)

    page = browser(group.bob).get(address(group, f"m/{message.number}/"))

    assert page.headers["Location"] == address(group, f"2/?around={message.number}#m{message.number}")


def test_pages_about_a_message(group):
    topic = group.topic()
    message = group.say(topic, "Look at this.")
    services.message_edit(group.bob, message=message, body="Look at that.")
    bob, keeper = browser(group.bob), browser(group.keeper)

    for name in ("actions", "edit", "delete", "history", "seen", "propose"):
        page = bob.get(address(group, f"m/{message.number}/{name}/"))
        assert page.status_code == 200, name
        assert "Look at" in page.text
    assert keeper.get(address(group, f"m/{message.number}/move/")).status_code == 200
    assert bob.get(address(group, f"m/{message.number}/move/")).status_code == 403
    assert browser(group.ann).get(address(group, f"m/{message.number}/edit/")).status_code == 403
    assert bob.get(address(group, "m/99/actions/")).status_code == 404


def test_other_pages_of_the_room(group):
    topic = group.topic()
    services.message_pin(group.keeper, message=topic.messages.get(), on=True)
    keeper = browser(group.keeper)

    for rest in ("decisions/", "pins/", "search/?q=fields", "settings/", "closed/", "1/edit/", "1/merge/"):
        assert keeper.get(address(group, rest)).status_code == 200, rest
    assert "<mark>fields</mark>" in keeper.get(address(group, "search/?q=field")).text
    assert "safe to store" in keeper.get(address(group, "pins/")).text


def test_a_decision_by_forms(group):
    group.topic()
    until = (timezone.now() + timedelta(days=3)).date().isoformat()
    ann, bob = browser(group.ann), browser(group.bob)

    ann.post(
        address(group, "1/send/"),
        {"body": "Phone is optional.", "acting_for": group.alpha.pk, "decide": "on", "until": until},
    )
    message = Message.objects.get(number=2)
    page = bob.get(address(group, "1/"))
    assert "Decision proposed" in page.text
    assert "1 organisation agrees" in page.text
    wrong = bob.post(address(group, "m/2/position/"), {"organisation": group.beta.pk, "stance": "objects"})
    assert "Say why your organisation objects" in wrong.text
    bob.post(address(group, "m/2/position/"), {"organisation": group.beta.pk, "stance": "objects", "reason": "No."})

    assert message.decision.positions.count() == 2
    Decision.objects.update(until=timezone.now(), proposed_at=timezone.now() - timedelta(days=9))
    assert "Not decided" in bob.get(address(group, "1/")).text


def test_names_are_offered_of_those_who_may_read(group):
    factory.person("Anna Elsewhere", of=group.more["gamma"])

    offered = browser(group.bob).get(address(group, "mentions/?q=an")).json()["offers"]
    everyone = browser(group.bob).get(address(group, "mentions/?q=")).json()["offers"]

    assert [one["name"] for one in offered] == ["Ann Alpha"]
    assert [one["name"] for one in everyone] == ["facilitators", "Ann Alpha", "Kim Keeper", "APU", "BMW"]
    assert browser(group.outsider).get(address(group, "mentions/?q=an")).status_code == 403
