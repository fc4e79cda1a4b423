"""What the home page announces: its own line of the rail."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.registry import NavigationEntry, announced

announced.navigation.add(
    NavigationEntry(
        name="home",
        label=_("Home"),
        icon="home",
        url=lambda _reader: reverse("home:home"),
        group="act",
        order=0,
        primary_on_phone=True,
    )
)
