"""The table of forms: what each form of the site offers, and something valid to send. Each slice adds its rows.

Kept beside the table of routes: that one says who may send, this one what.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pysequoia import Tsk

from memberships.directory.imports.services import import_preview
from memberships.directory.models import Import
from memberships.organisations.models import Alliance, Organisation, Subject
from portal.access import roles as world_roles
from portal.accounts.models import AccountRecovery, User
from portal.accounts.services import lockdown_code_make
from portal.accounts.tokens import token_hash
from portal.privacy.services import erasure_ask
from portal.search.services import reindex
from tests.architecture import in_groups, in_rooms
from tests.architecture.table import of_group, placed, proposed
from tests.architecture.world import (
    ADMINISTRATOR,
    ANONYMOUS,
    AT_RISK,
    DELEGATE,
    OTHER,
    SECRETARIAT,
    STAFF,
    SUPERUSER,
    World,
    organisation,
    person,
)
from tests.factories.documents import pdf
from workspaces.groups.models import FACILITATE

PASSWORD = "correct horse battery"
NEW_PASSWORD = "another horse, another battery"

Values = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Form:
    """A form as one person sees it.

    `offered`: the names of its fields, separated by spaces, "#" for a number and "*" for the name of a kind; the page
    offers exactly these. `data`: what that person fills in. `writes`: whether sending it changes anything in the
    database. `arguments`: of the address, where the row of the route has others. `page`: the address on which the
    form stands, where it is not its own; "" where no page of the world shows it. `given`: makes what must be there.
    """

    route: str
    actor: str = ADMINISTRATOR
    offered: str = ""
    data: Values = field(default=lambda world: {})
    writes: bool = True
    arguments: Values | None = None
    page: Callable[[World], str] | None = None
    given: Callable[[World], object] | None = None


def part(name: str) -> Values:
    return lambda world: {"slug": world.alpha.slug, "part": name}


def nowhere(world: World) -> str:
    return ""


def a_subject(world: World) -> Subject:
    return Subject.objects.get_or_create(slug="safety", name_en="Safety")[0]


def two_sessions(world: World) -> None:
    first = world.session
    del world.session  # so that asking once more makes another
    assert world.session != first


def picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (9, 9), "plum").save(drawn, "PNG")
    return SimpleUploadedFile("logo.png", drawn.getvalue(), "image/png")


def document() -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.pdf", pdf(), "application/pdf")


def table() -> SimpleUploadedFile:
    return SimpleUploadedFile("members.csv", b"name,region\nGamma Watch,africa\n", "text/csv")


@cache
def public_key() -> str:
    return str(Tsk.generate(user_id="Ada").extract_certificate())


def unkept(world: World) -> dict[str, Any]:
    """An organisation whose last administrator left."""
    found = Organisation.objects.filter(slug="left-alone").first() or organisation("Left Alone")
    return {"slug": found.slug}


def previewed(world: World) -> dict[str, Any]:
    """An import that would write one organisation."""
    upload = io.BytesIO(b"name,region\nGamma Watch,africa\n")
    known = Import.objects.filter(file_name="preview.csv").first()
    return {"pk": (known or import_preview(world.people[SECRETARIAT], file_name="preview.csv", file=upload)).pk}


def returning(world: World) -> str:
    """The token of somebody who asked to be erased."""
    leaving = User.objects.filter(email="rita.turns@example.org").first()
    if leaving is None:
        leaving = person("Rita Turns")
        return world.__dict__.setdefault("returning", erasure_ask(leaving)[1])
    return world.__dict__["returning"]


def preview_page(world: World) -> str:
    return reverse("directory:import", kwargs=previewed(world))


def recovery_open(world: World) -> AccountRecovery:
    """A recovery of the delegate's account, confirmed by two; the time to object is over, its links work."""
    now = timezone.now()
    values = {
        "reason": "Lost the phone",
        "started_by": world.people[SUPERUSER],
        "confirmed_by": world.people[SECRETARIAT],
        "confirmed_at": now - timedelta(hours=25),
        "opens_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=2),
        "link_hash": token_hash("let-me-in"),
        "cancel_hash": token_hash("stop-it"),
    }
    return AccountRecovery.objects.get_or_create(person=world.people[DELEGATE], defaults=values)[0]


