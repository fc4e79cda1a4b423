"""The table of routes. Each slice adds its rows here in the commit that adds the route."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from portal.accounts.services import unlock_propose
from portal.notifications.mails.links import stop_token
from tests.architecture import in_groups, in_rooms
from tests.architecture.world import (
    ADMINISTRATOR,
    ANONYMOUS,
    AT_RISK,
    DELEGATE,
    GUEST,
    NETWORK,
    OTHER,
    OWN,
    ROLES,
    SECRETARIAT,
    SIGNED_IN,
    STAFF,
    World,
)

EVERYONE = frozenset(ROLES)
SECRETARIAT_ONLY = frozenset({SECRETARIAT})
ADMINISTRATOR_ONLY = frozenset({ADMINISTRATOR})
OWN_OR_SECRETARIAT = OWN | SECRETARIAT_ONLY
KEEPERS = ADMINISTRATOR_ONLY | SECRETARIAT_ONLY  # who may change a profile


@dataclass(frozen=True)
class Row:
    """Who may GET and who may POST a route, and how the others are refused.

    `get`/`post` None: the verb is not taken (405). `refused`: 404 where the thing must not be known to exist, 403
    where it may; `outside` the same for people outside the network, for whom no organisation exists; for a thing that
    others know of than the network, `known_to` says who does. `posted`: what an allowed POST with `data` answers (a
    redirect, or the page again with errors).
    """

    get: frozenset[str] | None = SIGNED_IN
    post: frozenset[str] | None = None
    refused: int = 403
    outside: int | None = None
    known_to: frozenset[str] = NETWORK
    arguments: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    data: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    got: frozenset[int] = frozenset({200})
    posted: frozenset[int] = frozenset({200, 302, 303, 422})


def expected(row: Row, role: str, verb: str) -> frozenset[int]:
    """The statuses that are right for this role and verb; an anonymous reader is sent to sign in."""
    allowed = row.get if verb == "get" else row.post
    if role == ANONYMOUS and ANONYMOUS not in ((row.get or frozenset()) | (row.post or frozenset())):
        return frozenset({302})
    refused = row.refused if role in row.known_to or row.outside is None else row.outside
    if allowed is None:
        # Whether the verb is taken may be asked before or after whether the person may.
        return frozenset({405, refused}) if role not in (row.get or row.post or frozenset()) else frozenset({405})
    if role in allowed:
        return row.got if verb == "get" else row.posted
    return frozenset({refused})


def of_alpha(world: World) -> dict[str, Any]:
    return {"slug": world.alpha.slug}


def colleague(world: World) -> dict[str, Any]:
    return of_alpha(world) | {"pk": world.affiliation.pk}


def pending(world: World) -> dict[str, Any]:
    return of_alpha(world) | {"pk": world.invitation.affiliation.pk}


def run(world: World) -> dict[str, Any]:
    return {"pk": world.run.pk}


def locked(world: World) -> dict[str, Any]:
    return {"pk": world.lockdown.pk}


def proposed(world: World) -> dict[str, Any]:
    """A lock-down that one of the Secretariat proposed to undo."""
    if world.lockdown.proposed_by is None:
        unlock_propose(world.people[SECRETARIAT], lockdown=world.lockdown, why="Met them at the office.")
        world.lockdown.refresh_from_db()
    return locked(world)


def of_group(world: World) -> dict[str, Any]:
    return {"slug": world.group.slug}


def placed(role: str) -> Callable[[World], dict[str, Any]]:
    """The place of that person in the closed group."""
    return lambda world: (
        of_group(world)
        | {"number": world.group.participations.get(person=world.people[role], until__isnull=True).number}
    )


def asking(world: World) -> dict[str, Any]:
    """The request of the organisation at risk."""
    return of_group(world) | {"number": world.group.approaches.get().number}


def in_group(**fields: Any) -> Row:
    """A row about the closed group, of which the network and its guest know."""
    return Row(outside=404, **{"known_to": NETWORK | {GUEST}, "arguments": of_group, **fields})


def of_proposed(**fields: Any) -> Row:
    """A row about the proposed group, of which only those know who decide for alpha, and the Secretariat."""
    known = frozenset({ADMINISTRATOR, DELEGATE, SECRETARIAT})
    return Row(outside=404, known_to=known, arguments=lambda world: {"slug": world.proposed_group.slug}, **fields)


PARTICIPANTS = frozenset({ADMINISTRATOR, STAFF, OTHER, GUEST})
DECIDES = frozenset({ADMINISTRATOR, DELEGATE})  # for alpha
ASKS_ITSELF = frozenset({AT_RISK})

OWN_PAGE = Row(got=frozenset({200, 302}), post=SIGNED_IN)  # some ask for the password again first
# Whoever holds a role has an authenticator app, and no recovery codes.
FACTOR = Row(got=frozenset({200, 302, 404}), post=SIGNED_IN, posted=frozenset({200, 302, 404}))
PUBLIC_PAGE = Row(get=EVERYONE, post=EVERYONE, got=frozenset({200, 302}))
PASSKEY = {"pk": 1}  # nobody in the world has one

# What lives in a closed group: the network knows of it, those who take part read and write.
IN_GROUP = Row(get=in_groups.TAKING_PART, outside=404, arguments=in_groups.of_group)
# To everybody else a conversation does not exist.
STAFF_ONLY = frozenset({STAFF})
IN_CONVERSATION = Row(get=STAFF_ONLY, refused=404, arguments=in_rooms.of_conversation)
IN_WRITTEN = replace(IN_CONVERSATION, arguments=in_rooms.of_message_in_conversation)

GONE = frozenset({404, 410})

ROWS: dict[str, Row] = {
    # the floor
    "home:home": Row(),
    "home:more": Row(),
    "audit:entries": Row(get=SECRETARIAT_ONLY),
    "audit:export": Row(get=SECRETARIAT_ONLY, arguments=lambda world: {"form": "csv"}),
    "files:download": Row(get=NETWORK, refused=404, arguments=lambda world: {"token": world.logo.token}),
    "search:results": Row(),
    "live:poll": Row(),
    "live:command": Row(get=None, post=SIGNED_IN, posted=frozenset({400})),
    "notifications:inbox": Row(),
    "notifications:open": Row(
        get=ADMINISTRATOR_ONLY,
        post=ADMINISTRATOR_ONLY,
        refused=404,
        arguments=lambda world: {"pk": world.notification.pk},
        got=frozenset({302}),
    ),
    "notifications:read": Row(
        get=None, post=ADMINISTRATOR_ONLY, refused=404, arguments=lambda world: {"pk": world.notification.pk}
    ),
    "notifications:read-all": Row(get=None, post=SIGNED_IN),
    "notifications:preferences": Row(post=SIGNED_IN),
    "notifications:level": Row(
        get=ADMINISTRATOR_ONLY,
        post=ADMINISTRATOR_ONLY,
        refused=404,
        arguments=lambda world: {"scope": world.scope},
        data=lambda world: {"level": "mentions"},
    ),
    "notifications:bell": Row(got=frozenset({302})),  # alone only for the live connection
    "notifications:key": Row(post=SIGNED_IN),
    "notifications:key-remove": Row(get=None, post=SIGNED_IN),
    "notifications:returned": Row(get=SECRETARIAT_ONLY),
    "notifications:returned-forget": Row(
        get=None, post=SECRETARIAT_ONLY, arguments=lambda world: {"pk": world.returned_mail.pk}
    ),
    "notifications:stop": Row(
        get=EVERYONE, post=EVERYONE, arguments=lambda world: {"token": stop_token(world.people[STAFF].pk)}
    ),
    # privacy
    "privacy:held": Row(),
    "privacy:notice": Row(get=EVERYONE),
    "privacy:export": Row(get=None, post=SIGNED_IN),
    "privacy:leave": OWN_PAGE,
    "privacy:return": Row(
        get=EVERYONE,
        post=EVERYONE,
        arguments=lambda world: {"token": "unknown"},
        got=frozenset({404}),
        posted=frozenset({404}),
    ),
    "privacy:erasures": Row(get=SECRETARIAT_ONLY),
    "privacy:erasure-withdraw": Row(get=None, post=SECRETARIAT_ONLY, arguments=lambda world: {"pk": world.wish.pk}),
    "privacy:erase": Row(
        get=SECRETARIAT_ONLY,
        post=SECRETARIAT_ONLY,
        arguments=lambda world: {"pk": world.people[STAFF].pk},
        got=frozenset({200, 302}),
    ),
    # accounts
    "accounts:preferences": Row(post=SIGNED_IN),
    "accounts:security": Row(),
    "accounts:sessions-end": Row(get=None, post=SIGNED_IN),
    "accounts:session-end": Row(
        get=None, post=ADMINISTRATOR_ONLY, refused=404, arguments=lambda world: {"pk": world.session.pk}
    ),
    "accounts:invitation": Row(
        get=EVERYONE, post=EVERYONE, arguments=lambda world: {"token": world.token}, got=frozenset({200, 403})
    ),
    "accounts:lock-down": Row(get=EVERYONE, post=EVERYONE),
    "accounts:locked-down": Row(get=EVERYONE),
    "accounts:lockdown-code": OWN_PAGE,
    "accounts:lockdowns": Row(get=KEEPERS),
    "accounts:lockdown": Row(get=KEEPERS, refused=404, arguments=locked),
    "accounts:unlock": Row(
        get=KEEPERS,
        post=KEEPERS,
        refused=404,
        arguments=locked,
        got=frozenset({200, 302}),
        posted=frozenset({200, 302}),
    ),
    "accounts:unlock-withdraw": Row(get=None, post=KEEPERS, refused=404, arguments=proposed),
    "set_language": Row(get=None, post=EVERYONE, data=lambda world: {"language": "fr", "next": "/"}),
    "accounts:step-up-continue": Row(got=frozenset({302})),
    "accounts:recoveries": Row(get=SECRETARIAT_ONLY),
    "accounts:recovery-start": Row(
        get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY, arguments=lambda world: {"pk": world.people[STAFF].pk}
    ),
    "accounts:recovery-confirm": Row(
        get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY, arguments=lambda world: {"pk": world.recovery.pk}
    ),
    "accounts:recovery-cancel": Row(
        get=None,
        post=SECRETARIAT_ONLY | ADMINISTRATOR_ONLY,  # it is the administrator's account
        refused=404,
        arguments=lambda world: {"pk": world.recovery.pk},
    ),
    "accounts:recover": Row(
        get=EVERYONE, post=EVERYONE, arguments=lambda world: {"token": "unknown"}, got=GONE, posted=GONE
    ),
    "accounts:recovery-stop": Row(
        get=EVERYONE, post=EVERYONE, arguments=lambda world: {"token": "unknown"}, got=GONE, posted=GONE
    ),
    "account_login": PUBLIC_PAGE,
    "account_logout": PUBLIC_PAGE,
    "account_inactive": Row(get=EVERYONE),
    "account_reauthenticate": OWN_PAGE,
    "account_email": OWN_PAGE,
    "account_email_verification_sent": Row(get=EVERYONE),
    "account_confirm_email": Row(
        get=EVERYONE, post=EVERYONE, arguments=lambda world: {"key": "unknown"}, posted=frozenset({200, 302, 404})
    ),
    "account_change_password": OWN_PAGE,
    "account_set_password": OWN_PAGE,
    "account_reset_password": PUBLIC_PAGE,
    "account_reset_password_done": Row(get=EVERYONE),
    "account_reset_password_from_key": Row(
        get=EVERYONE, post=EVERYONE, arguments=lambda world: {"uidb36": "1", "key": "unknown"}
    ),
    "account_reset_password_from_key_done": Row(get=EVERYONE),
    "mfa_index": Row(got=frozenset({302}), post=SIGNED_IN),
    "mfa_authenticate": Row(get=EVERYONE, post=EVERYONE, got=frozenset({302})),
    "mfa_reauthenticate": OWN_PAGE,
    "mfa_activate_totp": OWN_PAGE,
    "mfa_deactivate_totp": FACTOR,
    "mfa_view_recovery_codes": Row(got=frozenset({302, 404})),
    "mfa_generate_recovery_codes": FACTOR,
    "mfa_download_recovery_codes": FACTOR,
    "mfa_list_webauthn": Row(got=frozenset({200, 302})),
    "mfa_add_webauthn": OWN_PAGE,
    "mfa_login_webauthn": PUBLIC_PAGE,
    "mfa_reauthenticate_webauthn": OWN_PAGE,
    "mfa_edit_webauthn": Row(get=frozenset(), post=frozenset(), refused=404, arguments=lambda world: PASSKEY),
    "mfa_remove_webauthn": Row(get=frozenset(), post=frozenset(), refused=404, arguments=lambda world: PASSKEY),
    # organisations
    "organisations:profile": Row(get=NETWORK, refused=404, outside=404, arguments=of_alpha),
    "organisations:history": Row(get=OWN_OR_SECRETARIAT, outside=404, arguments=of_alpha),
    "organisations:record": Row(get=KEEPERS, outside=404, arguments=of_alpha),
    "organisations:confirm": Row(get=None, post=ADMINISTRATOR_ONLY, outside=404, arguments=of_alpha),
    "organisations:edit": Row(get=KEEPERS, outside=404, arguments=of_alpha),
    "organisations:edit-section": Row(
        get=KEEPERS, post=KEEPERS, outside=404, arguments=lambda world: of_alpha(world) | {"part": "facts"}
    ),
    "organisations:logo-remove": Row(get=None, post=KEEPERS, outside=404, arguments=of_alpha),
    "organisations:new": Row(get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY),
    "organisations:standing": Row(get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY, outside=404, arguments=of_alpha),
    "organisations:alliance-join": Row(get=None, post=SECRETARIAT_ONLY, outside=404, arguments=of_alpha),
    "organisations:alliance-leave": Row(
        get=None,
        post=SECRETARIAT_ONLY,
        outside=404,
        arguments=lambda world: of_alpha(world) | {"alliance": world.alliance.slug},
    ),
    # people
    "people:person": Row(get=NETWORK, refused=404, arguments=lambda world: {"pk": world.people[STAFF].pk}),
    "people:lock-down": Row(
        get=KEEPERS,
        post=KEEPERS,
        outside=404,
        arguments=lambda world: {"pk": world.people[STAFF].pk},
        got=frozenset({200, 302}),
    ),
    "people:profile-edit": Row(post=SIGNED_IN),
    "people:acting-for": Row(get=None, post=SIGNED_IN, data=lambda world: {"organisation": "myself"}),
    "people:team": Row(get=OWN_OR_SECRETARIAT, outside=404, arguments=of_alpha),
    "people:invite": Row(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY, outside=404, arguments=of_alpha),
    "people:invitation-resend": Row(get=None, post=ADMINISTRATOR_ONLY, outside=404, arguments=pending),
    "people:invitation-revoke": Row(get=None, post=ADMINISTRATOR_ONLY, outside=404, arguments=pending),
    "people:handover": Row(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY, outside=404, arguments=of_alpha),
    "people:affiliation-edit": Row(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY, outside=404, arguments=colleague),
    "people:affiliation-end": Row(
        get=frozenset({ADMINISTRATOR, STAFF}), post=frozenset({ADMINISTRATOR, STAFF}), outside=404, arguments=colleague
    ),
    "people:recovery": Row(get=SECRETARIAT_ONLY),
    "people:recover": Row(get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY, arguments=of_alpha),
    # the directory
    "directory:organisations": Row(get=NETWORK),
    "directory:countries": Row(get=NETWORK),
    "directory:alliances": Row(get=NETWORK),
    "directory:export": Row(get=NETWORK, arguments=lambda world: {"form": "csv"}),
    "directory:people": Row(get=NETWORK),
    "directory:people-export": Row(get=NETWORK, arguments=lambda world: {"form": "csv"}),
    "directory:imports": Row(get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY),
    "directory:import": Row(get=SECRETARIAT_ONLY, arguments=run),
    "directory:import-confirm": Row(get=None, post=SECRETARIAT_ONLY, arguments=run),
    "directory:import-decide": Row(get=None, post=SECRETARIAT_ONLY, arguments=run),
    "directory:import-discard": Row(get=None, post=SECRETARIAT_ONLY, arguments=run),
    # groups
    "groups:groups": Row(),
    "groups:new": Row(get=NETWORK - {STAFF}, post=NETWORK - {STAFF}),
    "groups:overview": Row(get=SECRETARIAT_ONLY),
    "groups:rules": Row(get=None, post=SECRETARIAT_ONLY),
    "groups:group": in_group(get=NETWORK | {GUEST}),
    "groups:edit": in_group(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY),
    "groups:visibility": in_group(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY),
    "groups:activate": of_proposed(get=None, post=SECRETARIAT_ONLY),
    "groups:decline": of_proposed(get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY),
    "groups:withdraw": of_proposed(get=None, post=DECIDES),
    "groups:dissolve": in_group(get=KEEPERS, post=KEEPERS),
    "groups:reopen": Row(
        get=SECRETARIAT_ONLY,
        post=SECRETARIAT_ONLY,
        outside=404,
        arguments=lambda world: {"slug": world.dissolved_group.slug},
    ),
    "groups:join": Row(
        get=NETWORK - {STAFF, OTHER},
        post=NETWORK - {STAFF, OTHER},
        outside=404,
        arguments=lambda world: {"slug": world.open_group.slug},
    ),
    "groups:leave": in_group(get=PARTICIPANTS, post=PARTICIPANTS, posted=frozenset({302, 409})),
    "groups:approach-answer": Row(
        get=None,
        post=ADMINISTRATOR_ONLY,
        outside=404,
        known_to=ADMINISTRATOR_ONLY | ASKS_ITSELF,
        arguments=asking,
        data=lambda world: {"answer": "accepted"},
    ),
    "groups:approach-withdraw": Row(
        get=None, post=ASKS_ITSELF, outside=404, known_to=ADMINISTRATOR_ONLY | ASKS_ITSELF, arguments=asking
    ),
    "groups:participants": in_group(get=PARTICIPANTS | {DELEGATE, SECRETARIAT}),
    "groups:remove": in_group(
        get=DECIDES | {STAFF}, post=DECIDES | {STAFF}, arguments=placed(STAFF), posted=frozenset({302})
    ),
    "groups:appoint": in_group(get=None, post=KEEPERS, arguments=placed(STAFF), posted=frozenset({302})),
    "groups:dismiss": in_group(get=None, post=KEEPERS, arguments=placed(STAFF), posted=frozenset({302})),
    "groups:prolong": in_group(
        get=ADMINISTRATOR_ONLY,
        post=ADMINISTRATOR_ONLY,
        arguments=placed(GUEST),
        known_to=NETWORK - {DELEGATE} | {GUEST},  # whoever decides for alpha knows of alpha's people there
    ),
    "groups:name": in_group(
        get=DECIDES, post=DECIDES, arguments=lambda world: of_group(world) | {"organisation": world.alpha.slug}
    ),
    "groups:organisation-remove": in_group(
        get=frozenset({ADMINISTRATOR, OTHER}),
        post=frozenset({ADMINISTRATOR, OTHER}),
        arguments=lambda world: of_group(world) | {"organisation": world.beta.slug},
    ),
    "groups:invite": in_group(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY),
    "groups:invite-person": in_group(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY),
    "groups:invite-guest": in_group(get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY),
    "groups:guest-withdraw": in_group(
        get=None,
        post=ADMINISTRATOR_ONLY,
        arguments=lambda world: of_group(world) | {"number": world.guest_invitation.number},
        posted=frozenset({302}),
    ),
    # the calendar of a group
    "group_calendar:calendar": IN_GROUP,
    "group_calendar:whole": IN_GROUP,
    "group_calendar:new": replace(IN_GROUP, post=in_groups.TAKING_PART),
    "group_calendar:meeting": replace(IN_GROUP, arguments=in_groups.of_meeting),
    "group_calendar:file": replace(IN_GROUP, arguments=in_groups.of_meeting),
    "group_calendar:edit": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_meeting),
    "group_calendar:cancel": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_meeting),
    "group_calendar:minutes": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_past_meeting),
    # files of a group
    "group_files:files": IN_GROUP,
    "group_files:deleted": IN_GROUP,
    "group_files:upload": replace(IN_GROUP, post=in_groups.TAKING_PART),
    "group_files:space": Row(get=SECRETARIAT_ONLY, post=SECRETARIAT_ONLY, arguments=in_groups.of_group),
    "group_files:folder": replace(IN_GROUP, arguments=in_groups.of_folder),
    "group_files:folder-new": replace(IN_GROUP, post=in_groups.TAKING_PART),
    "group_files:folder-edit": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_folder),
    "group_files:folder-delete": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_groups.of_folder),
    "group_files:file": replace(IN_GROUP, arguments=in_groups.of_file),
    "group_files:version": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_file),
    "group_files:edit": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_file),
    "group_files:delete": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_file),
    # tasks of a group
    "group_tasks:tasks": IN_GROUP,
    "group_tasks:new": replace(IN_GROUP, post=in_groups.TAKING_PART),
    "group_tasks:from-message": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART),
    "group_tasks:task": replace(IN_GROUP, arguments=in_groups.of_task),
    "group_tasks:edit": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_groups.of_task),
    "group_tasks:assign": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_groups.of_task),
    "group_tasks:done": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_groups.of_task),
    "group_tasks:drop": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_groups.of_task),
    "group_tasks:reopen": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_groups.of_done_task),
    # rooms of groups
    "chat:room": IN_GROUP,
    "chat:topic-new": replace(IN_GROUP, post=in_groups.TAKING_PART),
    "chat:closed": IN_GROUP,
    "chat:decisions": IN_GROUP,
    "chat:pins": IN_GROUP,
    "chat:search": IN_GROUP,
    "chat:mentions": IN_GROUP,
    "chat:settings": replace(IN_GROUP, post=in_groups.TAKING_PART),
    "chat:retention": replace(IN_GROUP, get=None, post=ADMINISTRATOR_ONLY),
    "chat:topic": replace(IN_GROUP, arguments=in_rooms.of_topic),
    "chat:send": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_rooms.of_topic),
    "chat:topic-edit": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_rooms.of_topic),
    "chat:topic-close": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_rooms.of_topic),
    "chat:topic-reopen": replace(IN_GROUP, get=None, post=in_groups.TAKING_PART, arguments=in_rooms.of_closed_topic),
    "chat:topic-pin": replace(IN_GROUP, get=None, post=ADMINISTRATOR_ONLY, arguments=in_rooms.of_topic),
    "chat:topic-merge": replace(IN_GROUP, get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY, arguments=in_rooms.of_topic),
    "chat:permalink": replace(IN_GROUP, arguments=in_rooms.of_message, got=frozenset({302})),
    "chat:actions": replace(IN_GROUP, arguments=in_rooms.of_message),
    "chat:edit": replace(IN_GROUP, get=STAFF_ONLY, post=STAFF_ONLY, arguments=in_rooms.of_message),
    "chat:delete": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_rooms.of_message),
    "chat:history": replace(IN_GROUP, arguments=in_rooms.of_changed_message),
    "chat:seen": replace(IN_GROUP, arguments=in_rooms.of_message),
    "chat:react": replace(
        IN_GROUP,
        get=None,
        post=in_groups.TAKING_PART,
        arguments=in_rooms.of_message,
        data=lambda world: {"sign": "👍"},
    ),
    "chat:pin": replace(IN_GROUP, get=None, post=ADMINISTRATOR_ONLY, arguments=in_rooms.of_message),
    "chat:move": replace(IN_GROUP, get=ADMINISTRATOR_ONLY, post=ADMINISTRATOR_ONLY, arguments=in_rooms.of_message),
    "chat:propose": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_rooms.of_message),
    "chat:position": replace(IN_GROUP, post=in_groups.TAKING_PART, arguments=in_rooms.of_decision),
    # conversations
    "conversations:all": Row(),
    "conversations:new": Row(get=NETWORK, post=NETWORK),
    "conversations:settings": Row(post=SIGNED_IN),
    "conversations:room": IN_CONVERSATION,
    "conversations:send": replace(IN_CONVERSATION, get=None, post=STAFF_ONLY),
    "conversations:leave": replace(IN_CONVERSATION, post=STAFF_ONLY),
    "conversations:pins": IN_CONVERSATION,
    "conversations:search": IN_CONVERSATION,
    "conversations:mentions": IN_CONVERSATION,
    "conversations:permalink": replace(IN_WRITTEN, got=frozenset({302})),
    "conversations:actions": IN_WRITTEN,
    "conversations:edit": replace(IN_WRITTEN, get=STAFF_ONLY, post=STAFF_ONLY),
    "conversations:delete": replace(IN_WRITTEN, get=STAFF_ONLY, post=STAFF_ONLY),
    "conversations:history": replace(IN_WRITTEN, arguments=in_rooms.of_changed_in_conversation),
    "conversations:seen": IN_WRITTEN,
    "conversations:react": replace(IN_WRITTEN, get=None, post=STAFF_ONLY, data=lambda world: {"sign": "👍"}),
    "conversations:pin": replace(IN_WRITTEN, get=None, post=STAFF_ONLY),
}
