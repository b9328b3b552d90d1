-- What your site knows, on every card and in every explanation: copy this file into ~/.config/ehlo/catalogue.d/ (for yourself) or
-- /etc/xdg/ehlo/catalogue.d/ (for all of a machine), and change it. Entries are laid over those that are there, field by field.
return {
  -- a note on a code that everybody knows
  {code = "550", notes = {"Our helpdesk answers questions about refusals: extension 4711, queue MAIL."}},
  -- other advice than the usual, for one code
  {code = "5.7.26", fix = "Ask the mail team to add the new sender to SPF and to give it a DKIM key; the form is on the intranet."},
  -- what our own gateway says, so that `ehlo explain` and the reports of logs know it
  {
    id = "our-gateway-quarantine",
    text = "held for review by gateway *.example.org",
    code = "451",
    enhanced = "4.7.1",
    provider = "our gateway",
    cause = "policy",
    retry = "yes",
    acts = "sending-admin",
    meaning = "Our gateway keeps the mail until somebody has looked at it.",
    fix = "Release it in the gateway's quarantine, or wait: it is let through after a day.",
  },
}
