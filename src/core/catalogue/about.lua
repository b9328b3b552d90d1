-- Owns what the catalogue says about itself. Only the builder reads it, as text in an empty environment.
-- `version` only grows: the day, then a count within the day.
return {
  name = "standard",
  version = 2026112401,
  issued = "2026-11-24T00:00:00Z",
  expires = "2027-11-24T00:00:00Z",
}
