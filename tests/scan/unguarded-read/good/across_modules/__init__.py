"""Model, gate and check lie in three modules of a package, which gives them out again under its own name."""

from .access import require as require
from .models import Applicant as Applicant
