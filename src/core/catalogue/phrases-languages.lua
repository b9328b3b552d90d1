-- Owns the words for the common troubles in languages other than English, a family for each cause.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment. Case is only folded within ASCII.
local families = {
  {
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The receiving server knows no mailbox by this address.",
    fix = "Compare the address letter by letter with what the person gave you, and take it off your lists if it is dead.",
    texts = {
      "utilisateur inconnu", "destinataire inconnu", "empfänger unbekannt", "unbekannter benutzer",
      "usuario desconocido", "destinatario desconocido", "utente sconosciuto", "usuário desconhecido",
      "cuenta inexistente", "keinen benutzer", "benutzer unbekannt", "empfänger existiert nicht",
      "adresse existiert nicht", "gibt es nicht", "n'existe pas", "no existe", "non esiste", "não existe",
      "nie istnieje", "bestaat niet", "finnes ikke", "finns inte", "findes ikke", "ei ole olemassa", "用户不存在", "收件人不存在", "邮箱不存在", "帐号不存在",
      "存在しません", "存在しない", "не существует", "не найден",
    },
  },
  {
    cause = "mailbox-full", retry = "unclear", acts = "recipient",
    meaning = "The mailbox has no room for another message.",
    fix = "Tell the person by other means to empty the mailbox, and send again then.",
    texts = {
      "boîte pleine", "boite pleine", "postfach voll", "postfach ist voll", "buzón lleno", "casella piena",
      "caixa cheia", "限を超過", "邮箱已满", "信箱已滿", "容量超過", "メールボックスがいっぱい", "переполнен",
    },
  },
}

local entries = {}
for f = 1, #families do
  local family, also = families[f], {}
  for t = 2, #family.texts do also[t - 1] = family.texts[t] end
  entries[f] = {
    id = "language-" .. family.cause, text = family.texts[1], also = also, provider = "generic", names_provider = false, cause = family.cause,
    retry = family.retry, acts = family.acts, meaning = family.meaning, fix = family.fix, source = "servers of all makes",
  }
end
return entries
