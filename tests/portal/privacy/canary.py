"""A person with random words in every field, and the search for them in everything that is kept."""

from __future__ import annotations

import io
import secrets
from datetime import date
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from memberships.directory.imports.services import import_preview
from memberships.organisations import services as organisations
from memberships.organisations.models import Organisation, Standing
from memberships.people import services as people
from memberships.people.models import Affiliation, Profile, Role
from portal.accounts.models import AccountRecovery, Lockdown
from portal.accounts.services import invitation_accept, preferences_update
from portal.accounts.tasks import confirmation_mail, notice_mail, password_reset_mail
from portal.audit.services import record
from portal.notifications.models import MailSettings, ReturnedMail
from portal.search.services import reindex
from tests.architecture.world import organisation
from tests.factories import people as factory
from tests.factories import pictures
from tests.factories.accounts import with_authenticator_app


def word() -> str:
    """One that occurs nowhere by chance."""
    return "z" + secrets.token_hex(5)


class Story:
    """What one person leaves behind everywhere: random words in every field, and quoted by others."""

    def __init__(self, suffix: str = "") -> None:
        first, last, box, host, title, about = (word() for _ in range(6))
        self.phone = "+32 470 " + " ".join(f"{secrets.randbelow(90) + 10}" for _ in range(4))
        self.words = [first, last, box, host, title, about, self.phone, self.phone.replace(" ", "")]
        self.name = f"{first.capitalize()} {last.capitalize()}"
        self.email = f"{box}@{host}.example"
        self.alpha, self.beta = organisation(f"Alpha Press Union{suffix}"), organisation(f"Beta Media Watch{suffix}")
        self.keeper = factory.person("Kim Keeper", of=self.alpha, roles=[Role.ADMINISTRATOR])
        self.secretariat = factory.secretariat("Sekou Retariat")
        _terms, token = factory.invitation(
            self.keeper, organisation=self.alpha, email=self.email, name=self.name, title=title,
            roles=[Role.ADMINISTRATOR],
        )  # fmt: skip
        Client().post(f"/accounts/invitation/{token}/", {})  # a form that is not accepted
        self.person = invitation_accept(token, name=self.name, password="correct horse battery", language="fr")
        with_authenticator_app(self.person)
        self.person = factory.reread(self.person)
        self._tells(about)
        self._acts(title)
        self._is_quoted()
        self._signs_in()
        self._is_guarded()
        self._jobs()

    def _tells(self, about: str) -> None:
        people.profile_update(
            self.person, person=self.person, name=self.name, languages=["fr"], about=f"{about} {self.name}",
            phone=self.phone, email_audience=Profile.Audience.NETWORK, phone_audience=Profile.Audience.NETWORK,
        )  # fmt: skip
        preferences_update(self.person, name=self.name, preferences={"time_zone": "Africa/Kinshasa"})

    def _acts(self, title: str) -> None:
        own = Affiliation.objects.get(person=self.person)
        people.affiliation_update(self.keeper, affiliation=own, title=f"{title} {title}")
        people.role_give(self.keeper, affiliation=own, role=Role.DELEGATE)
        colleague = factory.person("Cora League", of=self.alpha, language="ar")
        people.role_give(self.person, affiliation=factory.affiliation(colleague, self.alpha), role=Role.SIGNATORY)
        self.colleague = colleague
        self.sent = people.invite_colleague(
            self.person, organisation=self.alpha, email="else@example.org", name="Else Body"
        )
        organisations.organisation_update(
            self.person, organisation=self.alpha, version=self._version(), changes={"city": "Goma"}
        )
        upload = pictures.upload(pictures.picture(), name=f"{self.name}.png")
        organisations.logo_set(self.person, organisation=self.alpha, upload=upload)

    def _is_quoted(self) -> None:
        for address in (self.email, "desk@example.org"):
            organisations.contacts_save(
                self.keeper, organisation=self.alpha, version=self._version(),
                contacts=[
                    organisations.ContactValues("email", address, "network"),
                    organisations.ContactValues("phone", self.phone, "network"),
                ],
            )  # fmt: skip
        for text in (f"Ask {self.name}, {self.email} or {self.phone}.", "Ask the desk."):
            organisations.organisation_update(
                self.keeper, organisation=self.alpha, version=self._version(), changes={"description_en": text}
            )
        table = f"name,region\nDesk of {self.name},africa\n".encode()
        import_preview(self.secretariat, file_name=f"{self.name}.csv", file=io.BytesIO(table))
        organisations.standing_start(
            self.secretariat, organisation=self.beta, kind=Standing.Kind.SUSPENDED, since=date(2026, 1, 1),
            reason=f"Letter of {self.name}",
        )  # fmt: skip
        Standing.objects.filter(organisation=self.beta, reason__contains=self.name).update(recorded_by=self.person)

    def _signs_in(self) -> None:
        client = Client(headers={"user-agent": f"Mozilla {self.words[0]}"})
        client.force_login(self.person)
        client.get("/")
        client.get("/search/", {"q": self.name})
        client.get("/members/people/", {"q": self.name})
        UserSession.objects.create(
            user=self.person,
            session_key=client.session.session_key,
            ip="192.0.2.7",
            user_agent=f"Mozilla {self.words[0]}",
        )
        EmailAddress.objects.create(user=self.person, email=f"new.{self.email}", verified=False)
        self.client = client

    def _is_guarded(self) -> None:
        now, helper = timezone.now(), factory.secretariat("Hanna Help")
        reason = f"{self.name} called from {self.phone}"
        ReturnedMail.objects.create(email=self.email, code="550 5.1.1")  # of the invitation: nobody's yet
        ReturnedMail.objects.create(email=f"old.{self.email}", person=self.person, code="550 5.1.1")
        MailSettings.objects.create(person=self.person, discreet=False)
        Lockdown.objects.create(
            person=self.person, way=Lockdown.Way.SECRETARIAT, locked_by=self.secretariat, why=reason,
            proposed_by=self.secretariat, proposed_at=now, proposed_why=reason, undone_by=helper, undone_at=now,
            undone_why=reason,
        )  # fmt: skip
        AccountRecovery.objects.create(
            person=self.person, reason=reason, started_by=self.secretariat, expires_at=now, cancelled_by=helper,
            cancelled_at=now, cancel_hash=secrets.token_hex(),
        )  # fmt: skip
        record(self.secretariat, verb="person.locked", target=self.person, why=reason)

    def _jobs(self) -> None:
        password_reset_mail.defer(email=self.email)
        confirmation_mail.defer(address_id=EmailAddress.objects.get(email=f"new.{self.email}").pk)
        notice_mail.defer(
            person_id=self.person.pk, email=self.email, kind="password_changed", at="2026-11-21T08:00:00+00:00",
            user_agent=f"Mozilla {self.words[0]}",
        )  # fmt: skip
        reindex("person")

    def _version(self) -> int:
        return Organisation.objects.get(pk=self.alpha.pk).version


