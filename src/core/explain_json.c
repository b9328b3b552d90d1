/* Owns: an explanation as the JSON object of one recipient. Callers: bindings. */
#include "ehlo/core/explain.h"
#include "explain_inner.h"
#include "jsonout.h"

static void add_items(struct ehlo_buf *out, const struct ehlo_slice *items, int n) {
  for (int i = 0; i < n; i++)
    json_item(out, items[i]);
}

static void add_evidence(const struct ehlo_explanation *e, struct ehlo_buf *out) {
  json_pair(out, "evidence", ehlo_buf_slice(&e->evidence));
  json_pair(out, "evidence_kind", ehlo_slice_str(e->evidence_kind));
  json_pair(out, "phrase", ehlo_entry_string(e->phrase, EHLO_FIELD_ID));
  json_pair(out, "contradiction", ehlo_buf_slice(&e->contradiction));
}

void explanation_json_head(const struct ehlo_explanation *e, struct ehlo_slice address, struct ehlo_buf *out) {
  char enhanced[EHLO_ENHANCED_TEXT];
  (void)ehlo_buf_add_char(out, '{');
  json_pair(out, "address", address);
  json_key(out, "code");
  (void)(e->code != 0 ? ehlo_buf_addf(out, "%d", e->code) : ehlo_buf_add_str(out, "null"));
  json_pair(out, "enhanced", ehlo_slice_str(ehlo_enhanced_format(e->enhanced, enhanced)));
  json_pair(out, "cause", e->cause);
  json_pair(out, "retry", e->retry);
  json_pair(out, "acts", e->acts);
  json_pair(out, "provider", e->provider);
}

void explanation_json_tail(const struct ehlo_explanation *e, struct ehlo_buf *out) {
  (void)ehlo_buf_add_str(out, ",\"meaning\":");
  json_text(out, e->meaning);
  json_pair(out, "fix", e->fix);
  add_evidence(e, out);
  (void)ehlo_buf_add_char(out, '}');
}

/* What stands between them: what the text at hand names, and `suppress`. */
static void add_middle(const struct ehlo_explanation *e, struct ehlo_buf *out) {
  json_raw(out, ",\"about\":[");
  add_items(out, e->about, e->n_about);
  json_raw(out, "],\"tag\":");
  json_text(out, e->tag);
  json_raw(out, ",\"verdicts\":[");
  add_items(out, e->verdicts, e->n_verdicts);
  json_raw(out, "],\"suppress\":");
  json_text(out, e->suppress);
  json_raw(out, ",\"links\":[");
  add_items(out, e->links, e->n_links);
  json_raw(out, "]");
}

int ehlo_explanation_json(const struct ehlo_explanation *e, struct ehlo_buf *out) {
  if (e->json_tail.len == 0) return ehlo_explanation_json_of(e, ehlo_slice_of("", 0), out);
  (void)ehlo_buf_add_slice(out, e->json_head);
  add_middle(e, out);
  return ehlo_buf_add_slice(out, e->json_tail);
}

int ehlo_explanation_json_of(const struct ehlo_explanation *e, struct ehlo_slice address, struct ehlo_buf *out) {
  explanation_json_head(e, address, out);
  add_middle(e, out);
  explanation_json_tail(e, out);
  return out->error;
}