def mailed(token: str) -> Values:
    """The link with that token, of a mail that leaves after a day: the rows of the routes know none that works."""

    def arguments(world: World) -> dict[str, Any]:
        recovery_open(world)
        return {"token": token}

    return arguments


def from_key(world: World) -> dict[str, Any]:
    person = world.people[STAFF]
    return {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}


def lockdown_code(world: World) -> str:
    """The code that the plain colleague saved."""
    return lockdown_code_make(world.people[STAFF])


def in_ten_days() -> str:
    return (timezone.now() + timedelta(days=10)).date().isoformat()


def participants(world: World) -> str:
    """The page of who takes part in the closed group."""
    return reverse("groups:participants", kwargs=of_group(world))


def second_facilitator(world: World) -> None:
    world_roles.grant(FACILITATE, world.people[OTHER], world.group)


def gamma_watch(world: World) -> None:
    reindex("organisation", [organisation("Gamma Watch").pk])


def in_days(days: int) -> str:
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def proposal(world: World) -> dict[str, Any]:
    return {
        "acting_for": str(world.alpha.pk),
        "name_en": "Digital safety",
        "purpose_en": "To learn from each other.",
        "review_on": in_days(300),
    }


TEXTS = "name_en name_fr name_es name_ar purpose_en purpose_fr purpose_es purpose_ar"
PROPOSAL = "acting_for languages first_language kind visibility members review_on ends_on organisations people " + TEXTS
FACTS = (
    "version name native_name native_language acronym country city languages more_languages subjects "
    "founded_year website"
)
MEETING = "title day starts length zone place link languages agenda language"
TASK = "title assignee due_on note language"
NEW = "name native_name native_language acronym region country website standing since"

