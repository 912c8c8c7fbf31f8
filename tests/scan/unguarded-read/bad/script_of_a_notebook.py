"""Cells of a notebook, exported: reads at the top of the module."""

# %%
import json
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel

from purposegate import Personal


# %%
class Visitor(BaseModel):
    id: str
    pages: Annotated[list[str], Personal("access_history")]


# %%
visitors = [Visitor(**each) for each in json.loads(Path("visitors.json").read_text())]
frame = pd.DataFrame({"id": [each.id for each in visitors]})

# %%
frame["visits"] = [len(each.pages) for each in visitors]  # finds: unguarded-read
frame.describe()
