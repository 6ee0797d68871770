"""Running it in an office: health, figures, logs, stopping, back-up and restore."""
