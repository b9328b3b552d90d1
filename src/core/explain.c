/* Owns: what one reply means: the order of trust between phrase, enhanced code, reply code and digits, and what to say where
 * they contradict. Callers: bindings, probe reports; bounces and logs bring their replies here too. */
#include "ehlo/core/explain.h"

#include <stdio.h>

#include "amend.h"
#include "cause.h"
#include "ehlo/base/error.h"
#include "explain_inner.h"
#include "image.h"
#include "mail_reply.h"
#include "phrase.h"
#include "places.h"

enum { SENTENCE_MAX = 1024, TEXT_MAX = 1 << 16 };

/* All but the buffers. */
static void clear(struct ehlo_explanation *e, const struct ehlo_catalogue *c) {
  const struct ehlo_slice none = {"", 0};
  e->code = e->n_about = e->n_links = e->n_verdicts = 0;
  e->enhanced = (struct ehlo_enhanced){0};
  e->cause = e->retry = e->acts = e->provider = e->meaning = e->fix = e->suppress = e->tag = none;
  e->phrase = (struct ehlo_entry){c, -1};
  e->evidence_kind = "digits";
  e->json_head = e->json_tail = none;
}

void ehlo_explanation_init(struct ehlo_explanation *e, const struct ehlo_catalogue *c) {
  clear(e, c);
  ehlo_buf_init(&e->evidence, SENTENCE_MAX);
  ehlo_buf_init(&e->contradiction, SENTENCE_MAX);
  ehlo_buf_init(&e->text, TEXT_MAX);
  ehlo_buf_init(&e->scratch[0], SENTENCE_MAX);
  ehlo_buf_init(&e->scratch[1], SENTENCE_MAX);
}

void explanation_reset(struct ehlo_explanation *e, const struct ehlo_catalogue *c) {
  clear(e, c);
  ehlo_buf_reset(&e->evidence);
  ehlo_buf_reset(&e->contradiction);
  ehlo_buf_reset(&e->text);
  ehlo_buf_reset(&e->scratch[0]);
  ehlo_buf_reset(&e->scratch[1]);
}

void ehlo_explanation_fini(struct ehlo_explanation *e) {
  ehlo_buf_fini(&e->evidence);
  ehlo_buf_fini(&e->contradiction);
  ehlo_buf_fini(&e->text);
  ehlo_buf_fini(&e->scratch[0]);
  ehlo_buf_fini(&e->scratch[1]);
}

static struct ehlo_slice word(const char *text) {
  return ehlo_slice_str(text);
}

static bool is(struct ehlo_slice s, const char *text) {
  return ehlo_slice_equal(s, word(text));
}

/* Logs fold a reply's lines into one and leave the codes of the later lines in it: "rate of 421-4.7.28 unsolicited mail". */
static void drop_folded_codes(struct ehlo_buf *text, int code, struct ehlo_enhanced enhanced) {
  char marks[2][32], marker[EHLO_ENHANCED_TEXT]; /* "421-4.7.28 " and "421 4.7.28 " */
  const char digits[3] = {(char)('0' + code / 100 % 10), (char)('0' + code / 10 % 10), (char)('0' + code % 10)};
  if (code == 0 || text->len == 0 || !memmem(text->data, text->len, digits, sizeof digits)) return;
  const bool has_marker = ehlo_enhanced_format(enhanced, marker)[0] != '\0';
  for (int k = 0; k < 2; k++)
    (void)snprintf(marks[k], sizeof marks[k], "%d%c%s%s", code, "- "[k], marker, has_marker ? " " : "");
  size_t kept = 0;
  for (size_t i = 0; i < text->len;) {
    size_t skip = 0;
    for (int k = 0; k < (has_marker ? 2 : 1) && skip == 0 && (i == 0 || text->data[i - 1] == ' '); k++) {
      const size_t len = strlen(marks[k]);
      if (len <= text->len - i && memcmp(text->data + i, marks[k], len) == 0) skip = len;
    }
    i += skip;
    if (skip == 0) text->data[kept++] = text->data[i++];
  }
  text->len = kept;
  text->data[kept] = '\0';
}

/* What the words of yes and no become where the reply's first digit decides. */
static struct ehlo_slice retry_of_class(int class) {
  return word(class == 4 ? "yes" : "no");
}

static int class_of(const struct ehlo_explanation *e) {
  return e->code != 0 ? e->code / 100 : e->enhanced.class;
}

