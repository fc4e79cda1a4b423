"""Every variable is typed, and a wrong one fails loudly with its name and never with a secret."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import environment as env

VARIABLE = "PLENARY_TEST_VARIABLE"


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the one variable that all tests here read."""

    def set_variable(value: str) -> None:
        monkeypatch.setenv(VARIABLE, value)

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv(f"{VARIABLE}_FILE", raising=False)
    return set_variable


READERS = [
    env.text,
    env.integer,
    env.names,
    env.path,
    env.secret,
    env.database,
    env.mail,
    lambda name: env.url(name, ["redis"]),
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_without_default_is_named(variable: Any, reader: Any, value: str | None) -> None:
    if value is not None:
        variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} is not set. It must be "):
        reader(VARIABLE)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: env.text(VARIABLE, "x"), "x"),
        (lambda: env.flag(VARIABLE), False),
        (lambda: env.flag(VARIABLE, default=True), True),
        (lambda: env.integer(VARIABLE, 7, minimum=10), 7),
        (lambda: env.names(VARIABLE, ["a"]), ["a"]),
        (lambda: env.path(VARIABLE, Path("/x")), Path("/x")),
        (lambda: env.secret(VARIABLE, "s"), "s"),
        (lambda: env.url(VARIABLE, ["redis"], ""), ""),
        (lambda: env.url(VARIABLE, ["redis"], None), None),
        (lambda: env.database(VARIABLE, {"ENGINE": "e"}), {"ENGINE": "e"}),
    ],
)
def test_a_missing_variable_takes_its_default(variable: Any, read: Any, expected: Any) -> None:
    assert read() == expected


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("YES", True), ("on", True), ("0", False), ("No", False)])
def test_flag(variable: Any, value: str, expected: bool) -> None:
    variable(value)
    assert env.flag(VARIABLE) is expected


