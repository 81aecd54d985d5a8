"""One forwarded mail told by every client in every language, with the truth about each."""
