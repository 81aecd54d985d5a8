"""A third set, written without a look at what is read wrongly: clients as they write today, in 39 languages, and mail that only looks like a forward."""