def everywhere(words: list[str]) -> list[str]:
    """Where any of `words` is found: "table", "cache", or the path of a file."""
    found = [table for table in connection.introspection.table_names() if _in_table(table, words)]
    cached = repr(list(getattr(cache, "_cache", {}).items())).lower()
    found += ["cache" for one in words if one.lower() in cached]
    for root in (Path(settings.MEDIA_ROOT), Path(settings.DATA_DIR) / "mails"):
        found += [str(path) for path in root.rglob("*") if path.is_file() and _in_file(path, words)]
    return found


def _in_table(table: str, words: list[str]) -> bool:
    """The database itself looks: each row as text, in whatever columns, and what is kept as bytes."""
    quoted = connection.ops.quote_name(table)
    patterns = [f"%{one}%" for one in words]
    with connection.cursor() as cursor:
        asked = f"SELECT EXISTS (SELECT FROM {quoted} AS t WHERE t::text ILIKE ANY(%s))"  # noqa: S608 - our own tables
        cursor.execute(asked, [patterns])
        if cursor.fetchone()[0]:
            return True
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'bytea'", [table]
        )
        for (column,) in cursor.fetchall():
            name = connection.ops.quote_name(column)
            asked = f"SELECT EXISTS (SELECT FROM {quoted} WHERE encode({name}, 'escape') ILIKE ANY(%s))"  # noqa: S608
            cursor.execute(asked, [patterns])
            if cursor.fetchone()[0]:
                return True
    return False


def _in_file(path: Path, words: list[str]) -> bool:
    content = path.read_bytes().lower() + str(path).lower().encode()
    return any(one.lower().encode() in content for one in words)


def rows_in_all() -> dict[str, int]:
    """How many rows each table of ours has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}
