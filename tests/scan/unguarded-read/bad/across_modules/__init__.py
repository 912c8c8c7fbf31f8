"""A package in which a re-exported model is read by an unguarded job."""

from .models import Applicant as Applicant
from .store import Store as Store
