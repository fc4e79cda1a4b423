"""Keeping: one encrypted archive of database and files, checked when written, and the way back.

An archive is an age file (https://age-encryption.org/v1) around a tar stream, so other tools open it too:

    age --decrypt -i KEY plenary-….age | tar xv

with the members `database/000000`, `database/000001`, … (together one dump in pg_dump's custom format), `files/…`, and
last `manifest.json` with the checksums of all that went before, of each table, and the head of the record.

It is closed with public keys (`BACKUP_RECIPIENTS`); the key that opens it is never on the machine that makes it. The
portal's own secrets (SECRET_KEY and its like) are not in it: they are kept apart (`manage.py keys_backup`), so that
who finds an archive with its key still opens no second factor. Sessions are not in it either: an old archive must not
sign anybody in.
"""
