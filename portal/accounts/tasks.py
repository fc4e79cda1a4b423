"""Jobs about accounts: mails that must not be lost with a mail server, and tidying up.

What a job carries may be read in the database, so it never carries a link that works: links are made when the mail is.
Each job reads everything afresh; a person whose account was closed meanwhile gets nothing.
"""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, get_emailconfirmation_model
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import override
from procrastinate.contrib.django import app

from portal.accounts.devices import device_name
from portal.accounts.models import AccountRecovery, Guesses, Invitation, Lockdown, User
from portal.accounts.notices import NOTICES, RECOVERY
from portal.accounts.selectors import person_at
from portal.accounts.tokens import is_token, token_of
from portal.notifications.mails import Neutral, address_of, mail_to_address, mail_to_person
from portal.registry import announced
from portal.tasks.retry import MAIL_RETRY


@app.task(name="accounts.invitation_mail", retry=MAIL_RETRY)
def invitation_mail(*, invitation_id: int, seed: str) -> None:
    """Mail an invitation's link, unless it was closed or replaced meanwhile."""
    invitation = Invitation.objects.select_related("invited_by").filter(pk=invitation_id).first()
    token = token_of(seed)
    if invitation is None or not invitation.is_open or not is_token(token, invitation.token_hash):
        return
    purpose = announced.invitation_purposes.get(invitation.purpose)
    if purpose is None:
        return
    with override(invitation.language):
        to_what = str(purpose.describe(invitation))
    mail_to_address(
        invitation.email,
        language=invitation.language,
        template="email/portal/accounts/invitation",
        context={
            "invitation": invitation,
            "to_what": to_what,
            "link": address_of(reverse("accounts:invitation", args=[token])),
        },
        identity=f"invitation {invitation_id} {seed}",
    ).send()


@app.task(name="accounts.password_reset_mail", retry=MAIL_RETRY)
def password_reset_mail(*, email: str) -> None:
    """Mail a link to set a new password to whoever has an account at `email`; nothing where nobody has.

    Queued for every address typed, known or not, so that the page answers both alike and in the same time.
    """
    person = person_at(email)
    if person is None or not person.is_active:
        return
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    link = address_of(reverse("account_reset_password_from_key", kwargs=key))
    context = {"link": link, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    mail_to_person(
        person, template="email/portal/accounts/password_reset", context=context, neutral=Neutral.LINK
    ).send()


@app.task(name="accounts.confirmation_mail", retry=MAIL_RETRY)
def confirmation_mail(*, address_id: int) -> None:
    """Mail the link by which a person proves that an address is theirs, unless it is proven or given up."""
    address = EmailAddress.objects.select_related("user").filter(pk=address_id, verified=False).first()
    if address is None or not address.user.is_active:
        return
    key = get_emailconfirmation_model().create(address).key
    context = {"link": address_of(reverse("account_confirm_email", args=[key]))}
    template = "email/portal/accounts/confirmation"
    mail_to_person(address.user, email=address.email, template=template, context=context, neutral=Neutral.LINK).send()


@app.task(name="accounts.notice_mail", retry=MAIL_RETRY)
def notice_mail(*, person_id: int, email: str, kind: str, at: str, user_agent: str) -> None:
    """Tell a person that something about their account was changed, at the address that was theirs before it.

    `kind` is a key of `NOTICES`, `at` an ISO 8601 moment with its offset.
    """
    person = User.objects.filter(pk=person_id).first()
    if person is None or kind not in NOTICES:
        return
    with override(person.language):
        subject, sentence = (str(text) for text in NOTICES[kind])
        device = device_name(user_agent)
    context = {
        "subject": subject,
        "sentence": sentence,
        "device": device,
        "at": parse_datetime(at),
        "link": address_of(reverse("account_reset_password")),
    }
    mail_to_person(
        person,
        email=email,
        template="email/portal/accounts/notice",
        context=context,
        neutral=Neutral.CHANGED,
        identity=f"notice {person_id} {kind} {at}",
    ).send()


@app.task(name="accounts.lockdown_mail", retry=MAIL_RETRY)
def lockdown_mail(*, lockdown_id: int) -> None:
    """Tell a person, at their address only, that their account is locked: neither by whom nor who else knows."""
    lockdown = Lockdown.objects.select_related("person").filter(pk=lockdown_id, undone_at__isnull=True).first()
    if lockdown is not None:
        # While the account is locked others hold the person's mails back, all but this one.
        mail_to_person(
            lockdown.person,
            template="email/portal/accounts/locked",
            context={},
            neutral=Neutral.CHANGED,
            even_when_held=True,
        ).send()


@app.task(name="accounts.unlocked_mail", retry=MAIL_RETRY)
def unlocked_mail(*, lockdown_id: int) -> None:
    """Mail the link by which a person sets a password again after an unlocking; it works once."""
    lockdown = Lockdown.objects.select_related("person").filter(pk=lockdown_id, undone_at__isnull=False).first()
    if lockdown is None or not lockdown.person.is_active:
        return
    person = lockdown.person
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    link = address_of(reverse("account_reset_password_from_key", kwargs=key))
    context = {"link": link, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    mail_to_person(person, template="email/portal/accounts/unlocked", context=context, neutral=Neutral.LINK).send()


@app.task(name="accounts.recovery_mail", retry=MAIL_RETRY)
def recovery_mail(*, recovery_id: int, step: str, seed: str) -> None:
    """Tell a person how far the recovery of their account is, a key of `RECOVERY`; with a link where `seed` makes one.

    A step that is no longer true by now is not told: a link to something cancelled would only frighten.
    """
    recovery = AccountRecovery.objects.select_related("person").filter(pk=recovery_id).first()
    if recovery is None or not recovery.person.is_active:
        return
    if step in {"started", "confirmed", "open"} and recovery.state != step:
        return
    name = "accounts:recover" if step == "open" else "accounts:recovery-stop"
    with override(recovery.person.language):
        subject, sentence, label = (str(text) for text in RECOVERY[step])
    context = {
        "subject": subject,
        "sentence": sentence,
        "label": label,
        "opens_at": recovery.opens_at if step == "confirmed" else None,
        "link": address_of(reverse(name, args=[token_of(seed)])) if seed else "",
    }
    mail_to_person(
        recovery.person,
        template="email/portal/accounts/recovery",
        context=context,
        neutral=Neutral.LINK if seed else Neutral.CHANGED,
        identity=f"recovery {recovery_id} {step}",
    ).send()


@app.periodic(cron="17 * * * *")
@app.task(name="accounts.sessions_tidy")
def sessions_tidy(timestamp: int) -> None:
    """Remove sessions that have run out, and the rows about their devices."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()


@app.periodic(cron="23 3 * * *")
@app.task(name="accounts.guesses_tidy")
def guesses_tidy(timestamp: int) -> None:
    """Remove allowances of guesses that have drained long ago."""
    Guesses.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
