/* Owns: the commands that the rehearsal server knows, their order and their syntax, and what an answer brings about.
 * Callers: serve.c, serve_say.c. */
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/base/scan.h"
#include "ehlo/core/address.h"
#include "serve_inner.h"

#include <stdio.h>

enum needs { NOTHING = 0, HELLO = 1, MAIL = 2, RCPT = 4, WORD = 8, NO_MAIL = 16 };

void serve_ehlo_text(struct serve *s) {
  const struct ehlo_buf *list = &s->listener->capabilities;
  ehlo_buf_reset(&s->usual);
  (void)ehlo_buf_addf(&s->usual, "250 %s\n", s->listener->name);
  for (size_t at = 0; at < list->len;) {
    const char *end = memchr(list->data + at, '\n', list->len - at);
    const struct ehlo_slice line = ehlo_slice_of(list->data + at, (size_t)(end - list->data) - at);
    at += line.len + 1;
    if (s->conn.secured && ehlo_slice_equal_nocase(line, ehlo_slice_str("STARTTLS"))) continue; /* RFC 3207 4.2 */
    (void)ehlo_buf_add_slice(&s->usual, line);
    (void)ehlo_buf_add_char(&s->usual, '\n');
  }
}

static void hello(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  struct ehlo_visit *v = visit_of(s);
  snprintf(s->helo, sizeof s->helo, "%.*s", (int)(argument.len < 255 ? argument.len : 255), argument.ptr);
  if (v) snprintf(v->helo, sizeof v->helo, "%s", s->helo);
  if (verb == EHLO_SERVE_EHLO) {
    serve_ehlo_text(s);
  } else {
    ehlo_buf_reset(&s->usual);
    (void)ehlo_buf_addf(&s->usual, "250 %s", s->listener->name);
  }
  serve_say(s, verb, argument, s->usual.data ? s->usual.data : "451 4.3.0 Out of memory");
}

static void greet_lmtp(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  s->asked_lmtp = true;
  hello(s, verb, argument);
}

static void greet_smtp(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  s->asked_lmtp = false;
  hello(s, verb, argument);
}

static void starttls(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  if (s->conn.secured) {
    serve_refuse(s, "503 5.5.1 TLS is on already");
  } else {
    serve_say(s, verb, argument, s->listener->options.tls ? "220 2.0.0 Go ahead" : "502 5.5.1 No TLS here");
  }
}

/* "FROM:<path> parameters" */
static bool path(struct ehlo_slice argument, const char *word, bool null_allowed, struct ehlo_slice *out) {
  const size_t len = strlen(word);
  if (!ehlo_slice_starts_nocase(argument, ehlo_slice_str(word))) return false;
  struct ehlo_slice rest = ehlo_slice_trim(ehlo_slice_of(argument.ptr + len, argument.len - len));
  if (!rest.len || rest.ptr[0] != '<') return false;
  size_t end = 1;
  bool quoted = false;
  for (; end < rest.len && (quoted || rest.ptr[end] != '>'); end++) {
    if (rest.ptr[end] == '\\' && quoted && end + 1 < rest.len) {
      end++;
    } else if (rest.ptr[end] == '"') {
      quoted = !quoted;
    }
  }
  if (end >= rest.len || (end + 1 < rest.len && rest.ptr[end + 1] != ' ')) return false;
  struct ehlo_mailbox m;
  const char *why = "";
  *out = ehlo_slice_of(rest.ptr + 1, end - 1);
  return ehlo_slice_equal_nocase(*out, ehlo_slice_str("postmaster")) ||
         ehlo_address_mailbox(*out, null_allowed, &m, &why) == 0;
}

static void mail(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  struct ehlo_slice from;
  if (!path(argument, "FROM:", true, &from)) {
    serve_refuse(s, "501 5.5.4 The syntax is MAIL FROM:<address>");
    return;
  }
  s->mail.from = ehlo_memory_dup(from.ptr, from.len);
  serve_say(s, verb, argument, "250 2.1.0 Ok");
}

