"""What was found, written for people and for the programs of others: one module a format, none knowing who found it."""
