"""The names of the policy."""

from typing import Final

INTERVIEW: Final = "video_interview"
ADVERTISING: Final = "distribute_advertising"
