"""What an expression can be: values, through names, calls, classes, containers and what changes them."""
