/* Owns: the JSON object of a probe. Callers: the record's Lua object, bulk output. */
#include "ehlo/core/record_json.h"

#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/capability.h"
#include "ehlo/core/escape.h"
#include "ehlo/core/explain.h"
#include "ehlo/core/outcome.h"
#include "jsonout.h"

static void string(struct ehlo_buf *out, const char *name, const char *text) {
  json_pair(out, name, ehlo_slice_str(text));
}

static void seconds(struct ehlo_buf *out, const char *name, double value) {
  json_key(out, name);
  (void)ehlo_buf_addf(out, "%.6f", value);
}

static void words(struct ehlo_buf *out, uint32_t anomalies) {
  (void)ehlo_buf_add_char(out, '[');
  for (int bit = 0; bit < 32; bit++) {
    const char *name = anomalies & (1u << bit) ? ehlo_anomaly_name(1u << bit) : NULL;
    if (!name) continue;
    json_comma(out);
    (void)ehlo_buf_addf(out, "\"%s\"", name);
  }
  (void)ehlo_buf_add_char(out, ']');
}

int ehlo_reply_json(const struct ehlo_reply *reply, double spent, uint32_t anomalies, struct ehlo_buf *out) {
  struct ehlo_reply_line line;
  char enhanced[EHLO_ENHANCED_TEXT];
  (void)ehlo_buf_addf(out, "{\"code\":%d", reply->code);
  string(out, "enhanced", reply->enhanced.class ? ehlo_enhanced_format(reply->enhanced, enhanced) : NULL);
  string(out, "class", ehlo_reply_class(reply->code));
  json_key(out, "lines");
  (void)ehlo_buf_add_char(out, '[');
  for (size_t at = 0; ehlo_reply_next_line(reply, &at, false, &line);) {
    json_comma(out);
    (void)ehlo_escape_json(line.text, out);
  }
  (void)ehlo_buf_add_char(out, ']');
  seconds(out, "seconds", spent);
  json_key(out, "anomalies");
  words(out, anomalies);
  return ehlo_buf_add_char(out, '}');
}

static void reply_object(struct ehlo_buf *out, const struct ehlo_record *r, int exchange) {
  struct ehlo_reply reply;
  if (exchange < 0 || !ehlo_record_reply(r, exchange, &reply))
    (void)ehlo_buf_add_str(out, "null");
  else
    (void)ehlo_reply_json(&reply, r->exchanges[exchange].seconds, r->exchanges[exchange].anomalies, out);
}

static void explanation(struct ehlo_buf *out, const struct ehlo_record *r, const struct ehlo_catalogue *catalogue,
                        int exchange) {
  struct ehlo_reply reply;
  struct ehlo_explanation e;
  json_key(out, "explanation");
  if (!catalogue || exchange < 0 || !ehlo_record_reply(r, exchange, &reply)) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  if (ehlo_explain_reply(catalogue, &reply, r->exchanges[exchange].phase, &e) == 0)
    (void)ehlo_explanation_json(&e, out);
  else
    (void)ehlo_buf_add_str(out, "null");
  ehlo_explanation_fini(&e);
}

static void banner(struct ehlo_buf *out, const struct ehlo_record *r) {
  struct ehlo_reply reply;
  struct ehlo_buf text;
  json_key(out, "banner");
  if (r->greeting < 0 || !ehlo_record_reply(r, r->greeting, &reply)) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  ehlo_buf_init(&text, 1 << 20);
  (void)ehlo_reply_unfold(&reply, &text);
  (void)ehlo_escape_json(ehlo_buf_slice(&text), out);
  ehlo_buf_fini(&text);
}

/* An object by keyword, upper case: a keyword that comes twice is written once. */
static void capabilities(struct ehlo_buf *out, const struct ehlo_record *r) {
  struct ehlo_reply ehlo;
  struct ehlo_capability c, first;
  json_key(out, "capabilities");
  if (!ehlo_record_capabilities(r, &ehlo)) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  (void)ehlo_buf_add_char(out, '{');
  for (size_t at = 0; ehlo_capability_next(&ehlo, &at, &c);) {
    char upper[64];
    size_t n = 0;
    for (; n < c.keyword.len && n < sizeof upper - 1; n++)
      upper[n] = (char)ehlo_to_upper(c.keyword.ptr[n]);
    upper[n] = '\0';
    if (ehlo_capability_find(&ehlo, upper, &first) && first.keyword.ptr != c.keyword.ptr) continue;
    json_comma(out);
    (void)ehlo_escape_json(ehlo_slice_of(upper, n), out);
    (void)ehlo_buf_add_char(out, ':');
    (void)ehlo_escape_json(c.params, out);
  }
  (void)ehlo_buf_add_char(out, '}');
}

static void pairs(struct ehlo_buf *out, const char *word, const char *text) {
  json_comma(out);
  (void)ehlo_buf_add_char(out, '{');
  string(out, "word", word);
  string(out, "text", text);
  (void)ehlo_buf_add_char(out, '}');
}

static void certificate(struct ehlo_buf *out, const struct ehlo_certificate *c) {
  json_comma(out);
  (void)ehlo_buf_add_char(out, '{');
  string(out, "subject", c->subject);
  string(out, "issuer", c->issuer);
  json_key(out, "names");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < c->n_names; i++) {
    json_comma(out);
    (void)ehlo_escape_json(ehlo_slice_str(c->names[i]), out);
  }
  (void)ehlo_buf_add_char(out, ']');
  string(out, "key", c->key);
  string(out, "signature", c->signature);
  string(out, "sha256", c->sha256);
  (void)ehlo_buf_addf(out, ",\"not_before\":%.0f,\"not_after\":%.0f}", c->not_before, c->not_after);
}

