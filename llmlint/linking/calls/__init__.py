"""A call site and its facts: client, host, request, model, prompt, schema, and what becomes of the answer."""
