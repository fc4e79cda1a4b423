"""What is typed wrongly or meant badly: a sentence beside the field, the typed text kept, nothing changed."""

import pytest
from django.urls import reverse

from memberships.people.models import Affiliation, Profile, Role
from memberships.people.selectors import organisations_of
from portal.accounts.models import Invitation, User
from tests.factories import people

BAD_NAMES = [
    "\x07bell",
    "evil\u202egnp",
    "\u2066isolated\u2069",
    "zero\u200bwidth",
    "nul\0l",
    "x" * 10_000,
    "\ufeffbom",
    "...",
]
GOOD_NAMES = ["Nguyễn Văn Á", "منى السيد", "می‌خواهم", "O’Brien-Łuczak", "李雷", "Иван Иванов", "अरुणा देवी"]
INVITE = {"email": "ines@example.org", "name": "Ines Vited", "title": "Editor", "roles": ["delegate"], "language": "en"}
PROFILE = {
    "name": "Sam Staff",
    "languages": ["en"],
    "about": "",
    "phone": "",
    "email_audience": "colleagues",
    "phone_audience": "colleagues",
}


def invite(net):
    return reverse("people:invite", args=[net.alpha.slug])


def edit(net, who):
    return reverse("people:affiliation-edit", args=[net.alpha.slug, people.affiliation(who, net.alpha).pk])


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("field", ["name", "title"])
def test_bad_names_and_titles_of_the_invited(field, name, network, client):
    client.force_login(network.administrator)

    answer = client.post(invite(network), INVITE | {field: name})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assert 'value="ines@example.org"' in answer.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_names_of_the_world_are_taken_as_they_are(name, network, client):
    client.force_login(network.administrator)

    assert client.post(invite(network), INVITE | {"name": name}).status_code == 302
    assert Invitation.objects.get().name == name


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("email", ""), ("email", "a@b"), ("email", "x" * 300 + "@example.org"),
     ("email", "a\r\nBcc: all@example.org"), ("roles", ["emperor"]), ("roles", ["staff"]), ("roles", [""]),
     ("language", "tlh"), ("language", "")],
)  # fmt: skip
def test_other_bad_fields_of_the_invited(field, value, network, client):
    client.force_login(network.administrator)

    answer = client.post(invite(network), INVITE | {field: value})

    assert answer.context["form"].errors.keys() == {field}
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("title", BAD_NAMES)
def test_bad_titles(title, network, client):
    client.force_login(network.administrator)

    answer = client.post(edit(network, network.staff), {"title": title})

    assert answer.context["form"].errors.keys() == {"title"}
    assert people.affiliation(network.staff, network.alpha).title == "Programme lead"


@pytest.mark.parametrize("sent", [{"roles": ["emperor"]}, {"roles": ["staff"]}, {"shown": ["staff"]}, {"shown": ["x"]}])
def test_bad_roles(sent, network, client):
    client.force_login(network.administrator)

    answer = client.post(edit(network, network.delegate), {"title": "", **sent})

    assert answer.status_code == 200
    assert not answer.context["form"].is_valid()
    assert organisations_of(people.reread(network.delegate))[0].roles == {"delegate"}


@pytest.mark.parametrize(
    ("field", "value"),
    [*[("name", name) for name in BAD_NAMES], ("name", ""), ("name", "   "), ("languages", ["xx"]),
     ("languages", ["en", "\0"]), ("more_languages", "Klingonese"), ("more_languages", "x" * 400),
     ("about", "x" * 2001), ("about", "turn\u202earound"), ("about", "\x1b[31m"), ("phone", "call me"), ("phone", "1"),
     ("phone", "+" * 41), ("phone", "<script>"),
     ("email_audience", "everyone"), ("phone_audience", "")],
)  # fmt: skip
def test_bad_fields_of_the_own_profile(field, value, network, client):
    client.force_login(network.staff)
    before = Profile.objects.filter(person=network.staff).values().get()

    answer = client.post(reverse("people:profile-edit"), PROFILE | {field: value})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assert Profile.objects.filter(person=network.staff).values().get() == before


def test_typed_text_is_kept(network, client):
    client.force_login(network.staff)

    page = client.post(reverse("people:profile-edit"), PROFILE | {"phone": "call me", "about": "A long text."})

    assert "call me" in page.content.decode()
    assert "A long text." in page.content.decode()


def test_two_thousand_characters_on_many_lines_are_taken(network, client):
    client.force_login(network.staff)
    about = ("line\r\n" * 400)[:1990]

    assert client.post(reverse("people:profile-edit"), PROFILE | {"about": about}).status_code == 302


def test_markup_in_texts_is_text(network, client):
    client.force_login(network.staff)
    client.post(
        reverse("people:profile-edit"), PROFILE | {"about": "<script>alert(1)</script>", "name": "Sam <b>Staff</b>"}
    )

    page = client.get(reverse("people:person", args=[network.staff.pk])).content.decode()

    assert "<script>alert" not in page
    assert "<b>Staff" not in page
    assert "&lt;script&gt;" in page


def every_field(*models):
    names = {field.name for model in models for field in model._meta.get_fields() if field.concrete}
    return dict.fromkeys(names, "1") | {f"{name}_id": "1" for name in names}


def test_fields_nobody_offered_change_nothing_in_a_profile(network, client):
    """Check A9: every field of the models is sent along; only those of the form are heard."""
    client.force_login(network.staff)
    person = User.objects.filter(pk=network.staff.pk).values().get()
    affiliations = list(Affiliation.objects.order_by("pk").values())
    extra = every_field(User, Profile, Affiliation) | {
        "is_superuser": "on",
        "person": network.other.pk,
        "pk": network.other.pk,
    }

    client.post(reverse("people:profile-edit"), extra | PROFILE)

    assert User.objects.filter(pk=network.staff.pk).values().get() == person
    assert list(Affiliation.objects.order_by("pk").values()) == affiliations
    changed = Profile.objects.get(person=network.staff)
    assert (changed.languages, changed.name_sort) == (["en"], "sam staff")


def test_fields_nobody_offered_change_nothing_in_an_affiliation(network, client):
    client.force_login(network.administrator)
    before = Affiliation.objects.filter(person=network.staff).values().get()
    extra = every_field(Affiliation) | {
        "person": network.other.pk,
        "organisation": network.beta.pk,
        "until": "2020-01-01",
    }

    answer = client.post(edit(network, network.staff), extra | {"title": "Editor"})

    assert answer.status_code == 302
    assert Affiliation.objects.filter(person=network.staff).values().get() == before | {"title": "Editor"}


def test_fields_nobody_offered_change_nothing_in_an_invitation(network, client):
    client.force_login(network.administrator)
    extra = every_field(Invitation) | {"invited_by": network.other.pk, "organisation": network.beta.pk, "purpose": "x"}

    answer = client.post(invite(network), extra | INVITE)

    assert answer.status_code == 302
    made = Invitation.objects.get()
    assert (made.invited_by, made.purpose, made.accepted_at) == (network.administrator, "affiliation", None)
    assert made.affiliation.organisation == network.alpha


def test_a_title_is_not_a_way_to_another_role(network, client):
    client.force_login(network.administrator)

    client.post(
        edit(network, network.staff), {"title": "Administrator", "role": "administrator", "is_administrator": "1"}
    )

    assert Role.ADMINISTRATOR not in organisations_of(people.reread(network.staff))[0].roles
