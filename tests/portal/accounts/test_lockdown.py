"""A seized account is locked in one act, by whoever has its code or keeps it, and opened again by two people (B7)."""

import threading
import time
from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access import roles
from portal.access.refusal import Refused
from portal.accounts import policies, services
from portal.accounts.lockdown import is_locked
from portal.accounts.lockdown_codes import code_hash, new_code
from portal.accounts.models import AccountRecovery, Invitation, KnownDevice, Lockdown, LockdownCode, User
from portal.accounts.policies import PROPOSAL_HOLDS
from portal.audit.models import Entry
from portal.notifications.models import Notification
from portal.privacy.models import ErasureRequest
from portal.privacy.services import erasure_ask
from portal.privacy.services.erasure import erasures_due
from portal.registry import LockdownFollower, LockdownKeeper, announced
from tests.factories.accounts import PASSWORD, current_code, person, with_factor
from tests.jobs import queued_jobs, run_jobs
from tests.portal.accounts.server import Browser, closing_of, serving

LOCK, DONE, LOGIN, SECURITY = (
    "/accounts/lock-down/",
    "/accounts/lock-down/done/",
    "/accounts/login/",
    "/accounts/security/",
)
AT_ONCE = 5.0  # seconds
WHY = "Met her in person, with her sister."


@pytest.fixture
def seized(db):
    """Whose account is seized: signed in on two devices, with a factor."""
    return with_factor(person("Selma Seized", email="selma@example.org"))


@pytest.fixture
def officers(db):
    """Two of the Secretariat."""
    officers = [with_factor(person(name)) for name in ("Olga Officer", "Oumar Officer")]
    for officer in officers:
        roles.grant(roles.SECRETARIAT, officer, roles.network())
    return officers


@pytest.fixture
def keepers(db, seized):
    """Two administrators of an organisation that she belongs to, as an app would announce them."""
    keepers = [person("Kim Keeper"), person("Kofi Keeper")]
    pks = [keeper.pk for keeper in keepers]
    announced.lockdown_keepers.add(
        LockdownKeeper(
            name="test",
            kept_by=lambda actor: User.objects.filter(pk__in=[seized.pk, *pks] if actor.pk in pks else []),
            keepers_of=lambda person: User.objects.filter(pk__in=pks if person.pk == seized.pk else []),
        )
    )
    yield keepers
    announced.lockdown_keepers._items.pop("test")


def sign_in(reader, password=PASSWORD):
    client = Client()
    answer = client.post(LOGIN, {"login": reader.email, "password": password})
    return client, answer


def lock(client=None, **given):
    return (client or Client()).post(LOCK, given)


def undone(seized, first, second):
    lockdown = Lockdown.objects.get(person=seized, undone_at__isnull=True)
    services.unlock_propose(first, lockdown=lockdown, why=WHY)
    return services.unlock_confirm(second, lockdown=lockdown, why="Heard her voice.")


# Locking with the code


