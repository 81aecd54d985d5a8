"""Mails made to harm: what they are, and what becomes of them. All are of our own making."""