FORMS: dict[str, Form] = {
    # the floor
    "a command": Form(
        "live:command", data=lambda world: {"name": "unheard.of", "data": "{}"}, writes=False, page=nowhere
    ),
    "read a notification": Form("notifications:read", page=lambda world: "/notifications/"),
    "read all notifications": Form("notifications:read-all", writes=False, page=nowhere),
    "mail of notifications": Form(
        "notifications:preferences",
        offered="pace hour weekday quiet_from quiet_until discreet any_mail mailed-*",
        data=lambda world: {
            "pace": "weekly",
            "hour": "6",
            "weekday": "4",
            "quiet_from": "22:00",
            "quiet_until": "07:00",
            "any_mail": "on",
            "mailed-affiliation.started": "on",
            "mailed-role.given": "",
        },
    ),
    "how much is told from a place": Form(
        "notifications:level", offered="level", data=lambda world: {"level": "mentions"}
    ),
    "key for mails": Form(
        "notifications:key", offered="public_key file", data=lambda world: {"public_key": public_key()}
    ),
    "remove the key for mails": Form("notifications:key-remove", writes=False, page=nowhere),
    "stop mails": Form("notifications:stop", ANONYMOUS),
    "take an address off the list": Form(
        "notifications:returned-forget", SECRETARIAT, page=lambda world: "/notifications/returned/"
    ),
    # accounts
    "preferences": Form(
        "accounts:preferences",
        offered="name language time_zone appearance low_bandwidth western_digits presence_visible",
        data=lambda world: {"name": "Ada Again", "presence_visible": "on"},
    ),
    "end other sessions": Form("accounts:sessions-end", page=lambda world: "/accounts/security/", given=two_sessions),
    "end a session": Form("accounts:session-end", page=lambda world: "/accounts/security/"),
    "lock an account by code": Form(
        "accounts:lock-down",
        ANONYMOUS,
        offered="email code",
        data=lambda world: {"email": world.people[STAFF].email, "code": lockdown_code(world)},
    ),
    "make a lock-down code": Form("accounts:lockdown-code"),
    "propose to unlock": Form("accounts:unlock", offered="why", data=lambda world: {"why": "Met them at the office."}),
    "withdraw a proposal to unlock": Form(
        "accounts:unlock-withdraw",
        given=proposed,
        page=lambda world: reverse("accounts:lockdown", kwargs=proposed(world)),
    ),
    "language": Form(
        "set_language",
        offered="language next",
        data=lambda world: {"language": "fr", "next": "/"},
        page=lambda world: "/",
    ),
    "accept an invitation": Form(
        "accounts:invitation",
        ANONYMOUS,
        offered="name password language",
        data=lambda world: {"name": "New Comer", "password": NEW_PASSWORD, "language": "en"},
    ),
    "sign in": Form(
        "account_login",
        ANONYMOUS,
        offered="login password",
        data=lambda world: {"login": world.people[STAFF].email, "password": PASSWORD},
    ),
    "sign out": Form("account_logout"),
    "ask for a reset": Form(
        "account_reset_password", ANONYMOUS, offered="email", data=lambda world: {"email": world.people[STAFF].email}
    ),
    "choose a new password": Form(
        "account_reset_password_from_key",
        ANONYMOUS,
        offered="password1 password2",
        data=lambda world: {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        arguments=from_key,
    ),
    "confirm it is me": Form(
        "account_reauthenticate", offered="password", data=lambda world: {"password": PASSWORD}, writes=False
    ),
    "change address": Form(
        "account_email",
        offered="email action_add",
        data=lambda world: {"email": "ada.new@example.org", "action_add": ""},
    ),
    "change password": Form(
        "account_change_password",
        offered="oldpassword password1 password2",
        data=lambda world: {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    ),
    "recover an account": Form(
        "accounts:recovery-start", SECRETARIAT, offered="reason", data=lambda world: {"reason": "Lost the phone"}
    ),
    "confirm a recovery": Form("accounts:recovery-confirm", SECRETARIAT),
    "stop a recovery": Form("accounts:recovery-cancel", SECRETARIAT, page=lambda world: reverse("accounts:recoveries")),
    "set factors anew": Form(
        "accounts:recover",
        ANONYMOUS,
        offered="password",
        data=lambda world: {"password": PASSWORD},
        arguments=mailed("let-me-in"),
    ),
    "stop a recovery by its link": Form("accounts:recovery-stop", ANONYMOUS, arguments=mailed("stop-it")),
    "activate codes": Form(
        "mfa_activate_totp", STAFF, offered="code", data=lambda world: {"code": "000000"}, writes=False
    ),
    "add a passkey": Form(
        "mfa_add_webauthn", offered="name passwordless credential", data=lambda world: {"name": "Key"}, writes=False
    ),
    # privacy
    "leave the portal": Form(
        "privacy:leave",
        offered="address even_so",
        data=lambda world: {"address": world.people[ADMINISTRATOR].email, "even_so": "on"},
    ),
    "take own data along": Form("privacy:export", page=lambda world: "/privacy/"),
    "erase a person": Form(
        "privacy:erase",
        SECRETARIAT,
        offered="address reason",
        data=lambda world: {"address": world.people[STAFF].email, "reason": "Asked by letter"},
    ),
    "open an account again": Form(
        "privacy:erasure-withdraw", SECRETARIAT, page=lambda world: "/privacy/erasures/", given=lambda world: world.wish
    ),
    "return": Form(
        "privacy:return",
        ANONYMOUS,
        arguments=lambda world: {"token": returning(world)},
    ),
    # organisations
    "facts": Form("organisations:edit-section", offered=FACTS, data=lambda world: {"city": "Goma"}, given=a_subject),
    "facts, by the Secretariat": Form(
        "organisations:edit-section",
        SECRETARIAT,
        offered=f"{FACTS} region joined_year",
        data=lambda world: {"city": "Goma"},
        given=a_subject,
    ),
    "about": Form(
        "organisations:edit-section",
        offered="version description_en description_fr description_es description_ar",
        data=lambda world: {"description_en": "We watch the press."},
        arguments=part("about"),
    ),
    "contacts": Form(
        "organisations:edit-section",
        offered="version add contact-TOTAL_FORMS contact-INITIAL_FORMS contact-MIN_NUM_FORMS contact-MAX_NUM_FORMS "
        "contact-#-kind contact-#-value contact-#-audience",
        data=lambda world: {"contact-0-value": "desk@alpha.example.org"},
        arguments=part("contacts"),
    ),
    "logo": Form(
        "organisations:edit-section", offered="logo", data=lambda world: {"logo": picture()}, arguments=part("logo")
    ),
    "visibility": Form(
        "organisations:edit-section",
        offered="version city_hidden country_hidden at_risk",
        data=lambda world: {"city_hidden": "on"},
        arguments=part("visibility"),
    ),
    "confirm the profile": Form("organisations:confirm", page=lambda world: f"/organisations/{world.alpha.slug}/"),
    "remove the logo": Form(
        "organisations:logo-remove",
        page=lambda world: f"/organisations/{world.alpha.slug}/edit/logo/",
        given=lambda world: world.logo,
    ),
    "new organisation": Form(
        "organisations:new",
        SECRETARIAT,
        offered=NEW,
        data=lambda world: {"name": "Gamma Watch", "region": "africa", "standing": "candidate"},
    ),
    "standing": Form(
        "organisations:standing",
        SECRETARIAT,
        offered="kind since reason",
        data=lambda world: {"kind": "suspended", "since": "2026-11-01", "reason": "Board decision 4"},
    ),
    "join an alliance": Form(
        "organisations:alliance-join",
        SECRETARIAT,
        offered="alliance since",
        data=lambda world: {"alliance": "other-alliance"},
        given=lambda world: Alliance.objects.create(slug="other-alliance", name_en="Other Alliance"),
        page=lambda world: f"/organisations/{world.alpha.slug}/standing/",
    ),
    "leave an alliance": Form(
        "organisations:alliance-leave",
        SECRETARIAT,
        page=lambda world: f"/organisations/{world.alpha.slug}/standing/",
    ),
    # people
    "lock a colleague's account": Form("people:lock-down", offered="why", data=lambda world: {"why": "A raid."}),
    "own profile": Form(
        "people:profile-edit",
        offered="name languages more_languages about phone email_audience phone_audience",
        data=lambda world: {"about": "I watch the press."},
    ),
    "acting for": Form("people:acting-for", data=lambda world: {"organisation": "myself"}, writes=False, page=nowhere),
    "invite a colleague": Form(
        "people:invite",
        offered="email name title roles language",
        data=lambda world: {"email": "someone@example.org", "name": "Some One"},
    ),
    "send an invitation again": Form(
        "people:invitation-resend", page=lambda world: f"/people/organisations/{world.alpha.slug}/"
    ),
    "withdraw an invitation": Form(
        "people:invitation-revoke", page=lambda world: f"/people/organisations/{world.alpha.slug}/"
    ),
    "hand over": Form(
        "people:handover", offered="person", data=lambda world: {"person": str(world.people[DELEGATE].pk)}
    ),
    "title and roles": Form(
        "people:affiliation-edit",
        offered="title roles",
        data=lambda world: {"title": "Director", "roles": ["delegate"]},
    ),
    "end an affiliation": Form("people:affiliation-end"),
    "recover an organisation": Form(
        "people:recover",
        SECRETARIAT,
        offered="act invite-email invite-name invite-language",
        data=lambda world: {"act": "invite", "invite-email": "someone@example.org", "invite-name": "Some One"},
        arguments=unkept,
    ),
    # the directory
    "upload a table": Form("directory:imports", SECRETARIAT, offered="file", data=lambda world: {"file": table()}),
    "confirm an import": Form(
        "directory:import-confirm",
        SECRETARIAT,
        offered="seen standing",
        page=preview_page,
        arguments=previewed,
    ),
    "decide on rows": Form("directory:import-decide", SECRETARIAT, writes=False, page=nowhere),
    "discard an import": Form(
        "directory:import-discard", SECRETARIAT, offered="seen standing", page=preview_page, arguments=previewed
    ),
    # the calendar of a group
    "plan a meeting": Form(
        "group_calendar:new",
        offered=MEETING,
        data=lambda world: {"title": "Monthly call", "day": in_ten_days(), "starts": "18:00"},
    ),
    "change a meeting": Form(
        "group_calendar:edit", offered=f"{MEETING} version", data=lambda world: {"title": "Weekly call"}
    ),
    "cancel a meeting": Form("group_calendar:cancel", offered="reason", data=lambda world: {"reason": "Too few."}),
    "write minutes": Form(
        "group_calendar:minutes", offered="minutes language version", data=lambda world: {"minutes": "We met."}
    ),
    # files of a group
    "add files": Form(
        "group_files:upload",
        offered="uploads folder description language",
        data=lambda world: {"uploads": document()},
    ),
    "add a version": Form(
        "group_files:version", offered="file note", data=lambda world: {"file": document(), "note": "Better"}
    ),
    "edit a file": Form(
        "group_files:edit", offered="name description language folder", data=lambda world: {"name": "Plan B"}
    ),
    "delete a file": Form("group_files:delete"),
    "make a folder": Form("group_files:folder-new", offered="name parent", data=lambda world: {"name": "Replies"}),
    "change a folder": Form("group_files:folder-edit", offered="name parent", data=lambda world: {"name": "Replies"}),
    "delete a folder": Form("group_files:folder-delete", page=in_groups.folder_page),
    "set the space of a group": Form(
        "group_files:space", SECRETARIAT, offered="megabytes", data=lambda world: {"megabytes": "5000"}
    ),
    # groups
    "propose a group": Form("groups:new", offered=PROPOSAL, data=proposal),
    "set up a group": Form(
        "groups:new",
        SECRETARIAT,
        offered=f"{PROPOSAL} alliance",
        data=lambda world: proposal(world) | {"acting_for": "secretariat"},
    ),
    "edit a group": Form(
        "groups:edit",
        offered=f"version languages first_language review_on ends_on {TEXTS}",
        data=lambda world: {"name_en": "Safety of all who report"},
    ),
    "who may come into a group": Form(
        "groups:visibility", offered="visibility", data=lambda world: {"visibility": "open"}
    ),
    "start a group": Form("groups:activate", SECRETARIAT, page=lambda world: world.proposed_group.get_absolute_url()),
    "do not take up a group": Form(
        "groups:decline", SECRETARIAT, offered="note", data=lambda world: {"note": "There is one already."}
    ),
    "take a proposal back": Form("groups:withdraw", page=lambda world: world.proposed_group.get_absolute_url()),
    "dissolve a group": Form("groups:dissolve", offered="note", data=lambda world: {"note": "The work is done."}),
    "reopen a group": Form("groups:reopen", SECRETARIAT, offered="note", data=lambda world: {"note": "It is needed."}),
    "join a group": Form("groups:join", offered="acting_for"),
    "ask to be let into a group": Form(
        "groups:join",
        DELEGATE,
        offered="acting_for words",
        data=lambda world: {"words": "I follow the cases."},
        arguments=of_group,
    ),
    "leave a group": Form("groups:leave", STAFF),
    "answer a request": Form(
        "groups:approach-answer",
        offered="answer reason",
        data=lambda world: {"answer": "accepted"},
        page=participants,
    ),
    "take a request back": Form("groups:approach-withdraw", AT_RISK, page=lambda world: world.group.get_absolute_url()),
    "remove from a group": Form("groups:remove", offered="reason", data=lambda world: {"reason": "Moved on."}),
    "make somebody facilitator": Form("groups:appoint", page=participants),
    "end a facilitator's role": Form(
        "groups:dismiss", arguments=placed(ADMINISTRATOR), given=second_facilitator, page=participants
    ),
    "move a guest's last day": Form("groups:prolong", offered="ends_on", data=lambda world: {"ends_on": in_days(200)}),
    "name colleagues for a group": Form(
        "groups:name", offered="people", data=lambda world: {"people": [str(world.people[DELEGATE].pk)]}
    ),
    "take an organisation out of a group": Form("groups:organisation-remove", offered="reason"),
    "invite an organisation to a group": Form(
        "groups:invite",
        offered="chosen q words",
        data=lambda world: {"chosen": str(Organisation.objects.get(slug="gamma-watch").pk)},
        given=gamma_watch,
        page=lambda world: f"{reverse('groups:invite', kwargs=of_group(world))}?q=gamma",
    ),
    "invite a person to a group": Form(
        "groups:invite-person",
        offered="chosen q words",
        data=lambda world: {"chosen": str(world.people[DELEGATE].pk)},
        given=lambda world: reindex("person", [world.people[DELEGATE].pk]),
        page=lambda world: f"{reverse('groups:invite-person', kwargs=of_group(world))}?q=dela",
    ),
    "invite a guest to a group": Form(
        "groups:invite-guest",
        offered="email name guest_from ends_on language",
        data=lambda world: {
            "email": "guest@example.org",
            "name": "Gwen Uest",
            "guest_from": "Press Institute",
            "ends_on": in_days(30),
        },
    ),
    "withdraw a guest's invitation": Form("groups:guest-withdraw", page=participants),
    "rules of groups": Form(
        "groups:rules",
        SECRETARIAT,
        offered="activate_at_once",
        data=lambda world: {"activate_at_once": "on"},
        page=lambda world: "/groups/overview/",
    ),
    # tasks of a group
    "make a task": Form("group_tasks:new", offered=TASK, data=lambda world: {"title": "Write the letter"}),
    "edit a task": Form("group_tasks:edit", offered=f"{TASK} version", data=lambda world: {"title": "Write it anew"}),
    "give a task": Form(
        "group_tasks:assign", offered="assignee", data=lambda world: {"assignee": "1"}, page=in_groups.task_page
    ),
    "do a task": Form("group_tasks:done", page=in_groups.task_page),
    "drop a task": Form("group_tasks:drop", page=in_groups.task_page),
    "open a task again": Form("group_tasks:reopen", page=in_groups.done_task_page),
    "make a task of a message": Form(
        "group_tasks:from-message",
        offered="text language source",
        data=lambda world: {"text": "Somebody should call.", "language": "en", "source": "chat/7/#message-12"},
        page=nowhere,
    ),
    # rooms of groups and conversations
    "open a topic": Form(
        "chat:topic-new",
        offered="title body acting_for language uploads decide until",
        data=lambda world: {"title": "Rota", "body": "Who takes July?"},
    ),
    "send a message": Form(
        "chat:send",
        STAFF,
        offered="body acting_for language uploads decide until reply_to",
        data=lambda world: {"body": "I do."},
        page=in_rooms.topic_page,
    ),
    "name a topic": Form(
        "chat:topic-edit", STAFF, offered="title language", data=lambda world: {"title": "Another name"}
    ),
    "close a topic": Form("chat:topic-close", STAFF, page=in_rooms.edit_topic_page),
    "reopen a topic": Form("chat:topic-reopen", STAFF, page=in_rooms.closed_topic_page),
    "pin a topic": Form("chat:topic-pin", offered="on", page=in_rooms.edit_topic_page),
    "merge a topic": Form(
        "chat:topic-merge",
        offered="topic",
        data=lambda world: {"topic": str(in_rooms.other_topic(world).number)},
        given=in_rooms.other_topic,
    ),
    "change a message": Form(
        "chat:edit", STAFF, offered="body language", data=lambda world: {"body": "Said otherwise."}
    ),
    "delete a message": Form("chat:delete", STAFF),
    "delete another's message": Form(
        "chat:delete", offered="reason", data=lambda world: {"reason": "It names a source."}
    ),
    "put a sign to a message": Form(
        "chat:react", offered="sign", data=lambda world: {"sign": "👍"}, page=in_rooms.actions_page
    ),
    "pin a message": Form("chat:pin", offered="on", page=in_rooms.actions_page),
    "move a message": Form(
        "chat:move",
        offered="topic following",
        data=lambda world: {"topic": str(in_rooms.other_topic(world).number)},
        given=in_rooms.other_topic,
    ),
    "propose a message": Form("chat:propose", STAFF, offered="until acting_for"),
    "give a position": Form(
        "chat:position",
        offered="organisation stance reason",
        data=lambda world: {"stance": "objects", "reason": "Not yet."},
    ),
    "let be seen what one reads": Form("chat:settings", offered="seen", data=lambda world: {"seen": "on"}),
    "let messages vanish": Form(
        "chat:retention",
        offered="days",
        data=lambda world: {"days": "30"},
        page=in_rooms.settings_page,
        given=in_rooms.open_topic,
    ),
    "begin a conversation": Form(
        "conversations:new", offered="people", data=lambda world: {"people": [str(world.people[DELEGATE].pk)]}
    ),
    "let be seen what one reads in conversations": Form(
        "conversations:settings", offered="seen", data=lambda world: {"seen": "on"}
    ),
    "write in a conversation": Form(
        "conversations:send",
        STAFF,
        offered="body language reply_to",
        data=lambda world: {"body": "Only for you."},
        page=in_rooms.conversation_page,
    ),
    "leave a conversation": Form("conversations:leave", STAFF),
    "change a message in a conversation": Form(
        "conversations:edit", STAFF, offered="body language", data=lambda world: {"body": "Said otherwise."}
    ),
    "delete a message in a conversation": Form("conversations:delete", STAFF),
    "put a sign to a message in a conversation": Form(
        "conversations:react",
        STAFF,
        offered="sign",
        data=lambda world: {"sign": "👍"},
        page=in_rooms.actions_page_in_conversation,
    ),
    "pin a message in a conversation": Form(
        "conversations:pin", STAFF, offered="on", page=in_rooms.actions_page_in_conversation
    ),
}
