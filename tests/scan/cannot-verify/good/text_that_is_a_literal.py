"""Literal text can be read, and `literal_eval` runs nothing."""

import ast

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
LIMIT = eval("60 * 24")


def parsed(text: str) -> object:
    gate.check("inquiry", "respond_to_inquiries")
    return ast.literal_eval(text)
