"""What the demonstration announces. This file is read only where the app is installed."""

from portal.demonstration.accounts import accounts
from portal.demonstration.mail import mails_forget
from portal.demonstration.network import ACCOUNTS, secretariat_and_guest
from portal.registry import DemonstrationGenerator, ErasureFollower, announced

accounts.add(*ACCOUNTS)
announced.generators.add(DemonstrationGenerator(name="network", generate=secretariat_and_guest, order=0))
announced.erasure_followers.add(ErasureFollower(name="demonstration.mails", erasing=mails_forget))
