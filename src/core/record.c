/* Owns: everything that is known of one session, as plain data. Callers: net and smtp fill it, the rest reads it.
 * Tens of thousands may live at once, so strings are exact and arrays grow in small steps. */
#include "ehlo/core/record.h"

#include <stdarg.h>
#include <stdio.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/escape.h"

enum { TRANSCRIPT_MAX = 1 << 18, EXCHANGES_STEP = 8, RAW_SENTENCE = 512, SENTENCE = 4 * RAW_SENTENCE };

struct ehlo_record *ehlo_record_new(const char *target) {
  struct ehlo_record *r = ehlo_memory_zalloc(1, sizeof *r);
  if (!r) return NULL;
  r->target = ehlo_memory_dup(target, strlen(target));
  if (!r->target) {
    ehlo_memory_free(r);
    return NULL;
  }
  r->tls_level = EHLO_TLS_MAY;
  r->dns_secure = -2;
  for (int i = 0; i < EHLO_PHASES; i++)
    r->timing[i] = -1;
  r->greeting = r->ehlo = r->ehlo_tls = r->starttls = r->stopper = -1;
  ehlo_transcript_init(&r->transcript, TRANSCRIPT_MAX);
  return r;
}

void ehlo_record_free(struct ehlo_record *r) {
  if (!r) return;
  for (int i = 0; i < r->n_findings; i++)
    ehlo_memory_free(r->findings[i].text);
  ehlo_memory_free(r->findings);
  ehlo_memory_free(r->exchanges);
  ehlo_tls_facts_free(r->tls);
  ehlo_transcript_fini(&r->transcript);
  ehlo_memory_free(r->source_ptr);
  ehlo_memory_free(r->host);
  ehlo_memory_free(r->helo);
  ehlo_memory_free(r->target);
  ehlo_memory_free(r);
}

bool ehlo_record_reply(const struct ehlo_record *r, int exchange, struct ehlo_reply *out) {
  *out = (struct ehlo_reply){0};
  if (exchange < 0 || exchange >= r->n_exchanges) return false;
  struct ehlo_transcript_entry entry;
  if (!ehlo_transcript_at(&r->transcript, r->exchanges[exchange].received, &entry)) return false;
  return ehlo_reply_read(entry.bytes, out) > 0;
}

bool ehlo_record_capabilities(const struct ehlo_record *r, struct ehlo_reply *out) {
  *out = (struct ehlo_reply){0};
  if (r->helo_fallback) return false;
  if (!ehlo_record_reply(r, r->ehlo_tls >= 0 ? r->ehlo_tls : r->ehlo, out)) return false;
  if (out->code / 100 == 2) return true;
  *out = (struct ehlo_reply){0};
  return false;
}

int ehlo_record_add_exchange(struct ehlo_record *r, const struct ehlo_exchange *x) {
  if (r->n_exchanges == r->cap_exchanges) {
    const size_t cap = (size_t)r->cap_exchanges + EXCHANGES_STEP;
    struct ehlo_exchange *grown = ehlo_memory_realloc(r->exchanges, cap * sizeof *grown);
    if (!grown) return EHLO_E_MEMORY;
    r->exchanges = grown;
    r->cap_exchanges += EXCHANGES_STEP;
  }
  r->exchanges[r->n_exchanges] = *x;
  return r->n_exchanges++;
}

/* Cuts a text that does not fit, never inside a UTF-8 character. */
static void copy_fitting(char *out, size_t room, const char *text, size_t len) {
  if (len < room) {
    memcpy(out, text, len + 1);
    return;
  }
  size_t keep = room - sizeof "...";
  while (keep > 0 && ((unsigned char)text[keep] & 0xc0) == 0x80)
    keep--;
  memcpy(out, text, keep);
  memcpy(out + keep, "...", sizeof "...");
}

/* Formats and escapes without allocating: running out of memory is told this way, too. */
static void make_sentence(char *out, size_t room, const char *format, va_list args) {
  char raw[RAW_SENTENCE + 1], fitting[RAW_SENTENCE], escaped[SENTENCE];
  const int wrote = vsnprintf(raw, sizeof raw, format, args);
  if (wrote < 0) raw[0] = '\0';
  copy_fitting(fitting, sizeof fitting, raw, strlen(raw));
  struct ehlo_buf fixed = {.data = escaped, .cap = sizeof escaped, .max = sizeof escaped - 1};
  escaped[0] = '\0';
  (void)ehlo_escape_terminal(ehlo_slice_str(fitting), &fixed);
  copy_fitting(out, room, escaped, fixed.len);
}

int ehlo_record_find(struct ehlo_record *r, const char *word, const char *format, ...) {
  char text[SENTENCE];
  va_list args;
  va_start(args, format);
  make_sentence(text, sizeof text, format, args);
  va_end(args);

  char *copy = ehlo_memory_dup(text, strlen(text));
  if (!copy) return EHLO_E_MEMORY;
  struct ehlo_finding *grown = ehlo_memory_realloc(r->findings, ((size_t)r->n_findings + 1) * sizeof *grown);
  if (!grown) {
    ehlo_memory_free(copy);
    return EHLO_E_MEMORY;
  }
  r->findings = grown;
  r->findings[r->n_findings++] = (struct ehlo_finding){.word = word, .text = copy};
  return 0;
}

void ehlo_record_fail(struct ehlo_record *r, int error, enum ehlo_phase phase, const char *reason, const char *format,
                      ...) {
  if (r->failure.error != 0) return;
  r->failure.error = error;
  r->failure.phase = phase;
  r->failure.reason = reason;
  va_list args;
  va_start(args, format);
  make_sentence(r->failure.text, sizeof r->failure.text, format, args);
  va_end(args);
}

uint32_t ehlo_record_anomalies(const struct ehlo_record *r) {
  uint32_t all = 0;
  for (int i = 0; i < r->n_exchanges; i++)
    all |= r->exchanges[i].anomalies;
  return all;
}