static const char *class_adjective(int class) {
  return class == 4 ? "temporary" : class == 5 ? "permanent" : "a success";
}

static void note_class_contradiction(struct ehlo_explanation *e) {
  char text[EHLO_ENHANCED_TEXT];
  const int class = e->code / 100;
  if (e->code == 0 || e->enhanced.class == 0 || class == e->enhanced.class || class == 3) return;
  (void)ehlo_buf_addf(
      &e->contradiction, "The reply code %d says %s, the enhanced code %s says %s: the reply code decides.", e->code,
      class_adjective(class), ehlo_enhanced_format(e->enhanced, text), class_adjective(e->enhanced.class));
}

/* ---- evidence ---- */

static const char *const phase_words[EHLO_PHASES] = {
    [EHLO_PHASE_GREETING] = " in place of the greeting",
    [EHLO_PHASE_EHLO] = " to EHLO",
    [EHLO_PHASE_EHLO_TLS] = " to EHLO",
    [EHLO_PHASE_STARTTLS] = " to STARTTLS",
    [EHLO_PHASE_AUTH] = " to AUTH",
    [EHLO_PHASE_MAIL] = " to MAIL",
    [EHLO_PHASE_RCPT] = " to RCPT",
    [EHLO_PHASE_DATA] = " to the message",
    [EHLO_PHASE_RSET] = " to RSET",
    [EHLO_PHASE_QUIT] = " to QUIT",
};

static const char *phase_word(enum ehlo_phase phase) {
  const char *found = (int)phase >= 0 && phase < EHLO_PHASES ? phase_words[phase] : NULL;
  return found ? found : "";
}

static void add_quoted_text(struct ehlo_buf *out, struct ehlo_slice text) {
  (void)ehlo_buf_add_char(out, '"');
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '*') {
      (void)ehlo_buf_add_str(out, "...");
    } else {
      (void)ehlo_buf_add_char(out, text.ptr[i] == '"' ? '\'' : text.ptr[i]);
    }
  }
  (void)ehlo_buf_add_char(out, '"');
}

static void say_phrase(struct ehlo_explanation *e, struct ehlo_slice wording) {
  char text[EHLO_ENHANCED_TEXT];
  e->evidence_kind = "phrase";
  (void)ehlo_buf_add_str(&e->evidence, "Known by the phrase ");
  const struct ehlo_slice text_of_entry = ehlo_entry_string(e->phrase, EHLO_FIELD_TEXT);
  add_quoted_text(&e->evidence, ehlo_slice_equal_nocase(text_of_entry, wording) ? text_of_entry : wording);
  if (e->enhanced.class != 0) {
    (void)ehlo_buf_addf(&e->evidence, " with %s", ehlo_enhanced_format(e->enhanced, text));
  } else if (e->code != 0) {
    (void)ehlo_buf_addf(&e->evidence, " with %d", e->code);
  }
  (void)ehlo_buf_add_char(&e->evidence, '.');
}

static void say_codes(struct ehlo_explanation *e, const char *kind, enum ehlo_phase phase) {
  char text[EHLO_ENHANCED_TEXT];
  e->evidence_kind = kind;
  (void)ehlo_enhanced_format(e->enhanced, text);
  if (strcmp(kind, "enhanced") == 0) {
    (void)ehlo_buf_addf(&e->evidence, "Known by the enhanced code %s.", text);
  } else if (strcmp(kind, "reply") == 0) {
    (void)ehlo_buf_addf(&e->evidence, "Known by the reply code %d%s.", e->code, phase_word(phase));
  } else if (e->code == 0 && e->enhanced.class == 0) {
    (void)ehlo_buf_add_str(&e->evidence, "There is no code in it, and no phrase that the catalogue knows.");
  } else if (e->enhanced.class != 0) {
    (void)ehlo_buf_addf(&e->evidence, "Known by the digits of %s only.", text);
  } else {
    (void)ehlo_buf_addf(&e->evidence, "Known by the digits of %d only.", e->code);
  }
}

/* ---- the sources, in their order of trust ---- */

/* The author of a phrase knew its codes: where all are of this class, "unclear" and the like stand. Common words come with any code, and
 * its first digit decides. */
