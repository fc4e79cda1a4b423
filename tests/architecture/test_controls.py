"""The controls fit the code: a switch whose place is gone proves nothing. `make controls` throws them."""

import pytest

from tests.architecture.controls import CONTROLS, PROJECT


@pytest.mark.parametrize("number", range(len(CONTROLS)))
def test_each_switch_has_its_place_and_its_test(number):
    control = CONTROLS[number]
    path, _colons, name = control.test.partition("::")

    assert control.old in (PROJECT / control.file).read_text(encoding="utf-8")
    assert f"def {name.split('[')[0].split('::')[-1]}(" in (PROJECT / path).read_text(encoding="utf-8")