def test_the_code_locks_at_once_and_everything_with_it(seized, officers):
    """Sessions, sign-in, links to reset, links she sent, an address on its way: nothing of it works any more."""
    code = services.lockdown_code_make(seized)
    client = Client()
    client.force_login(seized)
    reset = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(seized), "key": default_token_generator.make_token(seized)},
    )
    EmailAddress.objects.create(user=seized, email="thief@example.org", verified=False)
    sent = Invitation.objects.create(
        email="friend@example.org", purpose="x", token_hash="0" * 64, invited_by=seized,
        expires_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip

    answer = lock(email="selma@example.org", code=code)

    seized.refresh_from_db()
    sent.refresh_from_db()
    assert answer.url == DONE
    assert is_locked(seized.pk)
    assert not seized.is_active
    assert not seized.has_usable_password()
    assert client.get(SECURITY).status_code == 302
    assert "no longer works" in Client().get(reset, follow=True).content.decode()
    assert sent.state == "revoked"
    assert list(seized.emailaddress_set.values_list("email", flat=True)) == ["selma@example.org"]
    assert not LockdownCode.objects.exists()
    assert Entry.objects.get(verb="person.locked").details == {"way": "code"}


def test_signing_in_is_refused_with_the_words_of_a_wrong_password(seized, officers):
    wrong = sign_in(seized, "wrong password")[1].content.decode()
    services.account_lock(officers[0], person=seized, why="")
    cache.clear()

    refused = sign_in(seized)[1]

    assert "do not belong together" in wrong
    assert "do not belong together" in refused.content.decode()
    assert "lock" not in refused.content.decode().split("<form")[1].split("</form>")[0].lower()


def test_no_mail_leads_back_in(seized, officers):
    services.account_lock(officers[0], person=seized, why="")
    mail.outbox.clear()
    run_jobs()
    mail.outbox.clear()

    Client().post("/accounts/password/reset/", {"email": seized.email})
    run_jobs()

    assert [sent for sent in mail.outbox if seized.email in sent.to] == []


@pytest.mark.parametrize("typed", ["right", "spaced", "lower", "arabic digits", "alike"])
def test_the_code_is_read_however_it_is_typed(typed, seized, monkeypatch):
    monkeypatch.setattr("portal.accounts.services.lockdown.new_code", lambda: "7K01-2F0X-9D3T-HV5A")
    code = services.lockdown_code_make(seized)
    written = {
        "right": code,
        "spaced": f"  {code.replace('-', ' ')} ",
        "lower": code.lower(),
        "arabic digits": code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        "alike": "7KOI-2FOX-9D3T-HV5A",
    }[typed]

    lock(email=" Selma@Example.org ", code=written)

    assert is_locked(seized.pk)


def test_codes_are_long_and_not_stored(seized):
    codes = {new_code() for _ in range(200)}
    code = services.lockdown_code_make(seized)

    assert len(codes) == 200
    assert all(len(code) == 19 for code in codes)
    assert len({code_hash(code) for code in codes}) == 200
    stored = str(LockdownCode.objects.values().get())
    assert code not in stored
    assert code.replace("-", "") not in stored


def test_the_code_still_works_when_the_thief_changed_the_address(seized):
    code = services.lockdown_code_make(seized)
    User.objects.filter(pk=seized.pk).update(email="thief@example.org")
    seized.emailaddress_set.update(email="thief@example.org")

    lock(email="selma@example.org", code=code)

    assert is_locked(seized.pk)


def test_a_new_code_ends_the_old_one(seized):
    old, _new = services.lockdown_code_make(seized), services.lockdown_code_make(seized)

    lock(email=seized.email, code=old)

    assert not is_locked(seized.pk)


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("selma@example.org", "right"),
        ("selma@example.org", "0000-0000-0000-0000"),
        ("selma@example.org", "x"),
        ("nobody@example.org", "right"),
        ("nobody@example.org", "0000-0000-0000-0000"),
        ("no address at all", "<script>"),
        ("x" * 254, "é" * 64),
    ],
)
def test_the_answer_is_the_same_whatever_is_typed(email, code, seized):
    right = services.lockdown_code_make(seized)
    client = Client()

    answer = lock(client, email=email, code=right if code == "right" else code)
    page = client.get(answer.url)

    assert (answer.status_code, answer.url, answer.content) == (302, DONE, b"")
    assert "If the address and the code belong together" in page.content.decode()
    assert is_locked(seized.pk) == (email == "selma@example.org" and code == "right")


@pytest.mark.parametrize(
    "given", [{}, {"email": "selma@example.org"}, {"email": "x" * 300, "code": "x" * 99}, {"code": "a\0b"}]
)
def test_what_cannot_be_read_is_said_and_what_was_typed_is_kept(given, seized):
    answer = lock(**given)

    assert answer.status_code == 200
    assert "Nothing is locked yet" in answer.content.decode()
    assert given.get("email", "")[:254] in answer.content.decode()


def test_typing_codes_is_slowed_for_one_address_of_the_net_only(seized):
    code = services.lockdown_code_make(seized)
    statuses = [lock(email=seized.email, code=f"guess {n}").status_code for n in range(21)]

    elsewhere = Client(REMOTE_ADDR="198.51.100.7").post(LOCK, {"email": seized.email, "code": code})

    assert statuses == [302] * 20 + [429]
    assert elsewhere.status_code == 302
    assert is_locked(seized.pk)


