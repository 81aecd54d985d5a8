"""Start here: `python worker.py` is the service; other words after it are the ops commands."""

from crm_logger.admin import main

if __name__ == "__main__":
    main()
