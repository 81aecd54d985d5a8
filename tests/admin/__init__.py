"""The commands, typed at a desk of their own."""
