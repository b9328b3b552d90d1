/* Owns: which product wrote a line, and giving its words back. Callers: readers of logs. */
#include "log_private.h"

#include "ehlo/base/buf.h"

struct product {
  const char *name;
  bool (*read)(struct ehlo_slice message, struct ehlo_log_event *e);
};

static const struct product postfix = {"postfix", log_read_postfix};
static const struct product exim = {"exim", log_read_exim};
static const struct product sendmail = {"sendmail", log_read_sendmail};
static const struct product opensmtpd = {"opensmtpd", log_read_opensmtpd};
static const struct product qmail = {"qmail", log_read_qmail};

/* Postfix's programs have an instance's name in front: "postfix/smtp", "postfix-out/smtp", "postfix/submission/smtpd". */
static bool is_postfix(struct ehlo_slice program) {
  static const char *const daemons[] = {"smtp",  "smtpd", "qmgr",  "cleanup", "local",    "virtual",    "pipe",
                                        "lmtp",  "error", "retry", "bounce",  "pickup",   "postscreen", "discard",
                                        "relay", "anvil", "defer", "trace",   "postdrop", "oqmgr"};
  const char *slash = memrchr(program.ptr, '/', program.len);
  if (!slash) return false;
  if (log_starts(program, "postfix")) return true;
  const struct ehlo_slice last = log_from(program, (size_t)(slash - program.ptr) + 1);
  for (size_t i = 0; i < sizeof daemons / sizeof *daemons; i++) {
    if (ehlo_slice_equal(last, log_word(daemons[i]))) return true;
  }
  return false;
}

static const struct product *product_of(struct ehlo_slice program) {
  static const struct {
    const char *prefix;
    const struct product *product;
  } rows[] = {{"exim", &exim}, {"sendmail", &sendmail}, {"sm-", &sendmail}, {"smtpd", &opensmtpd}, {"qmail", &qmail}};
  if (is_postfix(program)) return &postfix;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (log_starts(program, rows[i].prefix)) return rows[i].product;
  }
  return NULL;
}

static void init(struct ehlo_log_event *e) {
  const struct ehlo_slice none = {"", 0};
  *e = (struct ehlo_log_event){.product = "",
                               .what = EHLO_LOG_OTHER,
                               .offset = EHLO_LOG_NO_OFFSET,
                               .machine = none,
                               .program = none,
                               .queue_id = none,
                               .other_id = none,
                               .from = none,
                               .to = none,
                               .orig_to = none,
                               .message_id = none,
                               .subject = none,
                               .relay = none,
                               .relay_address = none,
                               .text = none,
                               .phase = EHLO_PHASES,
                               .delay = -1,
                               .delays = {-1, -1, -1, -1}};
}

/* A line that was refused may have left half of what it says behind. */
static bool try(const struct product *product, const struct log_line *line, struct ehlo_log_event *e) {
  init(e);
  e->machine = line->machine;
  e->program = line->program;
  if (!product->read(line->message, e)) {
    init(e);
    return false;
  }
  e->product = product->name;
  return true;
}

bool ehlo_log_is_server(struct ehlo_slice program) {
  return program.len > 0 && product_of(program) != NULL;
}

bool ehlo_log_read(struct ehlo_slice line, struct ehlo_log_event *out) {
  static const struct product *const bare[] = {&exim, &qmail}; /* their own logs name no program */
  struct log_line split;
  const bool is_line = log_line_split(line, &split);
  const struct product *product = is_line && split.program.len > 0 ? product_of(split.program) : NULL;
  if (product) {
    (void)try(product, &split, out);
    return true;
  }
  init(out);
  if (!is_line || split.program.len > 0) return is_line;
  for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
    if (try(bare[i], &split, out)) return true;
  }
  return split.form == STAMP_TAI64 || split.form == STAMP_ISO;
}

void log_queue_event(const char *product, struct ehlo_slice reason, struct ehlo_log_event *e) {
  init(e);
  e->product = product;
  e->what = EHLO_LOG_ATTEMPT;
  e->status = EHLO_STATUS_DEFERRED;
  log_read_reason(reason, e);
}

const char *ehlo_log_status_name(enum ehlo_log_status status) {
  static const char *const names[] = {
      [EHLO_STATUS_SENT] = "sent",       [EHLO_STATUS_DEFERRED] = "deferred", [EHLO_STATUS_BOUNCED] = "bounced",
      [EHLO_STATUS_EXPIRED] = "expired", [EHLO_STATUS_REJECTED] = "rejected", [EHLO_STATUS_PUT_OFF] = "put-off"};
  return (size_t)status < sizeof names / sizeof *names ? names[status] : NULL;
}

static size_t add_backslashed(struct ehlo_slice s, size_t at, struct ehlo_buf *out) {
  if (s.ptr[at] == '\\' && at + 1 < s.len && s.ptr[at + 1] == 'n') {
    (void)ehlo_buf_add_char(out, '\n');
    return 2;
  }
  (void)ehlo_buf_add_char(out, s.ptr[at]);
  return 1;
}

/* qmail writes / for the end of a line, and / too: only one before a reply code or the end was surely an end. */
static size_t add_underscored(struct ehlo_slice s, size_t at, struct ehlo_buf *out) {
  const char c = s.ptr[at];
  const bool ends =
      c == '/' && (at + 1 == s.len || log_has_code(log_from(s, at + 1)) ||
                   (at + 1 < s.len && s.ptr[at + 1] >= 'A' && s.ptr[at + 1] <= 'Z' && at > 0 && s.ptr[at - 1] == '.'));
  (void)ehlo_buf_add_char(out, ends ? '\n' : c == '_' ? ' ' : c);
  return 1;
}

int ehlo_log_words(const struct ehlo_log_event *e, struct ehlo_buf *out) {
  if (e->writing == EHLO_WRITING_PLAIN) return ehlo_buf_add_slice(out, e->text);
  for (size_t at = 0; at < e->text.len;)
    at +=
        e->writing == EHLO_WRITING_BACKSLASHES ? add_backslashed(e->text, at, out) : add_underscored(e->text, at, out);
  return out->error;
}
