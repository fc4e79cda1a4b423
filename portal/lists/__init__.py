"""Lists that are narrowed by facets: what an address may ask for, counting in memory, options and links of the page.

A slice with such a list gives the facets' sets (`bitsets`), a filter set (`filters.ListFilter`) and the labels of
values; the parts of the page are in `templates/portal/lists/`.
"""
