"""The promise: what the YAML says."""
