"""The judge: pure, total, and the only one."""
