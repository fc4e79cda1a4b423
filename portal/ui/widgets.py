"""Widgets that Django does not have, or that look different here."""

from collections.abc import Mapping
from typing import Any

from django.forms import CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, RadioSelect, Select


class RadioCards(RadioSelect):
    """Radio buttons as cards, each with one sentence on what follows from it (`hints`, by value)."""

    template_name = "portal/ui/forms/radio_cards.html"

    def __init__(self, *args: Any, hints: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class Segmented(RadioSelect):
    """A few short choices side by side, one of them taken."""

    template_name = "portal/ui/forms/segmented.html"


class Checkboxes(CheckboxSelectMultiple):
    """Many choices in as many columns as there is room for."""

    template_name = "portal/ui/forms/checkboxes.html"


class Switch(CheckboxInput):
    """One thing on or off, in force after saving."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"class": "switch-input", "role": "switch", **(attrs or {})}, **kwargs)


class ImageInput(ClearableFileInput):
    """A picture with the one in place shown small beside it. `preview_url` is set by the view's form."""

    template_name = "portal/ui/forms/image_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, preview_url: str = "") -> None:
        super().__init__({"accept": "image/png,image/jpeg,image/webp", **(attrs or {})})
        self.preview_url = preview_url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["preview_url"] = self.preview_url
        return context


class ActingFor(Select):
    """For which organisation, or as oneself: repeated in every composer, booking and ballot."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"class": "select-acting", **(attrs or {})}, **kwargs)