static struct ehlo_slice phrase_retry(const struct ehlo_explanation *e) {
  const struct ehlo_slice own = ehlo_entry_string(e->phrase, EHLO_FIELD_RETRY);
  const int class = class_of(e);
  if (class == 0) return own;
  const unsigned known = phrase_classes(e->phrase);
  if (known == (1u << (unsigned)class)) return own;
  return is(own, "unclear") && class == 5 && !phrase_is_generic(e->phrase) ? own : retry_of_class(class);
}

/* "552 disk full": words of a fault that passes, under digits that say it does not; or the other way round. */
static void note_words_contradiction(struct ehlo_explanation *e) {
  char text[EHLO_ENHANCED_TEXT];
  const bool passes = is(ehlo_entry_string(e->phrase, EHLO_FIELD_RETRY), "yes") && is(e->retry, "no");
  const bool lasts = is(ehlo_entry_string(e->phrase, EHLO_FIELD_RETRY), "no") && is(e->retry, "yes");
  if ((!passes && !lasts) || e->contradiction.len > 0) return;
  if (e->code != 0) {
    (void)snprintf(text, sizeof text, "%d", e->code);
  } else {
    (void)ehlo_enhanced_format(e->enhanced, text);
  }
  (void)ehlo_buf_addf(&e->contradiction,
                      "The words tell of a fault that %s, %s of one that %s: the first digit decides.",
                      passes ? "passes" : "lasts", text, passes ? "lasts" : "passes");
}

static void take_phrase(struct ehlo_explanation *e, struct ehlo_slice wording) {
  e->cause = ehlo_entry_string(e->phrase, EHLO_FIELD_CAUSE);
  e->retry = phrase_retry(e);
  e->acts = ehlo_entry_string(e->phrase, EHLO_FIELD_ACTS);
  e->meaning = ehlo_entry_string(e->phrase, EHLO_FIELD_MEANING);
  e->fix = ehlo_entry_string(e->phrase, EHLO_FIELD_FIX);
  if (ehlo_entry_names_provider(e->phrase)) e->provider = ehlo_entry_string(e->phrase, EHLO_FIELD_PROVIDER);
  say_phrase(e, wording);
}

static void take_card(const struct ehlo_catalogue *c, struct ehlo_explanation *e, struct ehlo_code code) {
  struct ehlo_card card;
  ehlo_card_of(c, code, &card);
  e->meaning = ehlo_card_string(&card, EHLO_FIELD_MEANING, &e->scratch[0]);
  e->fix = ehlo_card_string(&card, EHLO_FIELD_FIX, &e->scratch[1]);
  e->acts = ehlo_card_string(&card, EHLO_FIELD_ACTS, &e->scratch[1]);
  e->retry = ehlo_card_string(&card, EHLO_FIELD_RETRY, &e->scratch[1]);
  const int class = class_of(e);
  const int own = card.enhanced ? card.parts.class : card.reply / 100;
  if (class != own) e->retry = retry_of_class(class);
}

static void take_enhanced(const struct ehlo_catalogue *c, struct ehlo_explanation *e, struct ehlo_slice cause) {
  const struct ehlo_code code = {.enhanced = e->enhanced};
  take_card(c, e, code);
  e->cause = cause;
  say_codes(e, "enhanced", EHLO_PHASES);
}

static void take_reply(const struct ehlo_catalogue *c, struct ehlo_explanation *e, struct ehlo_slice cause,
                       enum ehlo_phase phase) {
  const struct ehlo_code code = {.reply = e->code};
  take_card(c, e, code);
  e->cause = cause;
  say_codes(e, ehlo_entry_exists(ehlo_catalogue_reply(c, e->code)) ? "reply" : "digits", phase);
}

/* A phrase that is known with another class of reply: better than a vague code, and said to be odd. */
static bool take_odd_phrase(const struct ehlo_catalogue *c, struct ehlo_explanation *e, enum ehlo_phase phase) {
  const struct phrase_context in = {e->code, e->enhanced, phase, true};
  struct ehlo_slice wording;
  e->phrase = phrase_find(c, ehlo_buf_slice(&e->text), &in, &wording);
  if (!ehlo_entry_exists(e->phrase)) return false;
  take_phrase(e, wording);
  e->retry = retry_of_class(class_of(e));
  if (e->contradiction.len == 0) {
    const unsigned known = phrase_classes(e->phrase);
    const bool permanent = (known >> 5 & 1) != 0;
    (void)ehlo_buf_addf(&e->contradiction,
                        "The phrase is known from %s refusals, this reply is %s: its first digit decides.",
                        permanent ? "permanent" : "temporary", class_adjective(class_of(e)));
  }
  return true;
}

