"""The history of the schema: one script a change, applied in the order of their numbers, never edited once released."""
