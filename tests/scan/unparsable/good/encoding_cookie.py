# -*- coding: latin-1 -*-
"""Text of another encoding, which the file tells."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
TITLE = "Ménage"
