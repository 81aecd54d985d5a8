"""The demo: a story of mails on an embedded IMAP server, taken in by the real worker."""
