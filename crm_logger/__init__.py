"""crm-logger: e-mail sent with a BCC address or forwarded by a user appears on the CRM's timelines."""

__version__ = "0.1.0"
