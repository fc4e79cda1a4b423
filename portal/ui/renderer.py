"""How every form of the house is written: label above, hint, control, message; the summary on top."""

from django.forms.renderers import TemplatesSetting


class PlenaryRenderer(TemplatesSetting):
    """FORM_RENDERER. Works for every Django form, allauth's included; widgets come from the same templates."""

    form_template_name = "portal/ui/forms/form.html"
    field_template_name = "portal/ui/forms/field.html"
