"""An attrs class holds where somebody lives."""

from typing import Annotated

import attrs

from purposegate import Personal


@attrs.define
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    postal_address: str = ""  # finds: unlabelled-field
