"""The pages: who may see what, what is shown, what a click mends, and how it looks in a browser."""
