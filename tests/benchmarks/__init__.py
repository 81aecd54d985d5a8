"""That the measurements measure what they say."""
