"""Mail as machines and habits leave it, in 79 languages, by somebody who had not read the parser; it was measured before anything was mended."""
