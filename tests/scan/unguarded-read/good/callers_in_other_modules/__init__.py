"""A helper is called by a guarded mailer and, in another module, by a page under a purpose."""
