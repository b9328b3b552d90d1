-- Owns what access rules of mail servers say when they greylist: the word stands beside others that mean a busy server elsewhere.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
local meaning = "The server puts off senders that it has not met, to see whether they come back."
local fix = "Nothing to repair: a mail server that tries again from the same address gets through within minutes to an hour."

return {
  {
    id = "own-words-greylisted-try-again",
    text = "greylist*try again later",
    code = "451",
    commands = {"RCPT", "DATA"},
    provider = "Exim",
    names_provider = false,
    cause = "greylisted", retry = "yes", acts = "nobody",
    meaning = meaning, fix = fix,
    source = "a rule that is common in Exim's ACLs",
  },
  {
    id = "own-words-greylisted-come-back",
    text = "greylist*come back later",
    code = "451",
    commands = {"RCPT", "DATA"},
    provider = "Exim",
    names_provider = false,
    cause = "greylisted", retry = "yes", acts = "nobody",
    meaning = meaning, fix = fix,
    source = "a rule that is common in Exim's ACLs",
  },
}
