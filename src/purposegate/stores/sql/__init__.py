"""What every store in a database does in the same way (extra `sql`): SQLite for one machine, PostgreSQL for a fleet."""
