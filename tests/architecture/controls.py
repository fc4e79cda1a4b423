"""The control of each check: a switch that takes its guard away and must turn it red.

`make controls` copies the tree for each, throws the switch in the copy, runs that one test there and expects it to
fail. A check that stays green when its guard is gone proves nothing; a switch that no longer fits its file is as bad,
for nobody would notice. Both end the command with a failure.

    python -m tests.architecture.controls            all of them
    python -m tests.architecture.controls A1 C5      those of some checks
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.redis import redis_server

PROJECT = Path(__file__).resolve().parents[2]
FAILED = 1
MINUTES, MINUTES_FOR_ALL = 5, 30
"""A run takes so long at most: of one test, and of all of them together."""


@dataclass(frozen=True)
class Control:
    """A check of the plan, the switch in words and as a change of one file, and the test that it must turn red."""

    check: str
    switch: str
    test: str
    file: str
    old: str
    new: str


CONTROLS = (
    Control(
        "A5",
        "the directory of groups is counted from all of them",
        "tests/architecture/test_secret_group.py"
        "::test_with_or_without_a_secret_group_outsiders_receive_the_same[other organisation]",
        "workspaces/groups/selectors/directory.py",
        "        known = policies.visible_to(reader).defer(",
        "        known = Workspace.objects.defer(",
    ),
    Control(
        "A6",
        "whoever may not know of a group is refused instead of finding none",
        "tests/architecture/test_secret_group.py"
        "::test_what_is_done_to_it_from_outside_is_answered_like_what_is_done_to_nothing[other organisation]",
        "workspaces/groups/views/doors.py",
        "    if workspace is None or not policies.can_see(reader, workspace):\n        raise Http404\n",
        "    if workspace is None:\n        raise Http404\n    if not policies.can_see(reader, workspace):\n"
        '        raise Refused("Not for you.")\n',
    ),
    Control(
        "A7",
        "a place outlives the affiliation that it stands on",
        "tests/architecture/test_lost_rights.py"
        "::test_the_next_request_is_refused_and_nothing_more_is_told[affiliation_ends]",
        "workspaces/groups/selectors/participation.py",
        "Q(Exists(named)) & Q(Exists(taking_part))",
        "Q(Exists(taking_part))",
    ),
    Control(
        "A7",
        "a guest's last day is not asked about",
        "tests/architecture/test_lost_rights.py"
        "::test_the_next_request_is_refused_and_nothing_more_is_told[last_day_is_over]",
        "workspaces/groups/selectors/participation.py",
        "(Q(is_guest=True) & Q(ends_on__gte=day))",
        "Q(is_guest=True)",
    ),
    Control(
        "A7",
        "the people of an organisation that leaves a group are not told by the line",
        "tests/architecture/test_lost_rights.py::test_open_pages_are_told_at_once[organisation_leaves]",
        "workspaces/groups/services/leaving.py",
        '    announce(workspace, people=gone, kind="group.participants")\n',
        '    announce(workspace, kind="group.participants")\n',
    ),
    Control(
        "A10",
        "lists of what may be read hold every open group, proposed ones too",
        "tests/architecture/test_halves.py::test_the_halves_agree[groups.read]",
        "workspaces/groups/policies.py",
        "    return Workspace.objects.filter(shown, state__in=_RUN)\n",
        "    return Workspace.objects.filter(shown)\n",
    ),
    Control(
        "C2",
        "what Markdown made is shown without the allow-list, and Markdown lets HTML through",
        "tests/workspaces/chat/test_rendering.py::test_nothing_runs_and_nothing_is_fetched[{}]",
        "workspaces/chat/rendering.py",
        "    return mark_safe(_cleaned(html))  # noqa: S308 - the allow-list stands right before\n",
        "    return mark_safe(source)\n",
    ),
    Control(
        "C7",
        "addresses are looked for by an expression with a quantifier inside another",
        "tests/workspaces/chat/test_rendering.py::test_no_text_takes_long",
        "workspaces/chat/rendering.py",
        'r"\\bhttps?://[^',
        'r"\\S*\\S{0,5}@@@@|\\bhttps?://[^',
    ),
    Control(
        "A5",
        "the search finds messages of every room",
        "tests/workspaces/chat/test_secret.py::test_no_search_finds_it",
        "workspaces/chat/selectors/finding.py",
        "    return policies.visible_to(reader)\n",
        "    return Message.objects.all()\n",
    ),
    Control(
        "A7",
        "whoever writes is not asked again under the lock",
        "tests/workspaces/chat/test_messages.py::test_a_right_that_is_withdrawn_ends_at_once",
        "workspaces/chat/services/effects.py",
        "        workspace = lock(room.workspace, actor)\n",
        "        workspace = lock(room.workspace)\n",
    ),
    Control(
        "A10",
        "what has expired is found by one half of the policy",
        "tests/workspaces/chat/test_policies.py::test_the_halves_agree",
        "workspaces/chat/policies.py",
        "    return Message.objects.filter(unexpired(), room__in=rooms_readable_by(actor))\n",
        "    return Message.objects.filter(room__in=rooms_readable_by(actor))\n",
    ),
    Control(
        "E2",
        "the last word of an organisation is a second position",
        "tests/workspaces/chat/test_decisions.py::test_the_last_word_of_an_organisation_counts_once",
        "workspaces/chat/migrations/0001_rooms.py",
        "fields=('decision', 'organisation'), name='one_position_an_organisation'",
        "fields=('decision', 'organisation', 'person'), name='one_position_an_organisation'",
    ),
    Control(
        "H7",
        "no anchor: what was noted outside the database is not looked at",
        "tests/portal/audit/test_tampering.py::test_each_way_of_tampering_is_named[cut_tail-0]",
        "portal/audit/chain.py",
        "    for number, noted in anchors:\n",
        "    for number, noted in ():\n",
    ),
    Control(
        "H7",
        "drop the trigger that keeps entries from being deleted",
        "tests/portal/audit/test_protection.py::test_the_owner_is_refused[DELETE FROM audit_entry]",
        "portal/audit/migrations/0002_chain.py",
        '"BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "',
        '"BEFORE UPDATE OR TRUNCATE ON audit_entry "',
    ),
    Control(
        "H7",
        "leave the details out of the chain",
        "tests/portal/audit/test_tampering.py::test_several_things_are_named_each_by_its_number",
        "portal/audit/chain.py",
        "        elif found != digest:\n",
        "        elif found != digest and values[8] != '{}':\n",
    ),
    Control(
        "H7",
        "keep the names of people in the record",
        "tests/portal/audit/test_entries.py::test_an_entry_keeps_the_names_of_things_and_the_numbers_of_people",
        "portal/audit/services.py",
        '    return str(target)[:300] if kind is not None and kind.named else ""\n',
        '    return str(target or "")[:300]\n',
    ),
    Control(
        "H7",
        "do not record refusals",
        "tests/portal/audit/test_refusals.py::test_a_page_that_is_not_open_to_somebody",
        "portal/audit/middleware.py",
        "            if response.status_code == FORBIDDEN:\n",
        "            if False:\n",
    ),
    Control(
        "A1",
        "remove the guard of editing a profile",
        "tests/architecture/test_routes.py::test_route_for_every_role[organisations:edit]",
        "memberships/organisations/views/doors.py",
        "    if not policies.can_edit(actor, organisation):\n",
        "    if False:\n",
    ),
    Control(
        "A1",
        "let everybody signed in read the record",
        "tests/architecture/test_routes.py::test_route_for_every_role[audit:entries]",
        "portal/audit/views.py",
        "@secretariat_only\n",
        "",
    ),
    Control(
        "A1",
        "leave a view without any mark",
        "tests/architecture/test_routes.py::test_every_view_carries_a_policy_mark",
        "portal/audit/views.py",
        "@secretariat_only\n",
        "",
    ),
    Control(
        "A2",
        "make a view public",
        "tests/architecture/test_routes.py::test_the_public_routes_are_exactly_these",
        "portal/accounts/views/preferences.py",
        "@signed_in\n@require_safe\n@never_cache\ndef security(",
        "@public\n@require_safe\n@never_cache\ndef security(",
    ),
    Control(
        "A9",
        'fields = "__all__" in the form of preferences',
        "tests/architecture/test_extra_fields.py::test_no_other_field_is_taken[preferences]",
        "portal/accounts/forms/preferences.py",
        """        fields = (
            "name",
            "language",
            "time_zone",
            "appearance",
            "low_bandwidth",
            "western_digits",
            "presence_visible",
        )
