/* Owns: what a recipient of a bounce is told. Callers: the mail binding.
 * The reply is heard first, then the reporter's own words, then its status; the reporter's verdict that a fault passes stands. */
#include "amend.h"
#include "bounce_inner.h"
#include "ehlo/base/error.h"
#include "ehlo/core/log_explain.h"

static bool is(struct ehlo_slice s, const char *word) {
  return ehlo_slice_equal(s, ehlo_slice_str(word));
}

/* An answer that another source may better. */
static bool is_weak(const struct ehlo_explanation *e) {
  static const char *const causes[] = {"unclear", "policy", "protocol-error", "server-fault", "server-busy"};
  if (strcmp(e->evidence_kind, "phrase") != 0) {
    return strcmp(e->evidence_kind, "enhanced") != 0 || is(e->cause, "unclear") || is(e->cause, "delivery-expired") ||
           is(e->cause, "connection-failed") || is(e->cause, "protocol-error") || is(e->cause, "server-fault") ||
           is(e->cause, "policy");
  }
  for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
    if (is(e->cause, causes[i])) return true;
  }
  return false;
}

/* The whole story instead of the reply alone, where only that holds a phrase. */
static int hear_story(const struct ehlo_catalogue *c, const struct ehlo_bounce_recipient *r,
                      struct ehlo_explanation *out) {
  struct ehlo_explanation second;
  struct arena memory = {0};
  const struct ehlo_code code = {.reply = out->code, .enhanced = out->enhanced};
  const int error = ehlo_explain_parts(c, code, r->phase, text_folded(&memory, r->story), &second);
  const bool better = error == 0 && strcmp(second.evidence_kind, "phrase") == 0 && !is(second.cause, "unclear") &&
                      !is(second.cause, "policy");
  arena_fini(&memory);
  if (better) {
    ehlo_explanation_fini(out);
    *out = second;
  } else {
    ehlo_explanation_fini(&second);
  }
  return error;
}

/* A 5yz that the reporter itself took for passing, as a greeting of one of several hosts is. */
static void heed_status(const struct ehlo_bounce_recipient *r, struct ehlo_explanation *e) {
  char text[EHLO_ENHANCED_TEXT];
  const bool own = r->enhanced.class != 0 && r->enhanced.class == r->code / 100;
  if (r->status.class != 4 || r->code / 100 != 5 || own) return;
  e->retry = ehlo_slice_str("yes");
  ehlo_buf_reset(&e->contradiction);
  (void)ehlo_buf_addf(&e->contradiction,
                      "The reply code %d says permanent, but the server that wrote the report took the fault for "
                      "passing (status %s) and knows "
                      "at what moment the reply came: its verdict decides.",
                      r->code, ehlo_enhanced_format(r->status, text));
}

/* While the mail waits, and where every digit says that the fault passes, sending again is worth it. */
static void heed_action(const struct ehlo_bounce_recipient *r, struct ehlo_explanation *e) {
  const int class = e->code != 0 ? e->code / 100 : e->enhanced.class;
  if (class == 4 && is(e->retry, "unclear")) e->retry = ehlo_slice_str("yes");
  if (is(r->action, "delayed") && class != 5) e->retry = ehlo_slice_str("yes");
}

int ehlo_bounce_explain(const struct ehlo_catalogue *c, const struct ehlo_bounce_recipient *r,
                        struct ehlo_explanation *out) {
  const struct ehlo_code code = {.reply = r->code, .enhanced = r->enhanced};
  int error = ehlo_explain_parts(c, code, r->phase, r->text, out);
  if (error) return error;
  const bool spoken = r->code != 0 && strcmp(out->evidence_kind, "phrase") == 0;
  if (!spoken && is_weak(out) && r->story.len > r->said.len) error = hear_story(c, r, out);
  if (out->provider.len == 0) out->provider = ehlo_log_provider(r->host);
  heed_status(r, out);
  heed_action(r, out);
  ehlo_explanation_give_up(out);
  return error ? error : out->contradiction.error;
}