def test_the_page_is_small_and_needs_no_script(db):
    page = Client().get(LOCK)

    assert page.status_code == 200
    assert len(page.content) < 12_000
    assert b'<form class="stack" method="post"' in page.content
    assert page.headers["Cache-Control"].startswith(("max-age=0", "private", "no-cache", "no-store"))


def test_the_page_of_the_code_shows_it_once_after_a_fresh_proof(seized):
    client = Client()
    seized.authenticator_set.all().delete()
    client.post(LOGIN, {"login": seized.email, "password": PASSWORD})
    session = client.session
    session["proved_at"] = 0
    session.save()
    before = client.get("/accounts/lock-down/code/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    cache.clear()

    made = client.post("/accounts/lock-down/code/").content.decode()
    after = client.get("/accounts/lock-down/code/").content.decode()
    run_jobs()

    code = made.split('id="lockdown-code">')[1].split("<")[0]
    assert before.url.startswith("/accounts/reauthenticate/")
    assert LockdownCode.objects.get().code_hash == code_hash(code)
    assert code not in after
    assert [sent.to for sent in mail.outbox] == [[seized.email]]  # whoever did not make it learns of it
    assert Entry.objects.filter(verb="person.lockdown_code_made").count() == 1
    assert code not in str(Entry.objects.values())


def test_a_sign_in_that_is_half_done_does_not_go_on(seized, officers):
    """The password was given, the code is not yet: the factors of a locked account open nothing."""
    client, answer = sign_in(seized)
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    services.account_lock(officers[0], person=seized, why="")

    client.post("/accounts/2fa/authenticate/", {"code": current_code()})

    assert client.get(SECURITY).status_code == 302
    assert "_auth_user_id" not in client.session


def test_an_account_that_is_being_closed_can_be_locked_and_neither_returns_nor_is_erased(seized, officers):
    """Whoever seized it may have closed it, to wait, or to have everything erased."""
    wish, token = erasure_ask(seized)
    code = services.lockdown_code_make(seized)

    lock(email=seized.email, code=code)
    Client().post(reverse("privacy:return", args=[token]))
    ErasureRequest.objects.update(due_at=timezone.now() - timedelta(days=1))
    erased = erasures_due()

    assert is_locked(seized.pk)
    assert erased == 0
    undone(seized, *officers)
    seized.refresh_from_db()
    assert (seized.is_active, seized.locked_at, seized.erased_at) == (False, None, None)
    assert wish.is_open


def test_browsers_are_strangers_and_recoveries_end(seized, officers):
    now = timezone.now()
    KnownDevice.objects.create(person=seized, token_hash="0" * 64)
    AccountRecovery.objects.create(
        person=seized, reason="lost", started_by=officers[0], expires_at=now + timedelta(days=1), cancel_hash="1" * 64
    )

    services.account_lock(officers[0], person=seized, why="")

    assert not KnownDevice.objects.exists()
    assert AccountRecovery.objects.get().state == "cancelled"


# Who is told


def test_keepers_and_secretariat_are_told_and_nobody_is_named(seized, officers, keepers):
    code = services.lockdown_code_make(seized)
    lock(email=seized.email, code=code)
    run_jobs()

    told = set(Notification.objects.filter(kind="lockdown.begun").values_list("person", flat=True))
    texts = [f"{sent.subject} {sent.body} {sent.alternatives}" for sent in mail.outbox]
    assert told == {keeper.pk for keeper in (*officers, *keepers)}
    assert {address for sent in mail.outbox for address in sent.to} == {
        seized.email, *(keeper.email for keeper in (*officers, *keepers)),
    }  # fmt: skip
    others = [text for sent, text in zip(mail.outbox, texts, strict=True) if sent.to != [seized.email]]
    assert all("Selma" not in text and seized.email not in text for text in others)
    (own,) = [text for sent, text in zip(mail.outbox, texts, strict=True) if sent.to == [seized.email]]
    assert "Keeper" not in own
    assert "Officer" not in own
    assert all(keeper.email not in own for keeper in (*officers, *keepers))
    assert all("Selma" not in str(row) for row in Notification.objects.values("payload", "url"))


def test_no_page_of_the_flow_shows_a_contact(seized, officers, keepers):
    code = services.lockdown_code_make(seized)
    client = Client()
    client.force_login(seized)

    pages = [client.get(path, follow=True).content.decode() for path in (LOCK, "/accounts/lock-down/code/")]
    pages.append(lock(client, email=seized.email, code=code).content.decode())
    pages.append(client.get(DONE).content.decode())

    for other in (*officers, *keepers):
        assert all(other.name not in page and other.email not in page for page in pages)


def test_mails_that_wait_are_held_while_the_account_is_locked(seized, officers):
    (gate,) = [gate for gate in announced.mail_gates if gate.name == "accounts.lockdown"]
    before = gate.may_mail(seized.pk)
    services.account_lock(officers[0], person=seized, why="")

    assert before
    assert not gate.may_mail(seized.pk)
    undone(seized, *officers)
    assert gate.may_mail(seized.pk)


# By others


def test_a_keeper_and_the_secretariat_lock_and_others_do_not(seized, officers, keepers):
    stranger, colleague = person("Stranger"), keepers[0]

    for actor in (stranger, seized):
        with pytest.raises(Refused):
            services.account_lock(actor, person=seized, why="")
    with pytest.raises(Refused):
        services.account_lock(colleague, person=stranger, why="")
    first = services.account_lock(colleague, person=seized, why="Taken from home at six.")
    again = services.account_lock(officers[0], person=seized, why="")

    assert first == again
    assert (first.way, first.locked_by) == (Lockdown.Way.COLLEAGUE, colleague)
    assert Lockdown.objects.count() == 1
    assert Entry.objects.get(verb="person.locked").actor == colleague


def test_nobody_locked_locks_others(seized, officers, keepers):
    """Two keepers who lock each other: the second finds that they are locked."""
    services.account_lock(officers[0], person=keepers[0], why="")

    with pytest.raises(Refused):
        services.account_lock(keepers[0], person=keepers[1], why="")


@pytest.mark.django_db(transaction=True)
def test_two_keepers_who_lock_each_other_at_once_leave_one(seized, officers, keepers):
    start, outcomes = threading.Barrier(2), []

    def lock_the_other(actor, other):
        start.wait()
        try:
            services.account_lock(User.objects.get(pk=actor.pk), person=other, why="")
            outcomes.append("locked")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=lock_the_other, args=pair) for pair in (keepers, keepers[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["locked", "refused"]
    assert sum(is_locked(keeper.pk) for keeper in keepers) == 1


def test_followers_flag_what_waits_and_one_that_fails_holds_nothing_up(seized, officers, caplog):
    told = []

    def fails(_person):
        User.objects.filter(pk=seized.pk).update(name="broken half way")
        raise RuntimeError("a follower of another app")

    announced.lockdown_followers.add(
        LockdownFollower(name="test.broken", locked=fails, unlocked=fails),
        LockdownFollower(
            name="test.drafts",
            locked=lambda person: told.append(("locked", person.pk, person.is_active)),
            unlocked=lambda person: told.append(("unlocked", person.pk, person.is_active)),
        ),
    )
    try:
        services.account_lock(officers[0], person=seized, why="")
        undone(seized, *officers)
    finally:
        announced.lockdown_followers._items.pop("test.broken")
        announced.lockdown_followers._items.pop("test.drafts")

    assert told == [("locked", seized.pk, False), ("unlocked", seized.pk, True)]
    assert "test.broken could not follow" in caplog.text
    assert User.objects.get(pk=seized.pk).name == "Selma Seized"


def test_the_database_lets_nobody_locked_be_active(seized, officers):
    services.account_lock(officers[0], person=seized, why="")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=seized.pk).update(is_active=True)


# Unlocking


def test_two_people_open_it_again_with_everything_set_anew(seized, officers, keepers):
    code = services.lockdown_code_make(seized)
    lock(email=seized.email, code=code)
    mail.outbox.clear()

    lockdown = undone(seized, keepers[0], officers[0])
    run_jobs("accounts.unlocked_mail")

    seized.refresh_from_db()
    (letter,) = [sent for sent in mail.outbox if sent.to == [seized.email]]
    assert (seized.is_active, seized.locked_at) == (True, None)
    assert not seized.has_usable_password()
    assert not Authenticator.objects.filter(user=seized).exists()
    assert (lockdown.proposed_by, lockdown.undone_by) == (keepers[0], officers[0])
    link = letter.body.split("http://")[1].split()[0].partition("/")[2]
    client = Client()
    form = client.get(f"/{link}", follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "another long secret", "password2": "another long secret"})
    seized.refresh_from_db()
    assert seized.check_password("another long secret")
    assert "no longer works" in Client().get(f"/{link}", follow=True).content.decode()  # it worked once
    assert list(
        Entry.objects.filter(target_id=seized.pk, verb__startswith="person.unlock")
        .order_by("pk")
        .values_list("verb", "actor")
    ) == [("person.unlock_proposed", keepers[0].pk), ("person.unlocked", officers[0].pk)]


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ("officer", "other officer", True),
        ("officer", "keeper", True),
        ("keeper", "officer", True),
        ("keeper", "other keeper", False),  # they may sit in the same office
        ("officer", "officer", False),
        ("keeper", "keeper", False),
        ("officer", "stranger", False),
        ("officer", "seized", False),
    ],
)
def test_which_two_people(first, second, allowed, seized, officers, keepers):
    people = {
        "officer": officers[0], "other officer": officers[1], "keeper": keepers[0], "other keeper": keepers[1],
        "stranger": person("Stranger"), "seized": seized,
    }  # fmt: skip
    services.account_lock(officers[1], person=seized, why="")

    try:
        undone(seized, people[first], people[second])
    except Refused:
        done = False
    else:
        done = True

    assert done == allowed
    assert is_locked(seized.pk) != allowed


