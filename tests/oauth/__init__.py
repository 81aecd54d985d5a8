"""Logins by OAuth."""
