"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Our scripts import each other under the same names as pages do, so that each is loaded, and runs, once.

    Django can do so for all scripts, and then stumbles over what others wrote into theirs.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from\s+["'](?P<url>\.[^"']*)["'])""", 'from "%(url)s"'),)),
    )
