"""How the tables of a trail came to be, version by version; run by Alembic."""