/* Codes that only phrases carry have their cause in the entry. */
static struct ehlo_slice enhanced_cause(const struct ehlo_catalogue *c, struct ehlo_enhanced code, bool *vague) {
  const struct ehlo_entry e = ehlo_catalogue_enhanced(c, code);
  const struct ehlo_slice own = ehlo_entry_string(e, EHLO_FIELD_CAUSE);
  *vague = false;
  if (own.len > 0) return own;
  const char *cause = cause_of_enhanced(code, vague);
  return word(cause ? cause : "");
}

/* Where every phrase with this code is one provider's, so is the reply. */
static struct ehlo_slice only_provider(struct ehlo_entry e) {
  const struct ehlo_slice first = ehlo_entry_string(ehlo_catalogue_phrase_of(e, 0), EHLO_FIELD_PROVIDER);
  for (int32_t k = 1; first.len > 0; k++) {
    const struct ehlo_entry phrase = ehlo_catalogue_phrase_of(e, k);
    if (!ehlo_entry_exists(phrase)) break;
    if (!ehlo_slice_equal(ehlo_entry_string(phrase, EHLO_FIELD_PROVIDER), first)) return word("");
  }
  return first;
}

/* True where the code alone stands for more than one cause. */
static bool explain_by_codes(const struct ehlo_catalogue *c, struct ehlo_explanation *e, enum ehlo_phase phase) {
  bool enhanced_vague, reply_vague;
  const struct ehlo_slice by_enhanced = enhanced_cause(c, e->enhanced, &enhanced_vague);
  const char *found = cause_of_reply(e->code, phase, &reply_vague);
  const struct ehlo_slice by_reply = word(found ? found : "");
  const struct ehlo_entry entry = ehlo_catalogue_enhanced(c, e->enhanced);
  if (by_enhanced.len > 0 && !enhanced_vague) {
    if ((image_slot(entry, EHLO_FIELDS + IMAGE_EXTRA_FLAGS) & IMAGE_FLAG_FROM_PHRASES) != 0)
      e->provider = only_provider(entry);
    take_enhanced(c, e, by_enhanced);
  } else if (class_of(e) >= 4 && (found == NULL || reply_vague) && take_odd_phrase(c, e, phase)) {
    return false;
  } else if (by_reply.len > 0 && (!reply_vague || by_enhanced.len == 0 || is(by_enhanced, "unclear"))) {
    take_reply(c, e, by_reply, phase);
  } else if (by_enhanced.len > 0) {
    take_enhanced(c, e, by_enhanced);
  } else if (ehlo_entry_exists(entry) && (e->code == 0 || e->code / 100 == 2)) {
    take_enhanced(c, e, by_enhanced);
  } else if (e->code != 0 && (e->enhanced.class == 0 || ehlo_entry_exists(ehlo_catalogue_reply(c, e->code)))) {
    take_reply(c, e, by_reply, phase);
  } else if (e->enhanced.class != 0) {
    const struct ehlo_code code = {.enhanced = e->enhanced};
    take_card(c, e, code);
    say_codes(e, "digits", phase);
  } else {
    e->meaning = word("Nothing in this text says why the mail did not pass.");
    e->fix =
        word("Look for the three-digit code in front of the text, in the log or the bounce, and give the whole reply.");
    e->retry = word("unclear");
    e->acts = word("sending-admin");
    say_codes(e, "digits", phase);
  }
  return strcmp(e->evidence_kind, "reply") == 0 ? reply_vague : enhanced_vague;
}

/* The provider that a text names by itself, whatever decided. */
static void name_provider(struct ehlo_explanation *e) {
  size_t n;
  const struct phrase_sign *signs = phrase_signs(&n);
  for (size_t i = 0; i < n && e->provider.len == 0; i++) {
    if (ehlo_slice_find_nocase(ehlo_buf_slice(&e->text), word(signs[i].sign), 0) != SIZE_MAX) {
      e->provider = word(signs[i].provider);
    }
  }
}

/* "552 5.1.1 mailbox is over quota": codes that servers fill in for whatever concerns a recipient, a domain or the load, with the causes
 * whose words are then believed. */
