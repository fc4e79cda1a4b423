"""What goes wrong with backups."""


class BackupFailed(Exception):
    """Nothing was made, or nothing was touched; the message is a sentence for the operator."""
