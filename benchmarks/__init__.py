"""Measurements: ratios against a bare floor or a baseline of the same run, never absolute promises."""
