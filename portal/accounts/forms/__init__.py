"""Forms of the accounts; allauth finds its own through `ACCOUNT_FORMS` and `MFA_FORMS` in the settings."""
