"""The gate's method is replaced for development."""

import os

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
if os.environ.get("ENV") == "dev":
    gate.check = lambda *args, **kwargs: None  # finds: cannot-verify