""",
        '        fields = "__all__"\n',
    ),
    Control(
        "A9",
        "take region and year of joining from administrators too",
        "tests/architecture/test_extra_fields.py::test_the_page_offers_these_fields[facts]",
        "memberships/organisations/forms/profile.py",
        "        if not self.keeps_list:\n",
        "        if False:\n",
    ),
    Control(
        "A10",
        "change one half: lists show organisations at risk with their facts",
        "tests/architecture/test_halves.py::test_the_halves_agree[organisations.facts]",
        "memberships/organisations/policies.py",
        "    return visible.filter(Q(at_risk=False) | Q(pk__in=own_ids(actor)))\n",
        "    return visible\n",
    ),
    Control(
        "B6",
        "leave open the sockets of ended sessions",
        "tests/portal/accounts/test_ended_sessions.py::test_a_device_signed_out_elsewhere_is_out_at_once",
        "portal/live/hub/rights.py",
        "        if reader.session_key not in found.sessions:\n",
        "        if False:\n",
    ),
    Control(
        "B6",
        "do not look at the session when the request is done",
        "tests/portal/accounts/test_ended_sessions.py::test_a_request_that_runs_already_does_nothing",
        "portal/accounts/middleware.py",
        "            if not broken and (is_alive(key) or key in ended_here()):\n",
        "            if not broken:\n",
    ),
    Control(
        "B6",
        "let a session that ended go on under a new key",
        "tests/portal/accounts/test_sessions.py::test_a_session_that_ended_does_not_go_on_under_a_new_key",
        "portal/accounts/sessions.py",
        "            if key and SESSION_KEY in self and not is_alive(key)",
        "            if False and not is_alive(key)",
    ),
    Control(
        "B7",
        "skip one: the sessions of a locked account stay",
        "tests/portal/accounts/test_lockdown.py::test_a_lock_down_reaches_everything_within_five_seconds",
        "portal/accounts/services/lockdown.py",
        "    sessions_end_all(person)\n    devices_forget",
        "    devices_forget",
    ),
    Control(
        "B7",
        "skip one: its password stays, and with it the links to reset it",
        "tests/portal/accounts/test_lockdown.py::test_the_code_locks_at_once_and_everything_with_it",
        "portal/accounts/services/lockdown.py",
        "    person.set_unusable_password()  # no session",
        "    # no session",
    ),
    Control(
        "B7",
        "skip one: its mails are not held back",
        "tests/portal/accounts/test_lockdown.py::test_mails_that_wait_are_held_while_the_account_is_locked",
        "portal/accounts/lockdown_wiring.py",
        "may_mail=lambda person_id: not is_locked(person_id)",
        "may_mail=lambda person_id: True",
    ),
    Control(
        "B7",
        "let two people of the same office unlock",
        "tests/portal/accounts/test_lockdown.py::test_which_two_people",
        "portal/accounts/policies.py",
        "        and (is_secretariat(actor) or is_secretariat(first))\n",
        "",
    ),
    Control(
        "B8",
        "consume on GET",
        "tests/portal/accounts/test_invitations.py::test_opening_the_link_consumes_nothing",
        "portal/accounts/views/invitations.py",
        '    return _accept(request, found, token) if request.method == "POST" else _offer(request, found)\n',
        '    if request.method != "POST":\n'
        "        Invitation.objects.filter(pk=found.pk).update(revoked_at=found.created_at)\n"
        '    return _accept(request, found, token) if request.method == "POST" else _offer(request, found)\n',
    ),
    Control(
        "B8",
        "let whoever is signed in accept a forwarded invitation",
        "tests/portal/accounts/test_invitations.py::test_a_forwarded_one_does_not_work",
        "portal/accounts/services/invitations.py",
        "    if not is_address_of(invitation.email, person):\n        raise WrongAddress\n",
        "",
    ),
    Control(
        "B9",
        "keep the key that was known before the sign-in",
        "tests/portal/accounts/test_sessions.py::test_a_key_known_before_the_sign_in_is_worth_nothing_after_it",
        "portal/accounts/sessions.py",
        "            super().cycle_key()\n",
        "            self.modified = True\n",
    ),
    Control(
        "B9",
        "no absolute age",
        "tests/portal/accounts/test_sessions.py::test_use_makes_it_last_but_not_beyond_its_absolute_age",
        "portal/accounts/sessions.py",
        "        return min(now + self.ages.idle, started + self.ages.absolute)\n",
        "        return now + self.ages.idle\n",
    ),
    Control(
        "B1",
        "rights of roles without a second factor",
        "tests/architecture/test_factors.py::test_rights_come_with_the_factor_and_go_with_it",
        "portal/access/factors.py",
        "    known: bool | None = getattr(person, _KNOWN, None)\n",
        "    known: bool | None = True\n",
    ),
    Control(
        "B1",
        "the act of giving roles without a fresh proof",
        "tests/architecture/test_stepup.py::test_these_routes_carry_out_acts_of_the_table",
        "memberships/people/views/team.py",
        '@fresh_proof("role.change")\n',
        "",
    ),
    Control(
        "B2",
        "forget which code was the last",
        "tests/portal/accounts/test_factors.py"
        "::test_a_code_is_refused_for_as_long_as_it_could_count_and_with_an_empty_cache",
        "portal/accounts/services/factors.py",
        "    app.data[LAST] = counter\n    app.save(",
        "    app.save(",
    ),
    Control(
        "B2",
        "look at the last code without locking it",
        "tests/portal/accounts/test_factors.py::test_one_code_at_the_same_moment_signs_one_browser_in[app]",
        "portal/accounts/services/factors.py",
        "        rows = Authenticator.objects.select_for_update().filter(",
        "        rows = Authenticator.objects.filter(",
    ),
    Control(
        "B3",
        "leave the secrets of second factors readable, as the library does",
        "tests/portal/accounts/test_encryption.py::test_no_secret_stands_in_the_tables",
        "portal/accounts/adapters.py",
        """    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, purpose=encryption.FACTORS)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, purpose=encryption.FACTORS)

