"""What people say to each other: rooms, their topics, and messages.

A room belongs to a group, or to a few people of the network who write to each other. All that is said of messages holds
for both; who may read and write is the room's affair (`policies`). Numbers run within the room: one that ran through
the whole portal would tell how much is written elsewhere.
"""

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workspaces.groups.models import Workspace, new_key

LONGEST_MESSAGE: Final = 10_000
"""Characters: some four pages. Longer things are files."""
LONGEST_TITLE: Final = 120


class Room(models.Model):
    """Where messages are: the room of a group, or the conversation of a fixed circle of people.

    `key` is what everything outside the database calls it by; a group's room has the key of its group. `circle` names
    the people of a conversation by their sorted numbers, so that the same people find the same one again.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    workspace = models.OneToOneField(Workspace, models.CASCADE, null=True, related_name="room")
    circle = models.CharField(max_length=250, unique=True, null=True)  # noqa: DJ001 - unique where there is one
    retention_days = models.PositiveSmallIntegerField(_("messages vanish after so many days"), null=True, blank=True)
    topic_head = models.PositiveIntegerField(default=0)  # the last number given to a topic
    message_head = models.PositiveIntegerField(default=0)  # the last number given to a message
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(workspace__isnull=True, circle__isnull=False)
                | Q(workspace__isnull=False, circle__isnull=True),
                name="a_room_is_a_groups_or_a_circles",
            ),
            models.CheckConstraint(
                condition=Q(retention_days__isnull=True) | Q(retention_days__gte=1), name="messages_stay_a_day_at_least"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def of_group(self) -> bool:
        """Whether it is the room of a group, and not a conversation."""
        return self.workspace_id is not None

    @property
    def live_topic(self) -> str:
        """What open pages of the room listen to."""
        return f"chat:{self.key}"

    def url(self, name: str, *arguments: int) -> str:
        """The address of a page about this room: `name` as in `urls`."""
        if self.workspace is not None:
            return reverse(f"chat:{name}", args=[self.workspace.slug, *arguments])
        return reverse(f"conversations:{name}", args=[self.key, *arguments])

    def get_absolute_url(self) -> str:
        return self.url("room")


class Companion(models.Model):
    """A person in a conversation. Who has left reads no more; those who stay keep what was said."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="companions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["room", "person"], name="a_companion_is_in_once"),)
        indexes = (models.Index(fields=["person"], condition=Q(left_at__isnull=True), name="in_conversation_now"),)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.room_id}"


class Topic(models.Model):
    """What a part of a room's messages is about. A conversation has one, without a title.

    A topic that was merged into another stays as a signpost: its addresses lead there.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="topics")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)  # of its latest message
    is_pinned = models.BooleanField(_("pinned"), default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="signposts")

    class Meta:
        ordering = ("-is_pinned", "-last_at", "-pk")
        constraints = (models.UniqueConstraint(fields=["room", "number"], name="a_topic_has_its_number"),)
        indexes = (models.Index(fields=["room", "closed_at", "-last_at"], name="topics_of_a_room"),)

    def __str__(self) -> str:
        return f"{self.room_id}.{self.number}"  # never the title: the record keeps this text

    def get_absolute_url(self) -> str:
        return self.room.url("topic", self.number) if self.room.of_group else self.room.get_absolute_url()

    @property
    def foreign(self) -> bool:
        """Whether its title is said to be in another language than the page."""
        return bool(self.language) and self.language != get_language()

    @property
    def send_url(self) -> str:
        """Where a message for it is sent."""
        return self.room.url("send", self.number) if self.room.of_group else self.room.url("send")

    @property
    def is_open(self) -> bool:
        """Whether it is still talked about."""
        return self.closed_at is None and self.merged_into_id is None

    @property
    def scope(self) -> str:
        """Where its notifications come from."""
        return f"room:{self.room.key}.{self.number}" if self.room.of_group else f"conversation:{self.room.key}"


class Message(models.Model):
    """One message. `body` is light Markdown as it was written; pages show what `rendering` makes of it.

    Of a deleted one the row stays without its text, so that the thread says that something was there. One that expires
    goes altogether. `files` are numbers of what the keeper of attachments holds in the group.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="messages")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_guest = models.BooleanField(default=False)
    guest_from = models.CharField(max_length=120, blank=True)  # as it was when they wrote
    body = models.TextField(_("message"), max_length=LONGEST_MESSAGE, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    files = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    pinned_at = models.DateTimeField(null=True, blank=True)
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["room", "number"], name="a_message_has_its_number"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(body="", files__len=0),
                name="of_a_deleted_message_nothing_stays",
            ),
        )
        indexes = (
            models.Index(fields=["topic", "number"], name="messages_of_a_topic"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="messages_that_expire"),
            models.Index(fields=["room", "pinned_at"], condition=Q(pinned_at__isnull=False), name="pinned_messages"),
        )

    def __str__(self) -> str:
        return f"{self.room_id}#{self.number}"

    def get_absolute_url(self) -> str:
        return self.room.url("permalink", self.number)

    @property
    def reply_url(self) -> str:
        """The address of what it answers."""
        return self.room.url("permalink", self.reply_to.number) if self.reply_to is not None else ""

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


