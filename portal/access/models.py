"""Containers and the grants on them. The network itself is the first container."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


class Network(models.Model):
    """The one network this installation serves. Grants on it are the network-wide roles."""

    name = models.CharField(_("name"), max_length=200)
    only_one = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        default_permissions = ()
        permissions = (
            ("act_as_secretariat", _("act as the Secretariat")),
            ("visit_as_guest", _("visit as a guest")),
        )
        constraints = (models.CheckConstraint(condition=models.Q(only_one=True), name="there_is_one_network"),)

    def __str__(self) -> str:
        return self.name


class UserGrant(UserObjectPermissionBase):
    """A role that one person holds on one container. For each container a table of its own.

    A container's app derives its table from this one, with `content_object`, a foreign key to the container.
    """

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class NetworkUserObjectPermission(UserObjectPermissionBase):
    """A network-wide role held by one person."""

    content_object = models.ForeignKey(Network, models.CASCADE)


class NetworkGroupObjectPermission(GroupObjectPermissionBase):
    """A network-wide role held by a group of people."""

    content_object = models.ForeignKey(Network, models.CASCADE)
