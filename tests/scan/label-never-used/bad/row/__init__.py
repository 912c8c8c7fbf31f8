"""A key of a row that the jobs of the package never ask for."""
