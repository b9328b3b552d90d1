/* Owns: a mail that was read and explained as one line of JSON. Callers: the mail binding. Written straight from the record: folders are large. */
#include "bounce_inner.h"
#include "ehlo/base/error.h"
#include "jsonout.h"

bool ehlo_bounce_tells(const struct ehlo_bounce *bounce) {
  return bounce->kind == EHLO_MAIL_BOUNCE || bounce->kind == EHLO_MAIL_DELIVERY_NOTICE;
}

static void add_message(const struct ehlo_bounce *b, struct ehlo_buf *out) {
  json_key(out, "message");
  (void)ehlo_buf_add_char(out, '{');
  json_pair(out, "from", b->from);
  json_pair(out, "to", b->to);
  json_pair(out, "subject", b->subject);
  json_pair(out, "reporter", b->reporter);
  (void)ehlo_buf_add_char(out, '}');
}

int ehlo_bounce_json(const struct ehlo_catalogue *c, const struct ehlo_bounce *bounce, struct ehlo_slice input,
                     struct ehlo_buf *out) {
  struct ehlo_explanation e;
  (void)ehlo_buf_add_str(out, "{\"ehlo\":1");
  json_pair(out, "input", input);
  json_pair(out, "kind", ehlo_slice_str(ehlo_mail_kind_name(bounce->kind)));
  add_message(bounce, out);
  json_key(out, "recipients");
  (void)ehlo_buf_add_char(out, '[');
  for (int i = 0; i < bounce->n && ehlo_bounce_tells(bounce); i++) {
    const int error = ehlo_bounce_explain(c, &bounce->recipients[i], &e);
    if (i > 0) (void)ehlo_buf_add_char(out, ',');
    if (!error) (void)ehlo_explanation_json_of(&e, bounce->recipients[i].address, out);
    ehlo_explanation_fini(&e);
    if (error) return error;
  }
  return ehlo_buf_add(out, "]}\n", 3);
}
