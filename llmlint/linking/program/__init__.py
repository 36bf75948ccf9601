"""Names of a program: modules, imports, scopes and texts, before anything is evaluated."""