@pytest.mark.parametrize("who", ["stranger", "seized"])
def test_who_cannot_be_the_first(who, seized, officers, keepers):
    lockdown = services.account_lock(officers[0], person=seized, why="")
    actor = {"stranger": person("Stranger"), "seized": seized}[who]

    with pytest.raises(Refused):
        services.unlock_propose(actor, lockdown=lockdown, why=WHY)


@pytest.mark.parametrize(
    "meanwhile", ["a week goes by", "the first is locked", "the first loses the role", "withdrawn"]
)
def test_a_proposal_holds_no_longer(meanwhile, seized, officers, keepers):
    lockdown = services.account_lock(officers[0], person=seized, why="")
    services.unlock_propose(officers[0], lockdown=lockdown, why=WHY)
    if meanwhile == "a week goes by":
        Lockdown.objects.update(proposed_at=timezone.now() - PROPOSAL_HOLDS)
    elif meanwhile == "the first is locked":
        services.account_lock(officers[1], person=officers[0], why="")
    elif meanwhile == "the first loses the role":
        roles.revoke(roles.SECRETARIAT, officers[0], roles.network())
    else:
        services.unlock_withdraw(keepers[0], lockdown=lockdown)

    with pytest.raises(Refused):
        services.unlock_confirm(officers[1], lockdown=lockdown, why=WHY)

    assert is_locked(seized.pk)
    services.unlock_propose(officers[1], lockdown=lockdown, why=WHY)  # and it can be proposed anew