static bool is_stopgap(const struct ehlo_explanation *e) {
  static const struct {
    uint16_t subject, detail;
    const char *cause;
  } rows[] = {
      {1, 1, "mailbox-full"},    {1, 1, "rate-limited"},       {1, 1, "spam-content"},
      {1, 1, "greylisted"},      {1, 1, "virus-found"},        {1, 1, "server-fault"},
      {1, 2, "relay-denied"},    {1, 2, "mailbox-unknown"},    {1, 3, "sender-invalid"},
      {2, 1, "mailbox-unknown"}, {2, 1, "spam-content"},       {4, 5, "rate-limited"},
      {1, 1, "sender-blocked"},  {1, 1, "sender-invalid"},     {1, 1, "sender-not-permitted"},
      {1, 1, "ip-blocklisted"},  {1, 1, "domain-blocklisted"},
  };
  const struct ehlo_slice cause = ehlo_entry_string(e->phrase, EHLO_FIELD_CAUSE);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].subject == e->enhanced.subject && rows[i].detail == e->enhanced.detail && is(cause, rows[i].cause))
      return true;
  }
  return false;
}

/* Common words count less than an enhanced code that names a cause. */
static bool enhanced_is_sure(const struct ehlo_catalogue *c, const struct ehlo_explanation *e) {
  bool vague;
  return !is_stopgap(e) && enhanced_cause(c, e->enhanced, &vague).len > 0 && !vague;
}

int explanation_decide(struct ehlo_explanation *e, const struct ehlo_catalogue *c, enum ehlo_phase phase) {
  const struct phrase_context in = {e->code, e->enhanced, phase, false};
  note_class_contradiction(e);
  struct ehlo_slice wording;
  bool vague = false;
  e->phrase = phrase_find(c, ehlo_buf_slice(&e->text), &in, &wording);
  if (phrase_is_generic(e->phrase) && enhanced_is_sure(c, e)) e->phrase.index = -1;
  if (ehlo_entry_exists(e->phrase)) {
    take_phrase(e, wording);
    ehlo_explanation_amend(e, phase);
    if (phrase_is_generic(e->phrase) && is_stopgap(e) && e->contradiction.len == 0) {
      (void)ehlo_buf_add_str(&e->contradiction,
                             "The enhanced code stands for one cause, the words name another: the words are "
                             "believed, for many servers use this code for all.");
    }
    note_words_contradiction(e);
    vague = phrase_leads_in(wording);
  } else {
    vague = explain_by_codes(c, e, phase);
  }
  const int class = class_of(e);
  if (e->cause.len == 0 && class != 2 && class != 3) e->cause = word("unclear");
  if (class == 2 || class == 3) e->retry = word("no");
  /* a bare 550 to RCPT may as well be a rule against the sender: no reason to give an address up at once */
  e->suppress = word(cause_suppress(e->cause, vague || class == 4 || (class == 0 && is(e->retry, "yes"))));
  name_provider(e);
  const struct ehlo_buf *all[] = {&e->evidence, &e->contradiction, &e->scratch[0], &e->scratch[1]};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    if (all[i]->error) return all[i]->error;
  }
  return 0;
}

/* What the provider offers, where it is known to be that one. */
void explanation_add_links(struct ehlo_explanation *e) {
  if (!ehlo_entry_exists(e->phrase) || phrase_is_generic(e->phrase) || e->provider.len > 0) places_add_links(e->fix, e);
}

/* The text is there, without folded codes. */
static int finish(const struct ehlo_catalogue *c, enum ehlo_phase phase, struct ehlo_explanation *e) {
  const int error = explanation_decide(e, c, phase);
  places_find(ehlo_buf_slice(&e->text), e);
  explanation_add_links(e);
  return error;
}

static int explain(const struct ehlo_catalogue *c, enum ehlo_phase phase, struct ehlo_explanation *e) {
  if (e->text.error) return e->text.error;
  drop_folded_codes(&e->text, e->code, e->enhanced);
  return finish(c, phase, e);
}

int explanation_take(struct ehlo_explanation *e, const struct ehlo_reply *reply) {
  e->code = reply->code;
  e->enhanced = reply->enhanced;
  (void)ehlo_reply_unfold(reply, &e->text);
  if (e->text.error) return e->text.error;
  drop_folded_codes(&e->text, e->code, e->enhanced);
  return 0;
}

