"""The summary above a form that was not accepted: the same words as beside the fields, each a link to its field."""

from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui.formats import number


def field_anchor(field: BoundField) -> str:
    """The id that a link to the field leads to; of a group of choices, the first."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.id_for_label or field.auto_id)


@dataclass(frozen=True)
class ErrorSummary:
    """What stops a form. Empty where the form is unbound or without errors."""

    form: BaseForm
    given_title: str = ""

    @property
    def form_sentences(self) -> list[str]:
        """Errors of the form as a whole and of its hidden fields, which have no place to link to."""
        hidden = [str(error) for field in self.form.hidden_fields() for error in field.errors]
        return [str(error) for error in self.form.non_field_errors()] + hidden

    @property
    def field_errors(self) -> list[tuple[str, str]]:
        """Anchor and sentence of each error that stands beside a field."""
        return [(field_anchor(field), str(error)) for field in self.form.visible_fields() for error in field.errors]

    @property
    def title(self) -> str:
        """ "Two things stop this from being saved", or what the form says of itself in `error_title`."""
        own = self.given_title or getattr(self.form, "error_title", "")
        if own:
            return str(own)
        count = len(self.form_sentences) + len(self.field_errors)
        words = {
            1: _("One thing stops this from being saved"),
            2: _("Two things stop this from being saved"),
            3: _("Three things stop this from being saved"),
            4: _("Four things stop this from being saved"),
            5: _("Five things stop this from being saved"),
        }
        many = ngettext(
            "%(count)s thing stops this from being saved", "%(count)s things stop this from being saved", count
        )
        return words.get(count) or many % {"count": number(count)}

    def render(self) -> SafeString:
        """The note, focused by script when the page opens; nothing where there is no error."""
        if not self.form.is_bound or not self.form.errors:
            return SafeString("")
        return render_to_string("portal/ui/forms/error_summary.html", {"summary": self})