static void rcpt(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  struct ehlo_slice to;
  const int most = s->listener->options.recipients > 0 ? s->listener->options.recipients : 100;
  if (!path(argument, "TO:", false, &to)) {
    serve_refuse(s, "501 5.5.4 The syntax is RCPT TO:<address>");
  } else if (s->mail.recipients >= most) {
    serve_refuse(s, "452 4.5.3 Too many recipients");
  } else {
    const size_t before = s->mail.to.len;
    (void)ehlo_buf_addf(&s->mail.to, "%.*s\n", (int)to.len, to.ptr);
    serve_say(s, verb, argument, before < s->mail.to.len ? "250 2.1.5 Ok" : "452 4.5.3 Too many recipients");
  }
}

static void data(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  if (s->mail.chunks) {
    serve_refuse(s, "503 5.5.1 BDAT was used for this message");
  } else {
    serve_say(s, verb, argument, "354 Go on; end with a dot on a line of its own");
  }
}

/* The chunk follows whatever the answer will be (RFC 3030 2): it is taken in before order is looked at. */
static void bdat(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  (void)verb;
  struct ehlo_scan c = ehlo_scan_of(argument);
  uint64_t size = 0;
  if (!ehlo_scan_number(&c, 15, UINT64_MAX / 4, &size)) {
    s->closing = true; /* where the next command begins cannot be known */
    serve_refuse(s, "501 5.5.4 The syntax is BDAT size [LAST]");
    return;
  }
  ehlo_scan_spaces(&c);
  s->last_chunk = ehlo_scan_word_nocase(&c, "LAST");
  s->chunk_left = size;
  s->mail.chunks = true;
  s->mode = SERVE_CHUNK;
}

static void auth(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  (void)verb;
  if (s->authenticated) {
    serve_refuse(s, "503 5.5.1 You are authenticated already");
  } else {
    serve_login_begin(s, argument);
  }
}

static void simple(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument) {
  static const char *const usual[EHLO_SERVE_VERBS] = {
      [EHLO_SERVE_RSET] = "250 2.0.0 Ok",
      [EHLO_SERVE_NOOP] = "250 2.0.0 Ok",
      [EHLO_SERVE_VRFY] = "252 2.5.0 Send some mail, I will try my best",
      [EHLO_SERVE_EXPN] = "502 5.5.1 No lists here",
      [EHLO_SERVE_HELP] = "214 2.0.0 This server rehearses: it keeps no mail and hands none on",
      [EHLO_SERVE_QUIT] = "221 2.0.0 Bye",
      [EHLO_SERVE_OTHER] = "500 5.5.1 Unknown command",
  };
  serve_say(s, verb, argument, usual[verb]);
}

static const struct verb {
  const char *word;
  enum ehlo_serve_verb verb;
  unsigned needs;
  void (*run)(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument);
} verbs[] = {
    {"EHLO", EHLO_SERVE_EHLO, WORD, greet_smtp},
    {"LHLO", EHLO_SERVE_EHLO, WORD, greet_lmtp},
    {"HELO", EHLO_SERVE_HELO, WORD, greet_smtp},
    {"STARTTLS", EHLO_SERVE_STARTTLS, HELLO, starttls},
    {"AUTH", EHLO_SERVE_AUTH, HELLO | WORD | NO_MAIL, auth},
    {"MAIL", EHLO_SERVE_MAIL, HELLO | NO_MAIL | WORD, mail},
    {"RCPT", EHLO_SERVE_RCPT, HELLO | MAIL | WORD, rcpt},
    {"DATA", EHLO_SERVE_DATA, HELLO | MAIL | RCPT, data},
    {"BDAT", EHLO_SERVE_BDAT, NOTHING, bdat},
    {"RSET", EHLO_SERVE_RSET, NOTHING, simple},
    {"NOOP", EHLO_SERVE_NOOP, NOTHING, simple},
    {"VRFY", EHLO_SERVE_VRFY, WORD, simple},
    {"EXPN", EHLO_SERVE_EXPN, WORD, simple},
    {"HELP", EHLO_SERVE_HELP, NOTHING, simple},
    {"QUIT", EHLO_SERVE_QUIT, NOTHING, simple},
};

