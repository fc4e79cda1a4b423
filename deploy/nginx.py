"""Writes nginx's configuration for one portal from nginx.conf.in, to standard output. Needs Python alone.

    python deploy/nginx.py --host portal.example.org \\
        --certificate /etc/letsencrypt/live/portal.example.org/fullchain.pem \\
        --key /etc/letsencrypt/live/portal.example.org/privkey.pem > /etc/nginx/conf.d/plenary.conf
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent


def rendered(arguments: Sequence[str] | None = None) -> str:
    """The configuration for these command line arguments. Ends the program where one is missing or cannot be right."""
    given = _parser().parse_args(arguments)
    for name, value in vars(given).items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and not re.fullmatch(r"[-A-Za-z0-9_./:\[\]]*", one):
                sys.exit(f"--{name}: {one!r} has a character that has no place there.")
    port = "" if given.https.rpartition(":")[2] == "443" else f":{given.https.rpartition(':')[2]}"
    values = {
        "HOST": given.host,
        "PUBLIC": f"{given.host}{port}",
        "PORT": port,
        "HTTP": given.http,
        "HTTPS": given.https,
        "CERTIFICATE": given.certificate,
        "KEY": given.key,
        "UPSTREAM": "\n".join(f"    server {one};" for one in given.upstream or ["127.0.0.1:8000"]),
        "STATIC": given.static,
        "ERRORS": given.errors,
        "LOGS": given.logs,
        "ACME": given.acme,
        "UPLOAD": str(given.upload + 3),
    }
    template = (HERE / "nginx.conf.in").read_text(encoding="utf-8")
    text = re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], template)
    return _standalone(text, given) if given.standalone else text


def _standalone(text: str, given: argparse.Namespace) -> str:
    """All that nginx needs, for a container or a test: its own main part around the portal's."""
    directory = given.standalone
    user = f"user {given.user};\n" if given.user else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"    {kind}_temp_path {directory}/{kind};" for kind in kinds)
    return (
        f"{user}worker_processes auto;\nworker_rlimit_nofile 16384;\npid {directory}/nginx.pid;\ndaemon off;\n"
        f"error_log {given.logs}/nginx-error.log crit;\n"
        f"events {{ worker_connections 8192; }}\nhttp {{\n    access_log off;\n{places}\n{text}\n}}\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True, help="the portal's name, as in PUBLIC_ADDRESS")
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--upstream", action="append", help="a web process; may be given more than once")
    parser.add_argument("--http", default="80", help="port, or address and port, without TLS")
    parser.add_argument("--https", default="443", help="port, or address and port, with TLS")
    parser.add_argument("--static", default="/var/lib/plenary/static", help="where collectstatic writes")
    parser.add_argument("--errors", default=str(HERE / "errors"), help="the pages of nginx's own answers")
    parser.add_argument("--logs", default="/var/log/nginx")
    parser.add_argument("--acme", default="/var/lib/plenary-acme", help="where the certificate's renewal writes")
    parser.add_argument("--upload", type=int, default=50, help="as UPLOAD_MOST_MB in the portal's settings")
    parser.add_argument("--standalone", metavar="DIRECTORY", help="write a whole nginx.conf that keeps its files there")
    parser.add_argument("--user", help="with --standalone: the system user of nginx's workers")
    return parser


if __name__ == "__main__":
    sys.stdout.write(rendered())