""",
        "",
    ),
    Control(
        "B4",
        "hash nothing for an address that nobody has",
        "tests/portal/accounts/test_sign_in.py"
        "::test_a_password_is_computed_once_whether_the_address_is_known_or_not[False]",
        "portal/accounts/adapters.py",
        "        person: User | None = super().authenticate(request, **credentials)\n",
        "        known = User.objects.filter(email__iexact=email).exists()\n"
        "        person: User | None = super().authenticate(request, **credentials) if known else None\n",
    ),
    Control(
        "B5",
        "no limit for strange browsers",
        "tests/portal/accounts/test_guessing.py::test_a_thousand_guesses_in_five_minutes_from_twenty_addresses",
        "portal/accounts/services/guesses.py",
        '    return _take_all((NETWORK, network_of(request)), (ACCOUNT, address), (PORTAL, ""))\n',
        "    return Try(())\n",
    ),
    Control(
        "B5",
        "count known browsers with the strangers, so that an enemy locks the member out",
        "tests/portal/accounts/test_guessing.py::test_a_thousand_guesses_in_five_minutes_from_twenty_addresses",
        "portal/accounts/services/guesses.py",
        "    device = known_device(request, address)\n",
        "    device = None\n",
    ),
    Control(
        "C1",
        "one inline style",
        "tests/architecture/test_routes.py::test_route_for_every_role[home:home]",
        "templates/base.html",
        '<div class="shell">',
        '<div class="shell" style="margin: 0">',
    ),
    Control(
        "C1",
        "allow inline styles",
        "tests/architecture/test_routes.py::test_route_for_every_role[home:home]",
        "portal/settings.py",
        '"style-src": ["\'self\'"],',
        '"style-src": ["\'self\'", "\'unsafe-inline\'"],',
    ),
    Control(
        "C4",
        "trust the extension",
        "tests/portal/files/test_pictures.py::test_harmful_uploads_are_refused_with_a_sentence",
        "portal/files/services/pictures.py",
        "    picture = rebuilt(given, largest_side=largest_side)\n",
        '    if str(upload.name).lower().endswith((".png", ".jpg", ".gif", ".webp")):\n'
        '        return store(actor, kind=kind, content=given, name="p.png", media_type="image/png")\n'
        "    picture = rebuilt(given, largest_side=largest_side)\n",
    ),
    Control(
        "C4",
        "show what browsers could run",
        "tests/portal/files/test_download.py::test_what_browsers_could_run_is_saved_and_never_shown",
        "portal/files/views.py",
        "in SHOWN_INLINE",
        "not in ()",
    ),
    Control(
        "C5",
        "save anew instead of rebuilding",
        "tests/portal/files/test_pictures.py::test_no_metadata_is_kept",
        "portal/files/services/pictures.py",
        "        content, media_type, ending = _smallest(picture)\n",
        """        as_it_came, again = Image.open(io.BytesIO(given)), io.BytesIO()
        as_it_came.load()
        as_it_came.save(again, "PNG", exif=as_it_came.getexif(), icc_profile=as_it_came.info.get("icc_profile"))
        content, media_type, ending = again.getvalue(), "image/png", "png"
