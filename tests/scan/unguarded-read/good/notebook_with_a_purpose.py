"""Cells of a notebook under a purpose."""

# %%
import json
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


# %%
class Visitor(BaseModel):
    id: str
    pages: Annotated[list[str], Personal("access_history")]


# %%
visitors = [Visitor(**each) for each in json.loads(Path("visitors.json").read_text())]
with gate.purpose("obtain_statistics"):
    visits = [len(each.pages) for each in visitors]

# %%
print(sum(visits) / len(visits))
