"""What the first visit costs, with nothing kept from before: below 100 kB as it comes over the wire."""

import pytest

from tests.browser.visitor import NADIA

pytestmark = pytest.mark.browser

MOST_BYTES = 100_000


@pytest.mark.parametrize("path", ["/", "/members/", "/organisations/sample-press-union/", "/members/people/"])
def test_the_first_load_is_light(path, arrive, record_property):
    visitor = arrive(NADIA)
    network = visitor.context.new_cdp_session(visitor.page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses, sizes = {}, {}
    network.on(
        "Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]})
    )
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))

    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")

    total = sum(sizes.values())
    parts = {addresses[key].removeprefix(visitor.address): size for key, size in sizes.items()}
    record_property("bytes", total)
    assert total > 10_000  # the control: something was counted
    assert total < MOST_BYTES, sorted(parts.items(), key=lambda pair: -pair[1])
