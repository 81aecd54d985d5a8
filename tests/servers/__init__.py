"""The mail servers that tests talk to: embedded, real, and one that plays a script."""