""",
    ),
    Control(
        "C8",
        "a plain writer",
        "tests/memberships/directory/test_exports.py::test_formulas_in_every_field_stay_text",
        "portal/ui/tables.py",
        "writer.writerows([harmless(cell) for cell in row] for row in rows)",
        "writer.writerows(rows)",
    ),
    Control(
        "C8",
        "texts of a workbook may be formulas",
        "tests/memberships/directory/test_exports.py::test_formulas_in_every_field_stay_text",
        "portal/ui/tables.py",
        '    cell.data_type = "s"',
        "    pass",
    ),
    Control(
        "D1",
        "remove one clean: any number is a year",
        "tests/architecture/test_fuzz.py::test_forms_never_break_a_page",
        "memberships/organisations/services/fields.py",
        "    if not FIRST_YEAR <= year <= this_year:\n",
        "    if False:\n",
    ),
    Control(
        "D3",
        "remove the guard of a filter",
        "tests/architecture/test_fuzz.py::test_queries_never_break_a_page",
        "portal/lists/filters.py",
        "        known = [text for text in given if self.valid_value(text)]\n",
        "        known = given\n",
    ),
    Control(
        "E3",
        "key off: each request is an act of its own",
        "tests/architecture/test_repeatable_writes.py::test_sent_twice_is_done_once[invite a colleague]",
        "portal/idempotency/middleware.py",
        "        return None if owner is None else _take(request, Seal(owner, key))\n",
        "        return None\n",
    ),
    Control(
        "E3",
        "no unique row: whoever comes at the same moment acts too",
        "tests/portal/idempotency/test_at_once.py::test_one_effect_one_answer_and_one_of_what_follows",
        "portal/idempotency/keys.py",
        '        return self._secret(b"name")\n',
        "        return secrets.token_bytes(32)\n",
    ),
    Control(
        "E3",
        "forms without the key",
        "tests/portal/idempotency/test_requests.py::test_every_form_of_a_page_has_a_key_of_its_own",
        "portal/idempotency/templatetags/idempotency.py",
        "    return format_html(field, CsrfTokenNode().render(context), FIELD, new_key())\n",
        "    return CsrfTokenNode().render(context)\n",
    ),
    Control(
        "E3",
        "an error keeps what was done before it",
        "tests/portal/idempotency/test_requests.py::test_an_error_undoes_everything_and_frees_the_key[False]",
        "portal/idempotency/middleware.py",
        "                transaction.set_rollback(True)\n",
        "                pass\n",
    ),
    Control(
        "E3",
        "a kept sign-in belongs to any browser",
        "tests/portal/idempotency/test_requests.py"
        "::test_a_sign_in_whose_answer_was_lost_is_answered_again_to_that_browser_only",
        "portal/idempotency/keys.py",
        '    return f"{BROWSER}{cookie}" if cookie else None\n',
        "    return BROWSER\n",
    ),
    Control(
        "F2",
        "queue the mail after the commit",
        "tests/portal/notifications/test_sending.py::test_the_mail_is_queued_in_the_transaction_of_the_fact",
        "portal/notifications/services/telling.py",
        "        mail_send.batch_defer(*jobs)\n",
        "        transaction.on_commit(lambda: mail_send.batch_defer(*jobs))\n",
    ),
    Control(
        "F2",
        "queue the mail of a digest after the commit",
        "tests/portal/notifications/test_digests.py"
        "::test_what_went_in_is_marked_in_the_transaction_that_makes_the_digest",
        "portal/notifications/services/digests.py",
        "    digest_send.defer(digest_id=digest.pk)\n",
        "    transaction.on_commit(lambda: digest_send.defer(digest_id=digest.pk))\n",
    ),
    Control(
        "A7",
        "mail what was queued, without asking again who may hear",
        "tests/portal/notifications/test_levels.py::test_a_mail_on_its_way_does_not_leave[may not hear]",
        "portal/notifications/tasks.py",
        "    if not person.is_active or not is_reached(person.pk, notification.scope, kind=kind):\n",
        "    if not person.is_active:\n",
    ),
    Control(
        "A7",
        "send a digest without asking again who may hear",
        "tests/portal/notifications/test_digests.py"
        "::test_what_is_no_longer_wanted_is_not_in_a_digest[may not hear-before it is sent]",
        "portal/notifications/policies.py",
        "    heard = pairs - unheard(pairs)\n",
        "    heard = pairs\n",
    ),
    Control(
        "F10",
        "send in the request",
        "tests/portal/notifications/test_sending.py::test_no_page_waits_for_the_mail_server[slow]",
        "portal/notifications/services/telling.py",
        "        mail_send.batch_defer(*jobs)\n",
        "        for job in jobs:\n            mail_send(**job)\n",
    ),
    Control(
        "I1",
        "one template forgotten",
        "tests/portal/notifications/test_neutral.py::test_whatever_happens_mails_say_only_that_something_awaits",
        "portal/notifications/mails/making.py",
        "    discreet = shut or is_discreet(person)\n",
        '    discreet = (shut or is_discreet(person)) and not template.endswith("notice")\n',
    ),
    Control(
        "I2",
        "ask Sequoia alone whether a key is over",
        "tests/portal/notifications/test_encrypted.py::"
        "test_a_key_that_can_no_longer_be_used_never_leads_to_clear_mail[subkey-expired]",
        "portal/notifications/mails/keys.py",
        "    return (end is None or end > now) and (created is None or created <= now + _CLOCKS)\n",
        "    return True\n",
    ),
    Control(
        "A5",
        "count organisations at risk on the map",
        "tests/architecture/test_two_worlds.py::"
        "test_facts_and_people_of_an_organisation_at_risk_change_nothing_for_outsiders[other organisation]",
        "memberships/directory/facets/organisations.py",
        'if not row["at_risk"] and not row["country_hidden"]',
        'if not row["country_hidden"]',
    ),
    Control(
        "H5",
        "a field without a rule",
        "tests/portal/privacy/test_declarations.py::test_nothing_is_kept_without_a_declaration",
        "memberships/people/wiring.py",
        '"about", "phone", "email_audience"',
        '"about", "email_audience"',
    ),
    Control(
        "H5",
        "find what is due, and leave it",
        "tests/portal/privacy/test_retention.py::test_what_is_due_goes_and_the_rest_stays[notifications.notification]",
        "portal/privacy/services/retention.py",
        "        manager.filter(pk__in=pks).delete()\n",
        "        pass\n",
    ),
    Control(
        "H6",
        "leave a denormalised name: what others were told",
        "tests/portal/privacy/test_erasure.py::test_nothing_is_found_of_an_erased_person",
        "portal/notifications/wiring.py",
        "        erasure=Erasure.SCRUB,\n        readers_language",
        "        erasure=Erasure.KEEP,\n        readers_language",
    ),
    Control(
        "H6",
        "forget the queue",
        "tests/portal/privacy/test_erasure.py::test_nothing_is_found_of_an_erased_person",
        "portal/privacy/wiring.py",
        "        erasure=Erasure.DELETE,\n        erase=jobs_forget,\n",
        "        erasure=Erasure.KEEP,\n",
    ),
    Control(
        "C1",
        "forget a header of the Observatory's",
        "tests/architecture/test_headers.py::test_the_observatory_gives_full_marks",
        "portal/access/middleware.py",
        '        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")\n',
        "",
    ),
    Control(
        "G3",
        "do not count bodies",
        "tests/portal/edge/test_guard.py::test_a_streamed_body_is_counted",
        "portal/edge/guard.py",
        "        if self.bytes > self.most:\n",
        "        if False:\n",
    ),
    Control(
        "G3",
        "wait for headers for ever",
        "tests/portal/edge/test_server.py::test_dripping_headers_are_cut",
        "portal/edge/server.py",
        "            late = seconds > limits.HEAD_SECONDS\n",
        "            late = False\n",
    ),
    Control(
        "G4",
        "no limit on posts to open pages",
        "tests/portal/edge/test_guard.py::test_an_open_page_is_posted_to_so_often",
        "portal/edge/guard.py",
        "if status is None and allowed.guess and not self.guesses.allows(address):",
        "if False:",
    ),
    Control(
        "H1",
        "leave a table out of the archive",
        "tests/portal/backup/test_backup.py::test_what_was_written_comes_back",
        "portal/backup/services/make.py",
        'f"--exclude-table-data=*.{manifest.sessions_table()}",',
        'f"--exclude-table-data=*.{manifest.sessions_table()}", "--exclude-table-data=account_emailaddress",',
    ),
    Control(
        "H2",
        "ignore an archive's checksum",
        "tests/portal/backup/test_backup.py::test_the_check_sees_an_old_a_missing_and_a_changed_archive",
        "portal/backup/services/shelf.py",
        "    if found != wanted or magic != MAGIC:\n",
        "    if False:\n",
    ),
    Control(
        "H2",
        "take a pg_dump of any version",
        "tests/portal/backup/test_backup.py::test_a_client_that_is_older_than_the_server_is_refused",
        "portal/backup/programs.py",
        "if version >= at_least)",
        "if True)",
    ),
    Control(
        "H2",
        "leave the half archive of a full disk",
        "tests/portal/backup/test_backup.py::test_a_full_disk_leaves_nothing_and_the_old_archives",
        "portal/backup/services/make.py",
        "        Path(name).unlink(missing_ok=True)\n",
        "        pass\n",
    ),
    Control(
        "H3",
        "take the sessions along",
        "tests/portal/backup/test_backup.py::test_sessions_do_not_come_along",
        "portal/backup/services/make.py",
        'f"--exclude-table-data=*.{manifest.sessions_table()}",',
        "",
    ),
    Control(
        "A8",
        "hand a file of a group to whoever has its address",
        "tests/workspaces/files/test_elsewhere.py::test_a_pasted_address_opens_nothing[whole-dela]",
        "workspaces/files/policies.py",
        "    return version is not None and can_see(actor, version.file)\n",
        "    return version is not None\n",
    ),
    Control(
        "C4",
        "trust the ending: what a file holds is not looked at",
        "tests/portal/files/test_documents.py::test_the_rest_is_refused_with_a_sentence",
        "portal/files/looking/recognising.py",
        "    found = _by_content(file)\n",
        "    found = next((kind for kind in (PDF, ZIP, RTF) if ending_of(name) in kind.endings), TEXT)\n",
    ),
    Control(
        "C4",
        "believe what an archive says about its sizes",
        "tests/portal/files/test_documents.py::test_the_rest_is_refused_with_a_sentence",
        "portal/files/looking/archives.py",
        " or (length > RATIO_COUNTS_FROM and length > MOST_RATIO * max(packed, 1))",
        "",
    ),
    Control(
        "C4",
        "take what the virus scanner could not look at",
        "tests/portal/files/test_scanning.py::test_nothing_is_taken_where_it_is_not_there",
        "portal/files/looking/scanning.py",
        "        raise _unreachable() from error\n",
        "        return\n",
    ),
    Control(
        "C5",
        "keep a photograph as it came instead of rebuilding it",
        "tests/portal/files/test_documents.py::test_pictures_are_rebuilt_and_carry_nothing[JPEG]",
        "portal/files/services/pictures.py",
        "        content, media_type, ending = _photograph(picture)\n",
        '        content, media_type, ending = given, "image/jpeg", "jpg"\n',
    ),
    Control(
        "C6",
        "answer a known digest before the right is asked for",
        "tests/workspaces/files/test_elsewhere.py::test_with_the_right_the_download_ends[leaves]",
        "portal/files/views.py",
        "    if stored is None or not can_see(request.user, stored):\n",
        '    if stored is None or not ("If-None-Match" in request.headers or can_see(request.user, stored)):\n',
    ),
    Control(
        "F8",
        "leave what could not be written to its end where it is",
        "tests/portal/files/test_documents.py::test_where_the_disk_is_full_nothing_half_is_kept",
        "portal/files/services/storing.py",
        "        with suppress(Exception):\n            storage.delete(path)\n",
        "",
    ),
    Control(
        "A3",
        "do not ask again when somebody's rights changed",
        "tests/architecture/test_live_matrix.py::test_topic_for_every_role[chat]",
        "portal/live/hub/rights.py",
        "            owner.version += 1\n            self._ask(owner)\n\n    async def ask_again",
        "            pass\n\n    async def ask_again",
    ),
    Control(
        "A3",
        "go on sending while the rights are asked again",
        "tests/portal/live/test_rights.py::test_while_the_rights_are_asked_nothing_is_sent",
        "portal/live/hub/reader.py",
        "        if self.owner.held or len(self.flight)",
        "        if len(self.flight)",
    ),
    Control(
        "A3",
        "do a command though the session ended meanwhile",
        "tests/portal/live/test_commands.py::test_who_is_signed_out_meanwhile_has_done_nothing",
        "portal/live/commands.py",
        "        if not session_lives(sender.session_key):\n",
        "        if False:\n",
    ),
    Control(
        "D2",
        "trust the parts of a frame",
        'tests/portal/live/test_frames.py::test_what_is_wrong_has_a_code[{"do":"ack"}]',
        "portal/live/frames.py",
        "    if not _has_its_parts(frame):\n",
        "    if False:\n",
    ),
    Control(
        "E3",
        "do a command as often as it comes",
        "tests/portal/live/test_commands.py::test_the_same_key_gives_the_same_answer_over_another_socket_too",
        "portal/live/commands.py",
        "        answer = once(person, key, name, data, lambda: _acted(command, person, data))\n",
        "        answer = _acted(command, person, data)\n",
    ),
    Control(
        "F4",
        "do not look into the rows for what Redis lost",
        "tests/portal/live/test_servers.py::test_what_nobody_said_is_found_in_the_rows",
        "portal/live/hub/core.py",
        "            self.ears.join_missing()\n            await self.compare()\n",
        "            self.ears.join_missing()\n",
    ),
    Control(
        "F5",
        "no gap detection: pass on whatever comes",
        "tests/portal/live/test_room.py::test_lost_hints_are_read_from_the_rows_when_the_next_one_comes",
        "portal/live/hub/room.py",
        "        if number == (self.last or 0) + 1 and self.last is not None",
        "        if self.last is not None",
    ),
    Control(
        "F6",
        "no catching up after a cut",
        "tests/portal/live/test_socket.py::test_what_was_missed_is_replayed_in_order_and_once",
        "portal/live/reading.py",
        "    if since is None:\n        return Replay(",
        "    if True:\n        return Replay(",
    ),
    Control(
        "F7",
        "take a silent socket for one that does not read",
        "tests/portal/live/test_window.py::test_a_silent_one_stays",
        "portal/live/hub/reader.py",
        "        if not self.queue or self.sent",
        "        if self.sent",
    ),
    Control(
        "G2",
        "no window: send whatever there is",
        "tests/portal/live/test_window.py::test_no_more_than_the_window_is_sent_and_the_rest_when_it_is_acknowledged",
        "portal/live/hub/reader.py",
        "        if self.owner.held or len(self.flight) >= limits.WINDOW_FRAMES:\n",
        "        if self.owner.held:\n",
    ),
    Control(
        "G2",
        "let daphne refuse the code that closes a slow reader",
        "tests/portal/live/test_servers.py::test_who_never_acknowledges_harms_nobody",
        "portal/edge/server.py",
        "        made.protocol = Socket\n",
        "",
    ),
    Control(
        "A3",
        "show who hides their presence",
        "tests/portal/live/test_company.py::test_who_hides_reads_unseen_and_is_not_counted",
        "portal/live/hub/company.py",
        "for reader in room.looks if reader.owner.visible)",
        "for reader in room.looks)",
    ),
)


def main(chosen: Sequence[str]) -> int:
    """Throw the switches of the chosen checks (all, where none are named); 0 where each turned its test red."""
    unknown = set(chosen) - {control.check for control in CONTROLS}
    if unknown:
        print(f"There is no control of {', '.join(sorted(unknown))}.")
        return 2
    controls = [control for control in CONTROLS if not chosen or control.check in chosen]
    green = _untouched(controls)
    if green:
        print(f"Without any switch these tests should pass and do not:\n{green}")
        return 1
    outcomes = [_thrown(control) for control in controls]
    return 0 if all(outcomes) else 1


def _untouched(controls: Sequence[Control]) -> str:
    """What pytest says where it does not end well on the tree as it is."""
    print("First without any switch ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="plenary-controls-") as directory:
        _copy(Path(directory))
        tests = sorted({control.test for control in controls})
        status, output = _pytest(Path(directory), tests, minutes=MINUTES_FOR_ALL)
    return output[-4000:] if status else ""


def _thrown(control: Control) -> bool:
    """Whether the switch turns the test red; prints one line of the table."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="plenary-controls-") as directory:
        _copy(Path(directory))
        file = Path(directory) / control.file
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if control.old not in text:
            verdict, output = "SWITCH DOES NOT FIT", f"{control.file} no longer holds:\n{control.old}"
        else:
            file.write_text(text.replace(control.old, control.new, 1), encoding="utf-8")
            status, output = _pytest(Path(directory), [control.test])
            verdict = "red" if _is_red(status, output) else "STAYS GREEN" if status == 0 else "BREAKS"
    print(f"{control.check:4} {control.switch:70} {verdict:7} {time.monotonic() - began:4.0f} s", flush=True)
    if verdict != "red":
        print(output[-3000:])
    return verdict == "red"


def _is_red(status: int, output: str) -> bool:
    """Whether something that was asserted failed, and nothing else: a tree that does not even start proves nothing."""
    lines = [line for line in output.splitlines() if line.startswith(("FAILED tests", "ERROR tests"))]
    return (
        status == FAILED
        and bool(lines)
        and all(re.search(r" - (AssertionError|assert|Failed)", line) for line in lines)
    )


def _copy(directory: Path) -> None:
    """The files of the working tree that git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if (PROJECT / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, directory / name)


def _pytest(directory: Path, tests: Sequence[str], *, minutes: int = MINUTES) -> tuple[int, str]:
    """The status and the words of pytest in a copy, on the same test cluster as ever."""
    data = os.environ.get("PLENARY_DATA") or str(PROJECT / ".plenary")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "--tb=short", "-p", "no:cacheprovider", *tests],
        cwd=directory,
        env={
            **os.environ,
            "PLENARY_DATA": data,
            "PYTHONDONTWRITEBYTECODE": "1",
            "COLUMNS": "400",
            "REDIS_SERVER": redis_server() or "",
        },
        capture_output=True,
        text=True,
        timeout=minutes * 60,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
