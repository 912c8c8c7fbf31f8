"""How the tables of a ledger came to be, version by version; run by Alembic."""
