/* Owns: the journal's records, as `journalctl -o json` and `-o export` write them: each becomes a line of syslog's form. Callers:
 * log_forms.c. */
#include <jansson.h>

#include "ehlo/base/error.h"
#include "log_forms.h"
#include "log_private.h"

/* In place of a stamp: the record's own time is known better. */
#define STAMP "1970-01-01T00:00:00Z "

/* Of the export form: bytes of a length, and the most that journald takes as a name and as a value. */
enum { LENGTH = 8, NAME_MAX_LEN = 64, VALUE_MAX = 768 << 20 };

static void set_time(struct log_form_state *s, struct ehlo_slice micros) {
  struct ehlo_scan c = ehlo_scan_of(micros);
  uint64_t n;
  s->seconds = 0;
  s->micros = 0;
  if (!ehlo_scan_number(&c, 18, 999999999999999999u, &n)) return;
  s->seconds = (int64_t)(n / 1000000);
  s->micros = (int)(n % 1000000);
}

static int finish(struct log_form_state *s, log_form_taker *take, void *arg) {
  struct ehlo_log_event e;
  if (s->message.len == 0 || s->program.len == 0) return 0;
  ehlo_buf_reset(&s->made);
  (void)ehlo_buf_add_str(&s->made, STAMP);
  (void)ehlo_buf_add_slice(&s->made, s->machine.len > 0 ? ehlo_buf_slice(&s->machine) : log_word("-"));
  (void)ehlo_buf_add_char(&s->made, ' ');
  (void)ehlo_buf_add_slice(&s->made, ehlo_buf_slice(&s->program));
  (void)ehlo_buf_add_str(&s->made, ": ");
  (void)ehlo_buf_add_slice(&s->made, ehlo_buf_slice(&s->message));
  s->line = ehlo_buf_slice(&s->made);
  if (s->made.error == EHLO_E_MEMORY) return EHLO_E_MEMORY;
  return ehlo_log_read(s->line, &e) && e.what != EHLO_LOG_OTHER ? take(arg, &e) : 0;
}

static void forget(struct log_form_state *s) {
  struct ehlo_buf *const all[] = {&s->machine, &s->program, &s->message};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    ehlo_buf_reset(all[i]);
  s->seconds = 0;
}

/* A line end within a message would begin a line of somebody's choice. */
static void add(struct ehlo_buf *b, struct ehlo_slice text) {
  for (size_t i = 0; i < text.len && !b->error; i++)
    (void)ehlo_buf_add_char(b, text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
}

static struct ehlo_buf *field_of(struct log_form_state *s, struct ehlo_slice key) {
  if (ehlo_slice_equal(key, log_word("MESSAGE"))) return &s->message;
  if (ehlo_slice_equal(key, log_word("SYSLOG_IDENTIFIER"))) return &s->program;
  return ehlo_slice_equal(key, log_word("_HOSTNAME")) ? &s->machine : NULL;
}

static void set_field(struct log_form_state *s, struct ehlo_slice key, struct ehlo_slice value) {
  struct ehlo_buf *field = field_of(s, key);
  if (field) {
    ehlo_buf_reset(field);
    add(field, value);
  } else if (ehlo_slice_equal(key, log_word("__REALTIME_TIMESTAMP"))) {
    set_time(s, value);
  }
}

/* What is no UTF-8 comes as a list of numbers. */
static void set_bytes(struct ehlo_buf *b, const json_t *list) {
  size_t i;
  json_t *each;
  ehlo_buf_reset(b);
  json_array_foreach(list, i, each) {
    const char byte = (char)json_integer_value(each);
    (void)ehlo_buf_add_char(b, byte == '\n' || byte == '\r' ? ' ' : byte);
  }
}

int journal_json_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  static const char *const keys[] = {"MESSAGE", "SYSLOG_IDENTIFIER", "_HOSTNAME", "__REALTIME_TIMESTAMP"};
  json_t *record = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, NULL);
  if (!record) return 0; /* half a record: the next line is another */
  forget(s);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const json_t *value = json_object_get(record, keys[i]);
    if (json_is_string(value))
      set_field(s, log_word(keys[i]), ehlo_slice_of(json_string_value(value), json_string_length(value)));
    if (json_is_array(value) && i == 0) set_bytes(&s->message, value);
  }
  json_decref(record);
  return finish(s, take, arg);
}

static bool is_field_name(struct ehlo_slice s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.ptr[i];
    if (c != '_' && !(c >= 'A' && c <= 'Z') && !ehlo_is_digit((unsigned char)c)) return false;
  }
  return s.len > 0 && s.len <= NAME_MAX_LEN;
}

/* KEY=VALUE a line, an empty line behind each record. A value with line ends has its name on a line by itself; eight bytes with its length
 * come then, and so many bytes: they are no lines, whatever is in them. */
int journal_export_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  if (line.len == 0) {
    const int error = finish(s, take, arg);
    forget(s);
    return error;
  }
  const char *equals = memchr(line.ptr, '=', line.len);
  if (equals) {
    set_field(s, log_to(line, (size_t)(equals - line.ptr)), log_from(line, (size_t)(equals - line.ptr) + 1));
  } else if (is_field_name(line)) {
    s->field = field_of(s, line);
    s->length_left = LENGTH;
    s->value_left = 0;
  }
  return 0;
}

static void take_length(struct log_form_state *s, unsigned char byte) {
  s->value_left |= (uint64_t)byte << (8 * (LENGTH - s->length_left));
  if (--s->length_left > 0) return;
  s->value_left = s->value_left > VALUE_MAX ? 0 : s->value_left + 1; /* a line end follows */
  if (s->field) ehlo_buf_reset(s->field);
}

bool log_form_bytes(struct log_form_state *s, struct ehlo_slice *bytes) {
  size_t n = 1;
  if (s->length_left > 0) {
    take_length(s, (unsigned char)bytes->ptr[0]);
  } else if (s->value_left > 0) {
    n = bytes->len < s->value_left ? bytes->len : (size_t)s->value_left;
    s->value_left -= n;
    if (s->field) add(s->field, log_to(*bytes, s->value_left == 0 ? n - 1 : n));
  } else {
    return false;
  }
  *bytes = log_from(*bytes, n);
  return true;
}
