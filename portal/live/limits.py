"""The figures of the live floor, in one place."""

from typing import Final

# Frames from a client
FRAME_CHARACTERS: Final = 64_000
TOPICS_AT_MOST: Final = 200
FRAMES_BURST: Final = 500
"""A page subscribes to all its topics at once, and again after a lost connection."""
FRAMES_A_SECOND: Final = 50.0
COMMANDS_BURST: Final = 30
COMMANDS_A_SECOND: Final = 3.0
COMMANDS_WAITING: Final = 50
"""Of one socket; they are done one after the other, in their order."""
TYPING_SECONDS: Final = 3.0

# The window: what is on its way to a client and not acknowledged
WINDOW_FRAMES: Final = 256
WINDOW_BYTES: Final = 1_048_576
QUEUE_FRAMES: Final = 2_000
"""What waits behind a full window, by reference: the frames themselves are shared by all readers."""
PATIENCE_SECONDS: Final = 20
"""For a full window that does not move; a link of 5 kB a second moves it every 7."""

# Catching up
REPLAY_AT_MOST: Final = 500
REORDER_SECONDS: Final = 0.05
"""How long an event waits for the one before it, before it is looked for in the rows."""

# The clock of a hub
HEARTBEAT_SECONDS: Final = 25
HEADS_SECONDS: Final = 3
"""With several processes: how often the hub compares its numbers with the rows."""
PULSE_SECONDS: Final = 5
PRESENCE_SECONDS: Final = 10
"""How often what is known of people online is said again; without that it fades (`presence.LIFE_SECONDS`)."""
SILENT_SECONDS: Final = 12.0
"""A process that was not heard for so long is dead, and nobody is present there."""
RIGHTS_AGAIN_SECONDS: Final = 600.0
"""Rights that end by the calendar and not by anybody's act are noticed within this time."""

# What has no number
COALESCE_SECONDS: Final = 0.25
PRESENT_IDS: Final = 200
TYPING_A_SECOND: Final = 4.0
"""For each topic, of all its people together."""

REFUSAL_SECONDS: Final = 0.1
"""What may not be read and what is not there are answered so long after the question, whichever it was."""

# Closing codes
TRY_AGAIN_LATER: Final = 1013
SESSION_ENDED: Final = 4001
NOWHERE: Final = 4004
UNREADABLE: Final = 4010
TOO_LARGE: Final = 4011
TOO_MANY: Final = 4012
UNKNOWN: Final = 4013
TOO_OFTEN: Final = 4014
