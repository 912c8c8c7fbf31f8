"""A helper is called by a guarded route and, in another module, by an unguarded script."""
