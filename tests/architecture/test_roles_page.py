from tests.architecture.roles_page import PAGE, page


def test_the_page_says_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page()