static void pin(struct ehlo_buf *out, const struct ehlo_tls_pin *p) {
  json_comma(out);
  (void)ehlo_buf_addf(out, "{\"usage\":%d,\"selector\":%d,\"matching\":%d", p->usage, p->selector, p->matching);
  string(out, "data", p->data);
  (void)ehlo_buf_addf(out, p->depth < 0 ? ",\"depth\":null}" : ",\"depth\":%d}", p->depth);
}

static void tls(struct ehlo_buf *out, const struct ehlo_record *r) {
  const struct ehlo_tls_facts *f = r->tls;
  json_key(out, "tls");
  if (!f) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  (void)ehlo_buf_add_char(out, '{');
  string(out, "version", f->version);
  string(out, "cipher", f->cipher);
  (void)ehlo_buf_addf(out, ",\"bits\":%d", f->bits);
  string(out, "group", f->group);
  string(out, "alpn", f->alpn);
  string(out, "sni", f->sni);
  json_bool(out, "resumed", f->resumed);
  json_bool(out, "trusted", f->trusted);
  json_key(out, "chain");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < f->n_chain; i++)
    certificate(out, &f->chain[i]);
  (void)ehlo_buf_add_str(out, "],\"verdicts\":[");
  for (int i = 0; i < f->n_verdicts; i++)
    pairs(out, f->verdicts[i].word, f->verdicts[i].text);
  (void)ehlo_buf_add_str(out, "],\"tlsa\":[");
  for (int i = 0; i < f->n_pins; i++)
    pin(out, &f->pins[i]);
  (void)ehlo_buf_add_str(out, "]}");
}

static void timing(struct ehlo_buf *out, const struct ehlo_record *r) {
  json_key(out, "timing");
  (void)ehlo_buf_add_char(out, '{');
  for (int i = 0; i < EHLO_PHASES; i++)
    if (r->timing[i] >= 0) seconds(out, ehlo_phase_timing_name((enum ehlo_phase)i), r->timing[i]);
  seconds(out, "total", r->total);
  (void)ehlo_buf_add_char(out, '}');
}

static void findings(struct ehlo_buf *out, const struct ehlo_record *r) {
  json_key(out, "findings");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < r->n_findings; i++)
    pairs(out, r->findings[i].word, r->findings[i].text);
  (void)ehlo_buf_add_char(out, ']');
}

static void failure(struct ehlo_buf *out, const struct ehlo_record *r) {
  json_key(out, "failure");
  if (!r->failure.error) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  (void)ehlo_buf_add_char(out, '{');
  string(out, "error", ehlo_error_name(r->failure.error));
  string(out, "reason", r->failure.reason);
  string(out, "text", r->failure.text);
  (void)ehlo_buf_add_char(out, '}');
}

static void transcript(struct ehlo_buf *out, const struct ehlo_record *r) {
  static const char *const directions[] = {"sent", "received", "noted"};
  struct ehlo_transcript_entry e;
  struct ehlo_buf shown;
  ehlo_buf_init(&shown, 1 << 20);
  json_key(out, "transcript");
  (void)ehlo_buf_add_char(out, '[');
  for (size_t at = 0; ehlo_transcript_next(&r->transcript, &at, &e);) {
    json_comma(out);
    (void)ehlo_buf_add_char(out, '{');
    seconds(out, "at", e.at);
    string(out, "direction", directions[e.direction]);
    string(out, "phase", ehlo_phase_timing_name(e.phase));
    json_key(out, "text");
    ehlo_buf_reset(&shown);
    (void)ehlo_escape_terminal(ehlo_slice_chomp(e.bytes), &shown);
    (void)ehlo_escape_json(ehlo_buf_slice(&shown), out);
    (void)ehlo_buf_add_char(out, '}');
  }
  (void)ehlo_buf_add_char(out, ']');
  ehlo_buf_fini(&shown);
}

static void names(struct ehlo_buf *out, const struct ehlo_record *r) {
  string(out, "target", r->target);
  string(out, "host", r->host);
  string(out, "address", r->address);
  (void)ehlo_buf_addf(out, r->port ? ",\"port\":%u" : ",\"port\":null", r->port); /* a unix socket has none */
  string(out, "source", r->source);
  string(out, "source_ptr", r->source_ptr);
  string(out, "helo", r->helo);
}

int ehlo_record_json(const struct ehlo_record *r, const struct ehlo_catalogue *catalogue, struct ehlo_buf *out) {
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  (void)ehlo_buf_add_char(out, '{');
  names(out, r);
  string(out, "outcome", o.word);
  (void)ehlo_buf_addf(out, ",\"exit\":%d", o.exit);
  string(out, "phase", ehlo_phase_name(o.phase));
  json_key(out, "reply");
  reply_object(out, r, o.exchange);
  explanation(out, r, catalogue, o.exchange);
  banner(out, r);
  capabilities(out, r);
  json_bool(out, "helo_fallback", r->helo_fallback);
  tls(out, r);
  timing(out, r);
  json_key(out, "anomalies");
  words(out, ehlo_record_anomalies(r));
  findings(out, r);
  failure(out, r);
  transcript(out, r);
  return ehlo_buf_add_char(out, '}');
}
