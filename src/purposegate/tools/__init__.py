"""The desk: what a reviewer, counsel or CI runs on a policy. Never imported at run time."""
