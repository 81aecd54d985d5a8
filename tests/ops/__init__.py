"""Running it: two workers, a full disk, backups, alarms, hangs and the end."""