static const char *out_of_order(const struct serve *s, const struct verb *v, struct ehlo_slice argument) {
  if (s->turned_away && v->verb != EHLO_SERVE_QUIT) return "503 5.5.1 This session was refused: QUIT is due";
  if ((v->needs & HELLO) && !s->said_hello) return "503 5.5.1 EHLO or HELO is due first";
  if ((v->needs & NO_MAIL) && s->mail.begun) return "503 5.5.1 A message is under way already";
  if ((v->needs & MAIL) && !s->mail.begun) return "503 5.5.1 MAIL is due first";
  if ((v->needs & RCPT) && !s->mail.recipients) return "554 5.5.1 No valid recipient";
  if ((v->needs & WORD) && !argument.len) return "501 5.5.4 The command needs an argument";
  return NULL;
}

void serve_line(struct serve *s, struct ehlo_slice line) {
  visit_command(s, line);
  const char *space = memchr(line.ptr, ' ', line.len);
  const size_t word = space ? (size_t)(space - line.ptr) : line.len;
  struct ehlo_slice argument = ehlo_slice_trim(ehlo_slice_of(line.ptr + word, line.len - word));
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
    const struct verb *v = &verbs[i];
    if (!ehlo_slice_equal_nocase(ehlo_slice_of(line.ptr, word), ehlo_slice_str(v->word))) continue;
    const char *wrong = out_of_order(s, v, argument);
    if (wrong) {
      serve_refuse(s, wrong);
    } else {
      v->run(s, v->verb, argument);
    }
    return;
  }
  simple(s, EHLO_SERVE_OTHER, line);
}

static bool begin_tls(struct serve *s) {
  ehlo_buf_reset(&s->conn.input); /* what was sent too early must not be read as if TLS had carried it: RFC 3207 */
  s->said_hello = s->authenticated = false;
  serve_forget_mail(s);
  if (ehlo_conn_secure(&s->conn, s->listener->options.tls, NULL) == 0) return true;
  serve_free(s);
  return false;
}

static void drop_last_recipient(struct serve *s) {
  struct ehlo_buf *to = &s->mail.to;
  if (to->len) to->len--;
  while (to->len && to->data[to->len - 1] != '\n')
    to->len--;
}

static void mail_effect(struct serve *s, int class) {
  switch (s->verb) {
  case EHLO_SERVE_MAIL:
    s->mail.begun = class == 2;
    if (class != 2) serve_forget_mail(s);
    break;
  case EHLO_SERVE_RCPT:
    if (class == 2) {
      s->mail.recipients++;
    } else {
      drop_last_recipient(s);
    }
    break;
  case EHLO_SERVE_DATA:
    if (class == 3) s->mode = SERVE_BODY;
    s->line_start = true;
    break;
  case EHLO_SERVE_END:
    s->mail.kept |= class == 2;
    if (s->mode == SERVE_VERDICTS) break;
    if (s->mail.kept) visit_message(s);
    serve_forget_mail(s);
    break;
  default: break;
  }
}

bool serve_effect(struct serve *s) {
  const int class = s->code / 100;
  if (s->code == 421 || (s->verb == EHLO_SERVE_QUIT && class == 2)) s->closing = true;
  switch (s->verb) {
  case EHLO_SERVE_GREETING: s->turned_away = class != 2; break;
  case EHLO_SERVE_EHLO:
  case EHLO_SERVE_HELO:
    if (class != 2) break;
    s->said_hello = true;
    s->lmtp = s->asked_lmtp;
    serve_forget_mail(s);
    break;
  case EHLO_SERVE_STARTTLS: return class != 2 || !s->listener->options.tls || begin_tls(s);
  case EHLO_SERVE_AUTH:
    if (class == 2) s->authenticated = true;
    if (class != 3) s->mode = SERVE_COMMANDS;
    break;
  case EHLO_SERVE_RSET: serve_forget_mail(s); break;
  default: mail_effect(s, class); break;
  }
  return true;
}
