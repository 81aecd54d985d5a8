"""The kill matrix: the worker is killed at every step it takes, and must end where it would have ended anyway."""
