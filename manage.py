#!/usr/bin/env python
"""Django's command line for Plenary."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # Settings must be named before Django is imported.
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the settings
    except ImproperlyConfigured as error:
        sys.exit(f"Plenary cannot start. {error}")  # the sentence says all; a traceback would bury it
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
