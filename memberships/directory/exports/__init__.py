"""Lists as files: what is filtered, for who may see it, as CSV, XLSX or vCard.

Organisations at risk and their people are in no file for anybody. Contacts follow their audience.
"""
