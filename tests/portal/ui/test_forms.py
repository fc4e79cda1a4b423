"""How forms are written: label, hint, control, message, and the summary above."""

from django import forms
from django.test import RequestFactory
from django.utils import translation

from portal.ui.component_sheet import EveryFieldForm, QuestionForm, sheet_context


def wrong_form() -> QuestionForm:
    return sheet_context(RequestFactory().get("/"))["form"]


def test_a_wrong_field_is_marked_described_and_keeps_what_was_typed() -> None:
    with translation.override("en"):
        html = str(wrong_form())
    assert 'value="tomorrow"' in html
    assert 'aria-invalid="true" aria-describedby="id_closing_helptext id_closing_error"' in html
    assert 'id="id_closing_error"' in html
    assert 'id="id_closing_helptext"' in html


def test_the_summary_says_the_same_words_and_links_to_the_fields() -> None:
    with translation.override("en"):
        html = str(wrong_form())
    assert "Two things stop this from being saved" in html
    assert '<a href="#id_closing">Give the closing time in UTC</a>' in html
    assert html.count("Give the closing time in UTC") == 2
    assert html.index("error-summary") < html.index("id_question")


def test_a_form_that_is_right_or_not_sent_has_no_summary() -> None:
    with translation.override("en"):
        assert "error-summary" not in str(EveryFieldForm())
        assert "error" not in str(QuestionForm()).replace("error_messages", "")


def test_the_summary_of_a_group_of_choices_leads_to_its_first_choice() -> None:
    with translation.override("en"):
        html = str(QuestionForm({"question": "x", "closing": "2027-06-10 18:00", "french": "x"}))
    assert 'href="#id_readers_0"' in html
    assert 'id="id_readers_0"' in html
    assert "One thing stops this from being saved" in html


class SignInForm(forms.Form):
    error_title = "One thing stops you from signing in"
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("The password is <wrong>.")


def test_errors_of_the_whole_form_stand_in_the_summary_escaped() -> None:
    with translation.override("en"):
        html = str(SignInForm({}))
    assert "The password is &lt;wrong&gt;." in html
    assert "This field is required." in html


def test_six_errors_are_counted_in_figures() -> None:
    form = forms.Form({})
    for number in range(6):
        form.fields[f"f{number}"] = forms.CharField()
    with translation.override("en"):
        assert "6 things stop this from being saved" in str(form)


def test_each_kind_of_field_is_written_in_its_own_way() -> None:
    with translation.override("en"):
        html = str(EveryFieldForm())
    assert 'class="segments"' in html
    assert 'class="radio-cards"' in html
    assert "Nobody else." in html
    assert 'class="choices columns-2"' in html
    assert 'role="switch"' in html
    assert 'type="file"' in html
    assert 'class="select-acting"' in html
    assert html.count('<span class="optional">optional</span>') == 6
    assert "style=" not in html


def test_a_group_of_choices_is_a_fieldset_described_by_its_hint() -> None:
    class Form(forms.Form):
        colour = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, help_text="Choose <b>one</b>.")

    with translation.override("en"):
        html = str(Form())
    assert '<fieldset class="field " aria-describedby="id_colour_helptext">' in html
    assert "<legend>Colour</legend>" in html
