"""allauth's pages about second factors, where the house wants more of them."""

from typing import Any

from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse

from portal.access.stepup import proved


class ActivateAppView(ActivateTOTPView):
    """Adding an authenticator app; the code that proves it is used up."""

    def form_valid(self, form: Any) -> HttpResponse:
        """As allauth does it, in the transaction of the request."""
        response: HttpResponse = super().form_valid(form)
        form.use_up()
        proved(self.request)  # the receiver says so too late for the page of recovery codes, which comes next
        return response


activate_app = ActivateAppView.as_view()
