"""The shared mailbox: one contract on every server, and against a peer that misbehaves."""
