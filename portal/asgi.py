"""The ASGI application: pages by Django, the one live socket by Channels, both behind the wall."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
pages = get_asgi_application()  # must be first: it loads the apps the imports below need

from channels.routing import ProtocolTypeRouter  # noqa: E402

from portal.edge.guard import Guard  # noqa: E402
from portal.live.routing import live  # noqa: E402

application = Guard(ProtocolTypeRouter({"http": pages, "websocket": live}))