@pytest.mark.parametrize("value", ["2", "maybe", "y", "-1"])
def test_a_wrong_flag_is_named(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be a switch"):
        env.flag(VARIABLE)


@pytest.mark.parametrize("value", ["", "x", "1.5", "1_000", "٨٠", "+80", "0x50", "1e3", "9" * 5000, "0", "65536", "-1"])
def test_a_wrong_number_is_named(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} .*a whole number from 1 to 65535"):
        env.integer(VARIABLE, minimum=1, maximum=65535)


def test_number(variable: Any) -> None:
    variable(" 8000 ")
    assert env.integer(VARIABLE, minimum=1, maximum=65535) == 8000


def test_text_among_choices(variable: Any) -> None:
    variable("INFO")
    assert env.text(VARIABLE, choices=["INFO", "DEBUG"]) == "INFO"
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be one of A, B, not 'INFO'"):
        env.text(VARIABLE, choices=["A", "B"])


def test_names(variable: Any) -> None:
    variable("portal.example.org, www.example.org,")
    assert env.names(VARIABLE) == ["portal.example.org", "www.example.org"]


@pytest.mark.parametrize("value", [",", "a b, c"])
def test_wrong_names(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be a list separated by commas"):
        env.names(VARIABLE)


def test_path(variable: Any) -> None:
    variable("~/plenary")
    assert env.path(VARIABLE) == Path.home() / "plenary"


@pytest.mark.parametrize("value", ["data", "./data", "~nobody-has-this-name/x"])
def test_a_relative_path_is_refused(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be an absolute path"):
        env.path(VARIABLE)


def test_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, variable: Any, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a very secret thing\n", encoding="utf-8")
    monkeypatch.setenv(f"{VARIABLE}_FILE", str(file))
    assert env.secret(VARIABLE) == "a very secret thing"

    variable("both")
    with pytest.raises(ImproperlyConfigured, match=f"Only one of the environment variables {VARIABLE} and"):
        env.secret(VARIABLE)


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_wrong_secret_file_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: Any, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv(f"{VARIABLE}_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE}_FILE must be the path"):
        env.secret(VARIABLE)


def test_a_short_secret_is_refused_and_not_shown(variable: Any) -> None:
    variable("hush-hush")
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be a secret of at least 50 characters") as caught:
        env.secret(VARIABLE, minimum_length=50)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "postgresql://user:p%40ss@db.example.org:6432/plenary?sslmode=verify-full",
            {
                "NAME": "plenary",
                "USER": "user",
                "PASSWORD": "p@ss",
                "HOST": "db.example.org",
                "PORT": "6432",
                "OPTIONS": {"sslmode": "verify-full", "pool": {"min_size": 1, "max_size": 10, "timeout": 10}},
            },
        ),
        ("postgres://localhost/my%20data", {"NAME": "my data", "USER": "", "HOST": "localhost", "PORT": "5432"}),
        ("postgresql:///plenary?host=/run/postgresql", {"HOST": "/run/postgresql", "NAME": "plenary"}),
        ("postgresql://[::1]:5432/plenary", {"HOST": "::1"}),
        ("postgresql://h/d?pool=3", {"OPTIONS": {"pool": {"min_size": 1, "max_size": 3, "timeout": 10}}}),
        ("postgresql://h/d?max_age=60", {"OPTIONS": {}, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}),
    ],
)
def test_database(variable: Any, value: str, expected: dict[str, Any]) -> None:
    variable(value)
    found = env.database(VARIABLE)
    assert {key: found[key] for key in expected} == expected
    assert found["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    "value",
    [
        "sqlite:///secret.db",
        "mysql://user:secret@host/name",
        "plenary secret",
        "postgresql://user:secret@host",
        "postgresql://user:secret@host/",
        "postgresql://user:secret@host/a/b",
        "postgresql://user:secret@host:port/name",
        "postgresql://user:secret@host:99999/name",
        "postgresql://user:secret@[host/name",
        "postgresql://user:secret@host/name?sslmod=require",
        "postgresql://user:secret@host/name?sslmode",
        "postgresql://user:secret@host/name?sslmode=a&sslmode=b",
        "postgresql://user:secret@host/name?pool=0",
        "postgresql://user:secret@host/name?pool=many",
        "postgresql://user:secret@host/name?pool=3&max_age=3",
        "postgresql://user:secret@ho st/name",
    ],
)
def test_a_wrong_database_is_named_and_not_shown(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be an address") as caught:
        env.database(VARIABLE)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "smtp://u%40x:p%2Fw@mail.example.org/?tls=1",
            {
                "EMAIL_HOST": "mail.example.org",
                "EMAIL_PORT": 587,
                "EMAIL_HOST_USER": "u@x",
                "EMAIL_HOST_PASSWORD": "p/w",
                "EMAIL_USE_TLS": True,
                "EMAIL_USE_SSL": False,
                "EMAIL_TIMEOUT": 10,
            },
        ),
        ("smtp://localhost", {"EMAIL_PORT": 25, "EMAIL_USE_TLS": False, "EMAIL_HOST_USER": ""}),
        ("smtps://u:p@mail.example.org?timeout=30", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_TIMEOUT": 30}),
        ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("directory:///var/mail/my%20mails", {"EMAIL_FILE_PATH": "/var/mail/my mails"}),
    ],
)
def test_mail(variable: Any, value: str, expected: dict[str, Any]) -> None:
    variable(value)
    found = env.mail(VARIABLE)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    "value",
    [
        "mail.example.org",
        "http://u:secret@mail.example.org",
        "smtp://u:secret@",
        "smtp://u:secret@mail.example.org/path",
        "smtp://u:secret@mail.example.org?tls=perhaps",
        "smtp://u:secret@mail.example.org?ssl=1",
        "smtps://u:secret@mail.example.org?tls=1",
        "smtp://u:secret@mail.example.org:x",
        "directory://relative/secret",
        "directory:secret",
    ],
)
def test_wrong_mail_is_named_and_not_shown(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be") as caught:
        env.mail(VARIABLE)
    assert "secret" not in str(caught.value)


def test_url(variable: Any) -> None:
    variable("rediss://:secret@cache.example.org:6380/1")
    assert env.url(VARIABLE, ["redis", "rediss"]) == "rediss://:secret@cache.example.org:6380/1"


@pytest.mark.parametrize("value", ["cache.example.org", "http://:secret@h", "redis://", "redis://:secret@h:p"])
def test_a_wrong_url_is_named_and_not_shown(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(
        ImproperlyConfigured, match=f"{VARIABLE} must be an address that begins with redis://"
    ) as caught:
        env.url(VARIABLE, ["redis"])
    assert "secret" not in str(caught.value)


def test_secrets_are_a_list_or_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert env.secrets("FACTOR_KEY_FALLBACKS") == []
    monkeypatch.setenv("FACTOR_KEY_FALLBACKS", " one-secret, another ,")
    assert env.secrets("FACTOR_KEY_FALLBACKS") == ["one-secret", "another"]
    with pytest.raises(ImproperlyConfigured, match="FACTOR_KEY_FALLBACKS must be secrets of at least 8") as raised:
        env.secrets("FACTOR_KEY_FALLBACKS", minimum_length=8)
    assert "another" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        (
            "s3://plenary-files?endpoint=https://s3.example.org:9000&region=eu-1&style=virtual",
            ("plenary-files", "https://s3.example.org:9000", "eu-1", "virtual"),
        ),
        ("s3://files/?endpoint=http://127.0.0.1:9000", ("files", "http://127.0.0.1:9000", "us-east-1", None)),
        ("s3://files.example.org?region=eu-central-1", ("files.example.org", None, "eu-central-1", None)),
    ],
)
def test_bucket(variable: Any, value: str, expected: Any) -> None:
    variable(value)
    found = env.bucket(VARIABLE)
    assert (found and (*found.values(),)) == expected


@pytest.mark.parametrize(
    "value",
    [
        "plenary-files",
        "https://s3.example.org/files",
        "s3://?endpoint=https://s3.example.org",
        "s3://Files?endpoint=https://s3.example.org",
        "s3://files",
        "s3://files/inside?endpoint=https://s3.example.org",
        "s3://key:secret@files?endpoint=https://s3.example.org",
        "s3://files?endpoint=s3.example.org",
        "s3://files?endpoint=https://key:secret@s3.example.org",
        "s3://files?endpoint=https://s3.example.org/files",
        "s3://files?endpoint=https://s3.example.org:port",
        "s3://files?endpoint=https://s3.example.org&style=round",
        "s3://files?endpoint=https://s3.example.org&region=a/b",
        "s3://files?endpoint=https://s3.example.org&secret=secret-value",
        "s3://files?endpoint",
        "s3://fi les?endpoint=https://s3.example.org",
    ],
)
def test_a_wrong_bucket_is_named_and_no_key_is_shown(variable: Any, value: str) -> None:
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=f"{VARIABLE} must be an address like s3://bucket") as caught:
        env.bucket(VARIABLE)
    assert "secret-value" not in str(caught.value)
    assert "key:secret" not in str(caught.value)
