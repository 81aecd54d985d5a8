"""The only user of peewee: tables, the directory, the ledger, and the questions asked."""
