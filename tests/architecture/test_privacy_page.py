from tests.architecture.privacy_page import PAGE, page


def test_the_page_says_what_is_declared():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"
