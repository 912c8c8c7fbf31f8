"""What keeps things: what every store does in the same way, whatever it keeps."""
