"""One test for each row of the table of protocol faults, against a scripted IMAP peer; real servers behind a chaos proxy."""