def test_the_database_asks_for_two_people(seized, officers):
    lockdown = services.account_lock(officers[0], person=seized, why="")
    now = timezone.now()
    alone = {"undone_by": officers[0], "undone_at": now}
    for values in (
        alone,
        {**alone, "proposed_by": officers[0], "proposed_at": now},
        {**alone, "proposed_by": seized, "proposed_at": now},
        {"undone_at": now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lockdown.objects.filter(pk=lockdown.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_open_it_once(seized, officers, keepers):
    third = with_factor(person("Orhan Officer"))
    roles.grant(roles.SECRETARIAT, third, roles.network())
    lockdown = services.account_lock(officers[0], person=seized, why="")
    services.unlock_propose(keepers[0], lockdown=lockdown, why=WHY)
    start, outcomes = threading.Barrier(2), []

    def confirm(actor):
        start.wait()
        try:
            services.unlock_confirm(User.objects.get(pk=actor.pk), lockdown=lockdown, why=WHY)
            outcomes.append("opened")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=[actor]) for actor in (officers[0], third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["opened", "refused"]
    assert len(queued_jobs("accounts.unlocked_mail")) == 1


def test_the_pages_are_for_those_who_keep_the_account(seized, officers, keepers):
    lockdown = services.account_lock(officers[0], person=seized, why="Taken from home at six.")
    page = reverse("accounts:lockdown", args=[lockdown.pk])
    clients = {}
    for who in (*officers, *keepers, person("Stranger")):
        clients[who.name] = Client()
        clients[who.name].force_login(who)

    pages = {name: client.get(page) for name, client in clients.items()}

    assert {name: answer.status_code for name, answer in pages.items()} == {
        "Olga Officer": 200, "Oumar Officer": 200, "Kim Keeper": 200, "Kofi Keeper": 200, "Stranger": 404,
    }  # fmt: skip
    assert "Taken from home at six." in pages["Kim Keeper"].content.decode()
    assert list(policies.lockdowns_visible_to(keepers[0])) == [lockdown]
    assert not policies.can_see_lockdown(seized, lockdown)
    assert clients["Stranger"].get("/accounts/locked/").status_code == 403
    assert "Selma Seized" in clients["Kim Keeper"].get("/accounts/locked/").content.decode()


def test_the_two_steps_by_their_pages(seized, officers, keepers):
    lockdown = services.account_lock(officers[0], person=seized, why="")
    unlock = reverse("accounts:unlock", args=[lockdown.pk])
    clients = []
    for who in (keepers[0], officers[1]):
        client = Client()
        client.force_login(who)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        clients.append(client)

    empty = clients[0].post(unlock, {"why": " "})
    first = clients[0].post(unlock, {"why": WHY}, follow=True)
    asked = clients[1].get(unlock)
    second = clients[1].post(unlock, {"why": "Heard her voice."}, follow=True)
    late = clients[1].get(unlock)

    assert "Nothing is unlocked yet" in empty.content.decode()
    assert "A second person is needed" in first.content.decode()
    assert WHY in asked.content.decode()
    assert seized.email in asked.content.decode()  # they see where the link will go
    assert "It is open again" in second.content.decode()
    assert late.url == reverse("accounts:lockdown", args=[lockdown.pk])
    assert not is_locked(seized.pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(rows, officers, django_assert_max_num_queries):
    for _ in range(rows):
        services.account_lock(officers[0], person=person(), why="")
    client = Client()
    client.force_login(officers[1])
    client.get("/accounts/locked/")

    with django_assert_max_num_queries(12):
        page = client.get("/accounts/locked/")

    assert page.content.decode().count("Locked on") == rows


# On a real server


@pytest.mark.django_db(transaction=True)
def test_a_lock_down_reaches_everything_within_five_seconds():
    seized = person("Selma Seized", email="selma@example.org")
    officer = with_factor(person("Olga Officer"))
    roles.grant(roles.SECRETARIAT, officer, roles.network())
    code = services.lockdown_code_make(seized)
    with serving() as port:
        phone, desk, stranger = Browser(port, seized), Browser(port, seized), Browser(port)
        form = desk.form("/accounts/", name="Seized Name", language="en", time_zone="UTC", appearance="auto")
        typed = stranger.form(LOCK, email=seized.email, code=code)
        with phone.listen() as listening:
            began = time.monotonic()
            answer = stranger.ask("POST", LOCK, typed)
            closed = closing_of(listening, AT_ONCE)
        gone = [browser.ask("GET", SECURITY)[:2] for browser in (phone, desk)]
        written = desk.ask("POST", "/accounts/", form)
        took = time.monotonic() - began

    assert answer[:2] == (302, DONE)
    assert closed == 4001
    assert gone == [(302, f"{LOGIN}?next={SECURITY}")] * 2
    assert written[0] in {302, 403}
    assert User.objects.get(pk=seized.pk).name == "Selma Seized"
    assert Session.objects.count() == 0
    assert took < AT_ONCE
