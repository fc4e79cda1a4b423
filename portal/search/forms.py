"""What is typed into the search field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.search.folding import clean_name, query_words

LONGEST_TEXT = 200


class SearchForm(forms.Form):
    """Text to look for. Any text is accepted: what cannot be searched is said in a sentence, never an error."""

    q = forms.CharField(
        label=_("Search members, people and everything you may see"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": LONGEST_TEXT, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.correction: Any = ""

    def clean_q(self) -> str:
        """The text in one line, cut where it is longer than any name."""
        text = clean_name(self.cleaned_data["q"])
        if len(text) > LONGEST_TEXT:
            text = text[:LONGEST_TEXT].strip()
            self.correction = _("The text was too long. Its first 200 characters are searched for.")
        elif text and not query_words(text):
            self.correction = _("There is no letter and no number in the text, so there is nothing to search for.")
        return text
