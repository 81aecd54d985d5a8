"""The scenes of the week: mail that was sent, mail that was forwarded, and mail that is not logged."""
