/* Owns: a comparison as JSON, without the envelope. Callers: bindings. */
#include "ehlo/core/compare.h"
#include "jsonout.h"

static void add_differences(const struct ehlo_comparison *c, struct ehlo_buf *out) {
  json_key(out, "differences");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < c->n_differences; i++) {
    json_comma(out);
    (void)ehlo_buf_add_char(out, '{');
    json_pair(out, "field", ehlo_slice_str(c->differences[i].field));
    json_key(out, "values");
    (void)ehlo_buf_add_char(out, '[');
    for (int k = 0; k < c->n_items; k++)
      json_item(out, ehlo_buf_slice(&c->differences[i].values[k]));
    (void)ehlo_buf_add_str(out, "]}");
  }
  (void)ehlo_buf_add_char(out, ']');
}

static void add_common(const struct ehlo_comparison *c, struct ehlo_buf *out) {
  json_key(out, "common");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < c->n_common; i++) {
    json_comma(out);
    (void)ehlo_buf_add_char(out, '{');
    json_pair(out, "field", ehlo_slice_str(c->common[i].field));
    json_pair(out, "value", ehlo_buf_slice(&c->common[i].values[0]));
    (void)ehlo_buf_add_char(out, '}');
  }
  (void)ehlo_buf_add_char(out, ']');
}

int ehlo_comparison_json(const struct ehlo_comparison *c, struct ehlo_buf *out) {
  (void)ehlo_buf_add_char(out, '{');
  json_pair(out, "kind", ehlo_slice_str(c->kind));
  json_key(out, "items");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < c->n_items; i++) {
    json_comma(out);
    (void)ehlo_card_json(&c->items[i], out);
  }
  (void)ehlo_buf_add_char(out, ']');
  json_pair(out, "headline", ehlo_buf_slice(&c->headline));
  add_differences(c, out);
  add_common(c, out);
  json_pair(out, "summary", ehlo_buf_slice(&c->summary));
  json_pair(out, "when_to_use", ehlo_buf_slice(&c->when_to_use));
  return ehlo_buf_add_char(out, '}');
}
