"""A line of the access log holds the address of a machine."""

from datetime import datetime
from ipaddress import IPv4Address
from typing import NamedTuple

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Hit(NamedTuple):
    at: datetime
    path: str
    ip_address: IPv4Address  # finds: unlabelled-field
