"""The ASN.1 compiler's parts: source text -> tokens -> syntax tree -> C model -> header and tables."""
