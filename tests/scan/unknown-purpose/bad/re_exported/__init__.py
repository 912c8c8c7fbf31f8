"""The names come by `import *` and an alias through two packages."""

from .catalogue import *  # noqa: F403
from .catalogue import AD as ADVERTISING
