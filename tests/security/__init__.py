"""Forged mail and what becomes of it."""
