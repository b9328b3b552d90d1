/* Owns: an event of a log, explained, as one line of JSON. Callers: bindings. Written straight from the record: logs are long. */
#include "ehlo/core/log_explain.h"
#include "jsonout.h"

static void add_seconds(struct ehlo_buf *out, const char *key, double seconds) {
  json_key(out, key);
  (void)(seconds < 0 ? ehlo_buf_add_str(out, "null") : ehlo_buf_addf(out, "%.12g", seconds));
}

static void add_message(const struct ehlo_log_event *e, struct ehlo_buf *out) {
  json_key(out, "message");
  (void)ehlo_buf_add_char(out, '{');
  json_key(out, "from");
  (void)(e->has_from ? ehlo_escape_json(e->from, out) : ehlo_buf_add_str(out, "null"));
  json_pair(out, "to", e->to);
  json_pair(out, "subject", e->subject);
  json_pair(out, "reporter", e->machine);
  (void)ehlo_buf_add_char(out, '}');
}

static void add_delays(const struct ehlo_log_event *e, struct ehlo_buf *out) {
  static const char *const keys[] = {"before_queue", "in_queue", "connecting", "sending"};
  json_key(out, "delays");
  if (e->delays[0] < 0) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  (void)ehlo_buf_add_char(out, '{');
  for (int i = 0; i < 4; i++)
    add_seconds(out, keys[i], e->delays[i]);
  (void)ehlo_buf_add_char(out, '}');
}

static void add_log(const struct ehlo_log_event *e, const struct ehlo_log_past *past, struct ehlo_buf *out) {
  char stamp[64];
  struct ehlo_buf time = {.data = stamp, .cap = sizeof stamp, .max = sizeof stamp - 1};
  (void)ehlo_log_stamp(e, &time);
  json_key(out, "log");
  (void)ehlo_buf_add_char(out, '{');
  json_pair(out, "product", ehlo_slice_str(e->product));
  json_pair(out, "time", ehlo_slice_of(stamp, time.len));
  json_pair(out, "queue_id", e->queue_id);
  json_pair(out, "message_id", e->message_id);
  json_pair(out, "status", ehlo_slice_str(ehlo_log_status_name(e->status)));
  json_pair(out, "phase", ehlo_slice_str(e->phase < EHLO_PHASES ? ehlo_phase_name(e->phase) : ""));
  json_pair(out, "relay", e->relay);
  json_pair(out, "relay_address", e->relay_address);
  json_key(out, "attempts");
  (void)(past->attempts > 0 ? ehlo_buf_addf(out, "%d", past->attempts) : ehlo_buf_add_str(out, "null"));
  add_seconds(out, "delay", e->delay);
  add_delays(e, out);
  (void)ehlo_buf_add_char(out, '}');
}

int ehlo_log_json(const struct ehlo_log_event *e, const struct ehlo_log_past *past,
                  const struct ehlo_explanation *explanation, struct ehlo_slice input, const char *kind,
                  struct ehlo_buf *out) {
  (void)ehlo_buf_add_str(out, "{\"ehlo\":1");
  json_pair(out, "input", input);
  json_pair(out, "kind", ehlo_slice_str(kind));
  add_message(e, out);
  json_key(out, "recipients");
  (void)ehlo_buf_add_char(out, '[');
  (void)ehlo_explanation_json_of(explanation, e->to, out);
  (void)ehlo_buf_add_char(out, ']');
  add_log(e, past, out);
  return ehlo_buf_add(out, "}\n", 2);
}