class MessageVersion(models.Model):
    """What a message said before it was changed; `at` is when that was written."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="versions")
    body = models.TextField(max_length=LONGEST_MESSAGE)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"version of {self.message_id}"


class Reaction(models.Model):
    """One of few signs that a person put to a message: each once."""

    class Sign(models.TextChoices):
        THUMB = "👍", _("Agree")
        THANKS = "🙏", _("Thanks")
        WELL_DONE = "👏", _("Well done")
        HEART = "❤️", _("With you")
        SEEN = "👀", _("Looking at it")
        DONE = "✅", _("Done")
        SAD = "😢", _("Sad")
        QUESTION = "❓", _("Unclear")

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sign = models.CharField(max_length=4, choices=Sign)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["message", "person", "sign"], name="a_reaction_is_there_once"),)

    def __str__(self) -> str:
        return f"{self.sign} to {self.message_id}"


class Mention(models.Model):
    """Whom a message calls by name: a person, the people of an organisation, or whoever keeps the group."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, null=True, related_name="+")
    facilitators = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True, facilitators=False)
                | Q(person__isnull=True, organisation__isnull=False, facilitators=False)
                | Q(person__isnull=True, organisation__isnull=True, facilitators=True),
                name="a_mention_is_of_one",
            ),
            models.UniqueConstraint(
                fields=["message", "person"], condition=Q(person__isnull=False), name="a_person_is_mentioned_once"
            ),
            models.UniqueConstraint(
                fields=["message", "organisation"],
                condition=Q(organisation__isnull=False),
                name="an_organisation_is_mentioned_once",
            ),
        )

    def __str__(self) -> str:
        return f"in {self.message_id}"


class ReadMark(models.Model):
    """How far a person has read a topic: the number of the last message there that they saw."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="marks")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "topic"], name="one_mark_a_topic"),)

    def __str__(self) -> str:
        return f"{self.person_id} read {self.topic_id} to {self.number}"


class Decision(models.Model):
    """What a message proposes to the organisations of a group, until a moment.

    Each agrees or objects, and may change that until then. What nobody objects to is recorded.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Proposed")
        RECORDED = "recorded", _("Recorded")
        OBJECTED = "objected", _("Not decided")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    SETTLED: ClassVar = (State.RECORDED, State.OBJECTED)

    message = models.OneToOneField(Message, models.CASCADE, related_name="decision")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Whoever proposed it has a locked account: it may not have been they.
    is_flagged = models.BooleanField(default=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="a_settled_decision_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("proposed_at")), name="a_decision_leaves_time"),
        )
        indexes = (models.Index(fields=["until"], condition=Q(state="open"), name="open_decisions"),)

    def __str__(self) -> str:
        return f"decision on {self.message_id}"

    @property
    def is_open(self) -> bool:
        """Whether organisations may still say what they think."""
        return self.state == self.State.OPEN and self.until > timezone.now()


class Position(models.Model):
    """What an organisation says to a proposed decision; the last word of whoever speaks for it counts."""

    class Stance(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        OBJECTS = "objects", _("Objects")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="positions")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stance = models.CharField(max_length=7, choices=Stance)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    is_flagged = models.BooleanField(default=False)  # as that of a decision

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["decision", "organisation"], name="one_position_an_organisation"),
            models.CheckConstraint(condition=~Q(stance="objects") | ~Q(reason=""), name="an_objection_has_its_reason"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.stance} to {self.decision_id}"


class SeenSetting(models.Model):
    """Somebody lets others see what they have read, and so sees it of others who do. No row: they do not."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.person_id} lets be seen what they read"
