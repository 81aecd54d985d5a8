"""Mail as real clients write it and as real servers label it."""
