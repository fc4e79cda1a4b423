"""How fast Plenary is, measured on a network of 1, 10 and 100 times the size. See README.md."""
