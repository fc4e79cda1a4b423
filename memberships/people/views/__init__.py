"""Pages about people: their own, an organisation's team, the Secretariat's recovery, and whom the reader acts for."""
