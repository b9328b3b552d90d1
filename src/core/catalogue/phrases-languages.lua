-- Owns the words for the common troubles in languages other than English, a family for each cause.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment. Case is only folded within ASCII.
local families = {
  {
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The receiving server knows no mailbox by this address.",
    fix = "Compare the address letter by letter with what the person gave you, and take it off your lists if it is dead.",
    texts = {
      "utilisateur inconnu", "destinataire inconnu", "adresse inconnue", "adresse inexistante", "empfänger unbekannt",
      "unbekannter benutzer", "unbekannter empfänger", "unbekannter empfaenger", "unbekannte adresse",
      "usuario desconocido", "destinatario desconocido", "utente sconosciuto", "indirizzo sconosciuto",
      "destinatario sconosciuto", "utente inesistente", "usuário desconhecido", "usuario desconhecido",
      "destinatário desconhecido", "destinatário inexistente", "destinatario inexistente", "usuário inexistente",
      "usuario inexistente", "cuenta inexistente", "conta inexistente", "keinen benutzer", "benutzer unbekannt",
      "empfänger existiert nicht", "adresse existiert nicht", "postfach existiert nicht", "gibt es nicht", "n'existe pas",
      "no existe", "non esiste", "não existe", "nao existe", "nie istnieje", "nieznany", "neexistuje", "nem létezik", "bestaat niet",
      "onbekende gebruiker", "gebruiker onbekend", "finnes ikke", "finns inte", "findes ikke", "ukendt bruger", "ukjent bruker",
      "okänd användare", "ei ole olemassa", "tuntematon", "bulunamadı", "用户不存在", "收件人不存在", "邮箱不存在",
      "帐号不存在", "账号不存在",
      "使用者不存在", "存在しません", "存在しない", "宛先不明", "не существует", "не найден", "неизвестный получатель",
      "존재하지 않",
    },
  },
  {
    cause = "mailbox-full", retry = "unclear", acts = "recipient",
    meaning = "The mailbox has no room for another message.",
    fix = "Tell the person by other means to empty the mailbox, and send again then.",
    texts = {
      "boîte pleine", "boîte * pleine", "boite pleine", "boite * pleine",
      "boite du destinataire pleine", "messagerie pleine", "quota dépassé", "postfach voll",
      "postfach ist voll", "postfach * ist voll",
      "postfach * voll", "speicherplatz * überschritten", "mailbox voll", "buzón lleno",
      "buzón * lleno", "buzon lleno", "casilla llena", "casella piena", "casella * piena",

      "casella di posta piena", "caixa cheia", "caixa * cheia",
      "caixa postal cheia", "caixa de correio cheia", "excedeu a quota", "excedeu a cota",
      "skrzynka przepełniona", "skrzynka przepelniona", "skrzynka pełna", "skrzynka * pełna",
      "mailbox vol", "mailbox is vol", "postvak vol", "plná schránka",
      "schránka je plná", "brevlådan är full", "postkassen er fuld", "postboksen er full", "kotası dolu", "限を超過", "邮箱已满",
      "信箱已滿", "容量超過", "メールボックスがいっぱい", "переполнен",
    },
  },
  {
    cause = "mailbox-disabled", retry = "no", acts = "recipient",
    meaning = "The mailbox exists but is closed: disabled, locked or left unused for too long.",
    fix = "Reach the person some other way, and stop list mail to the address until it works again.",
    texts = {
      "utilisateur inactif", "compte inactif", "compte désactivé", "compte suspendu", "postfach gesperrt", "postfach ist gesperrt",
      "postfach deaktiviert", "konto gesperrt", "konto deaktiviert", "cuenta inactiva", "cuenta deshabilitada",
      "cuenta suspendida", "conta desativada", "conta inativa", "conta suspensa", "casella disabilitata", "casella disattivata",
      "utente disabilitato", "konto nieaktywne", "konto zablokowane", "account geblokkeerd", "заблокирован", "отключен",
      "邮箱已停用", "帐号已停用", "已被禁用", "已冻结",
    },
  },
  {
    cause = "spam-content", retry = "no", acts = "sender",
    meaning = "A filter takes the content of this message for spam.",
    fix = "Send a plain text without links and attachments to see whether that passes, then find the part that offends.",
    texts = {
      "comme spam", "courrier indésirable", "als spam", "spam erkannt", "unerwünschte werbung", "como spam", "correo no deseado",
      "come spam", "uznana za spam", "за спам", "как спам", "подозрению в спаме", "垃圾邮件", "垃圾郵件",
      "迷惑メール", "スパムと",
    },
  },
  {
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The address that your mail came from is blocked by the receiver, or stands on a list that it uses.",
    fix = "Stop what brought the address there, look it up on the list that the text names, and ask for delisting.",
    texts = {
      "ip foi bloquead", "ip bloquead", "ip está bloquead", "ip * gesperrt", "ip-adresse * gesperrt", "ip-adresse * blockiert",
      "adresse ip * bloqu", "indirizzo ip * bloccat", "ip jest zablokowan", "ip * заблокирован", "lista negra", "liste noire",
      "lista nera", "czarnej li", "черном списке", "чёрном списке", "黑名单", "黑名單", "ブラックリスト",
    },
  },
  {
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "You send faster than the receiver lets you.",
    fix = "Open fewer connections and send fewer messages an hour to this receiver.",
    texts = {
      "trop de connexions", "trop de messages", "zu viele verbindungen", "zu viele nachrichten", "demasiadas conexiones",
      "demasiados mensajes", "muitas conex", "muitas mensagens", "troppe connessioni", "troppi messaggi", "zbyt wiele po",
      "слишком много", "连接过于频繁", "发送过于频繁", "频率限制",
    },
  },
  {
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message is larger than the receiver takes.",
    fix = "Shrink or split it, or send a link. An attachment grows by a third on its way.",
    texts = {
      "message trop volumineux", "message trop gros", "taille du message", "nachricht ist zu groß", "nachricht zu groß",
      "nachricht zu gross", "mail ist zu groß", "mensaje demasiado grande", "tamaño del mensaje", "mensagem muito grande",
      "tamanho da mensagem", "messaggio troppo grande", "dimensione del messaggio",
      "слишком большо", "邮件过大", "サイズが大きすぎ",
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