int ehlo_explain_reply(const struct ehlo_catalogue *c, const struct ehlo_reply *reply, enum ehlo_phase phase,
                       struct ehlo_explanation *out) {
  ehlo_explanation_init(out, c);
  const int error = explanation_take(out, reply);
  return error ? error : finish(c, phase, out);
}

int ehlo_explain_parts(const struct ehlo_catalogue *c, struct ehlo_code code, enum ehlo_phase phase,
                       struct ehlo_slice text, struct ehlo_explanation *out) {
  ehlo_explanation_init(out, c);
  out->code = code.reply;
  out->enhanced = code.enhanced;
  if (text.len > TEXT_MAX) text.len = TEXT_MAX;
  (void)ehlo_buf_add_slice(&out->text, text);
  return explain(c, phase, out);
}

/* ---- as people paste it ---- */

static bool is_word_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c) || c == '.' || c == '-' || c == '_';
}

/* A reply code within a text: three digits 2 to 5 that stand alone, before a space or a hyphen and more. */
static bool code_at(struct ehlo_slice s, size_t at, struct ehlo_code *out) {
  if (at > 0 && is_word_byte(s.ptr[at - 1])) return false;
  if (s.len - at < 3) return false;
  const char *p = s.ptr + at;
  if (p[0] < '2' || p[0] > '5' || p[1] < '0' || p[1] > '5' || !ehlo_is_digit((unsigned char)p[2])) return false;
  if (s.len - at > 3 && p[3] != ' ' && p[3] != '-' && p[3] != '/') return false;
  *out = (struct ehlo_code){.reply = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0')};
  if (s.len - at > 4) (void)ehlo_enhanced_scan(ehlo_slice_of(p + 4, s.len - at - 4), &out->enhanced);
  return true;
}

/* The first reply code that has an enhanced code behind it, else the first enhanced code, else the code at the front. */
static void find_codes(struct ehlo_slice s, struct ehlo_code *out) {
  struct ehlo_code found;
  struct ehlo_enhanced enhanced;
  *out = (struct ehlo_code){0};
  for (size_t i = 0; i < s.len; i++) {
    if (code_at(s, i, &found) && found.enhanced.class != 0) {
      *out = found;
      return;
    }
  }
  if (code_at(s, 0, &found)) *out = found;
  for (size_t i = 0; i < s.len && out->enhanced.class == 0; i++) {
    if (i > 0 && is_word_byte(s.ptr[i - 1])) continue;
    if (ehlo_enhanced_scan(ehlo_slice_of(s.ptr + i, s.len - i), &enhanced) > 0) out->enhanced = enhanced;
  }
}

/* Log lines quote a server: "host mx.example.org[192.0.2.25] said: 550 5.1.1 ... (in reply to RCPT TO command)". */
static struct ehlo_slice what_was_said(struct ehlo_slice s) {
  const size_t at = ehlo_slice_find_nocase(s, word(" said: "), 0);
  if (at == SIZE_MAX || at + 7 >= s.len) return s;
  return ehlo_slice_of(s.ptr + at + 7, s.len - at - 7);
}

int ehlo_explain_text(const struct ehlo_catalogue *c, struct ehlo_slice text, enum ehlo_phase phase,
                      struct ehlo_explanation *out) {
  ehlo_explanation_init(out, c);
  struct ehlo_slice s = ehlo_slice_trim(text);
  if (s.len == 0) return EHLO_E_SYNTAX;
  if (s.len > TEXT_MAX) s.len = TEXT_MAX;
  const struct ehlo_slice said = what_was_said(s);
  if (phase == EHLO_PHASES && said.len < s.len) phase = reply_phase(s, s.len - said.len);
  s = said;
  struct ehlo_reply reply;
  struct ehlo_code code;
  if (ehlo_code_read(s, &code, NULL) == 0) {
    out->code = code.reply;
    out->enhanced = code.enhanced;
  } else if (ehlo_reply_read(s, &reply) > 0 && reply.code != 0) {
    out->code = reply.code;
    out->enhanced = reply.enhanced;
    (void)ehlo_reply_unfold(&reply, &out->text);
  } else {
    find_codes(s, &code);
    out->code = code.reply;
    out->enhanced = code.enhanced;
    (void)ehlo_buf_add_slice(&out->text, s);
  }
  return explain(c, phase, out);
}
