"""The tests; a package so that the samples of forwarded mail can be imported by name."""
