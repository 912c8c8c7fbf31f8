"""What a field holds is said by the environment."""

import os
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Extra:
    id: str
    value: Annotated[str, Personal(os.environ["EXTRA_CATEGORY"])]  # finds: cannot-verify
