"""Where an act came from is kept so coarsely that it leads to nobody."""

import pytest
from django.test import RequestFactory

from portal.audit.origin import coarse_network, device_family, origin_of

WINDOWS_EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.1"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.0.0/16"),
        ("10.1.2.3", "10.1.0.0/16"),
        ("2001:db8:85a3:1::7334", "2001:db8::/32"),
        ("::ffff:203.0.113.77", "203.0.0.0/16"),
        ("fe80::1%eth0", "fe80::/32"),
        (" 203.0.113.77 ", "203.0.0.0/16"),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.77:8080", ""),
        ("<script>", ""),
    ],
)
def test_only_the_first_half_of_an_address_is_kept(address, network):
    assert coarse_network(address) == network


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        (WINDOWS_EDGE, "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("\x00<b>Firefox/1 Ada Ministrator", "Firefox"),
    ],
)
def test_of_a_device_only_its_family_is_kept(user_agent, family):
    assert device_family(user_agent) == family


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "198.51.100.1", "192.0.0.0/16"),  # what a client claims of itself
        (1, "198.51.100.1, 203.0.113.77", "203.0.0.0/16"),
        (2, "198.51.100.1, 203.0.113.77, 10.0.0.1", "203.0.0.0/16"),
        (2, "203.0.113.77", "203.0.0.0/16"),
        (1, "", "192.0.0.0/16"),
        (1, "not an address", ""),
    ],
)
def test_only_our_own_proxies_are_believed(proxies, forwarded, network, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.9")

    assert origin_of(request).network == network
