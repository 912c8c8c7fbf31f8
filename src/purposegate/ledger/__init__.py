"""The facts: what people consented to, objected to, approved and signed."""
