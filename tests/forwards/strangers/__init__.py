"""Mail of strangers: forwards and replies written from what is known of mail clients, not from the product's own tables."""
