"""The command line: one subcommand per file. Only `main` turns errors into exit codes."""
