"""Who of the invented people can sign in."""

from django.utils.translation import gettext_lazy as _

from portal.demonstration.accounts import Account

ACCOUNTS = (
    Account(name="nadia.osei@spu.example.org", label=_("Administrator of Sample Press Union"), order=20),
    Account(name="tomas.rey@spu.example.org", label=_("Delegate of Sample Press Union"), order=30),
    Account(name="olu.adeyemi@spu.example.org", label=_("Staff of Sample Press Union, without a role"), order=40),
    Account(name="ines.duarte@spu.example.org", label=_("Works for two organisations"), order=50),
    Account(name="karim.saleh@spu.example.org", label=_("Staff of Sample Press Union, reads in Arabic"), order=55),
    Account(name="thuraya.halwani@eshp.example.org", label=_("Administrator of an organisation at risk"), order=60),
)
