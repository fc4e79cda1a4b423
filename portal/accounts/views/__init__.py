"""Pages of the accounts that are not allauth's; `portal.accounts.urls` shows all together."""
