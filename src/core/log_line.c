/* Owns: the head of a log line: when, on which machine, by which program. Callers: ehlo_log_read, ehlo_log_date. The forms are those of
 * syslog (RFC 3164 and 5424, rsyslog's ISO stamps, journalctl's short ones), of Exim's own log, and of multilog. */
#include "log_private.h"

#include "ehlo/base/buf.h"

enum { TAI64_LEN = 25, STAMP_SYSLOG_LEN = 15, MICRO = 1000000 };

static bool digits(const char *p, int n) {
  for (int i = 0; i < n; i++) {
    if (!ehlo_is_digit((unsigned char)p[i])) return false;
  }
  return true;
}

static int month_of(const char *p) {
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int m = 0; m < 12; m++) {
    if (memcmp(names + m * 3, p, 3) == 0) return m + 1;
  }
  return 0;
}

/* "Nov  3 04:05:06", perhaps with a fraction. */
static size_t syslog_stamp(struct ehlo_slice s) {
  if (s.len < STAMP_SYSLOG_LEN || s.ptr[3] != ' ' || s.ptr[6] != ' ' || s.ptr[9] != ':' || s.ptr[12] != ':') return 0;
  if (!(s.ptr[4] == ' ' || ehlo_is_digit((unsigned char)s.ptr[4])) || !digits(s.ptr + 5, 1) || !month_of(s.ptr))
    return 0;
  if (!digits(s.ptr + 7, 2) || !digits(s.ptr + 10, 2) || !digits(s.ptr + 13, 2)) return 0;
  size_t len = STAMP_SYSLOG_LEN;
  if (len < s.len && s.ptr[len] == '.') {
    for (len++; len < s.len && ehlo_is_digit((unsigned char)s.ptr[len]);)
      len++;
  }
  return len;
}

/* "2026-11-03T04:05:06.123456+01:00", "2026-11-03 04:05:06.123 +0100" as Exim writes it. */
static size_t iso_stamp(struct ehlo_slice s) {
  if (s.len < 19 || !digits(s.ptr, 4) || s.ptr[4] != '-' || !digits(s.ptr + 5, 2) || s.ptr[7] != '-' ||
      !digits(s.ptr + 8, 2))
    return 0;
  if (s.ptr[10] != 'T' && s.ptr[10] != ' ') return 0;
  if (!digits(s.ptr + 11, 2) || s.ptr[13] != ':' || !digits(s.ptr + 14, 2) || s.ptr[16] != ':' ||
      !digits(s.ptr + 17, 2))
    return 0;
  size_t len = 19;
  if (len < s.len && (s.ptr[len] == '.' || s.ptr[len] == ',')) {
    for (len++; len < s.len && ehlo_is_digit((unsigned char)s.ptr[len]);)
      len++;
  }
  if (len < s.len && s.ptr[len] == 'Z') return len + 1;
  const size_t blank = len + 6 <= s.len && s.ptr[len] == ' ' ? 1 : 0;
  const struct ehlo_slice zone = log_from(s, len + blank);
  if (zone.len < 5 || (zone.ptr[0] != '+' && zone.ptr[0] != '-') || !digits(zone.ptr + 1, 2)) return len;
  if (digits(zone.ptr + 3, 2)) return len + blank + 5;
  if (zone.len >= 6 && zone.ptr[3] == ':' && digits(zone.ptr + 4, 2)) return len + blank + 6;
  return len;
}

static size_t tai64_stamp(struct ehlo_slice s) {
  if (s.len < TAI64_LEN || s.ptr[0] != '@') return 0;
  for (size_t i = 1; i < TAI64_LEN; i++) {
    const char c = s.ptr[i];
    if (!ehlo_is_digit((unsigned char)c) && (c < 'a' || c > 'f')) return 0;
  }
  return TAI64_LEN;
}

/* "1690000000.123456", as splogger writes it. */
static size_t epoch_stamp(struct ehlo_slice s) {
  if (s.len < 12 || !digits(s.ptr, 9)) return 0;
  size_t len = 9;
  while (len < s.len && len < 11 && ehlo_is_digit((unsigned char)s.ptr[len]))
    len++;
  if (len >= s.len || s.ptr[len] != '.') return 0;
  for (len++; len < s.len && ehlo_is_digit((unsigned char)s.ptr[len]);)
    len++;
  return len < s.len && s.ptr[len] == ' ' ? len : 0;
}

/* "<22>" or "<22>1 ": `rfc5424` is set for the latter. */
static size_t priority(struct ehlo_slice s, bool *rfc5424) {
  *rfc5424 = false;
  if (s.len < 4 || s.ptr[0] != '<') return 0;
  size_t at = 1;
  while (at < s.len && at < 4 && ehlo_is_digit((unsigned char)s.ptr[at]))
    at++;
  if (at == 1 || at >= s.len || s.ptr[at] != '>') return 0;
  at++;
  *rfc5424 = log_starts(log_from(s, at), "1 ");
  return *rfc5424 ? at + 2 : at;
}

static bool is_program_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c) || strchr("/-_.@", c) != NULL;
}

/* "program[123]:", which stands in front of the message. */
static bool take_program(struct ehlo_slice tag, struct log_line *out) {
  if (tag.len < 2 || tag.ptr[tag.len - 1] != ':') return false;
  const char *open = memchr(tag.ptr, '[', tag.len);
  out->program = log_to(tag, open ? (size_t)(open - tag.ptr) : tag.len - 1);
  return out->program.len > 0 && is_program_byte(out->program.ptr[0]) &&
         is_program_byte(out->program.ptr[out->program.len - 1]);
}

/* "host program[123]: message"; the machine may be missing. */
static bool split_syslog(struct ehlo_slice rest, struct log_line *out) {
  const struct ehlo_slice first = log_next_word(&rest);
  out->message = rest;
  if (take_program(first, out)) return true;
  out->machine = first;
  const struct ehlo_slice second = log_next_word(&rest);
  out->message = rest;
  return take_program(second, out);
}

/* "host program pid msgid [structured data] message" */
static bool split_5424(struct ehlo_slice rest, struct log_line *out) {
  out->machine = log_next_word(&rest);
  out->program = log_next_word(&rest);
  (void)log_next_word(&rest);
  (void)log_next_word(&rest);
  if (log_starts(rest, "[")) {
    const size_t end = log_find(rest, "] ");
    rest = end == SIZE_MAX ? log_word("") : log_from(rest, end + 2);
  } else {
    (void)log_next_word(&rest);
  }
  if (log_starts(rest, "\xEF\xBB\xBF")) rest = log_from(rest, 3);
  out->message = rest;
  return out->program.len > 0;
}

bool log_line_split(struct ehlo_slice line, struct log_line *out) {
  static size_t (*const forms[])(struct ehlo_slice) = {
      [STAMP_SYSLOG] = syslog_stamp, [STAMP_ISO] = iso_stamp, [STAMP_TAI64] = tai64_stamp, [STAMP_EPOCH] = epoch_stamp};
  const struct ehlo_slice none = {"", 0};
  *out = (struct log_line){.stamp = none, .machine = none, .program = none, .message = none};
  bool rfc5424;
  const struct ehlo_slice s = log_from(line, priority(line, &rfc5424));
  for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
    const size_t len = forms[f](s);
    if (len == 0) continue;
    out->form = (enum log_stamp)f;
    out->stamp = log_to(s, len);
    const struct ehlo_slice rest = log_from(s, len + 1);
    if (rfc5424) return split_5424(rest, out);
    const bool has_program = f == STAMP_SYSLOG || (f == STAMP_ISO && s.ptr[10] == 'T');
    if (has_program) return split_syslog(rest, out);
    out->message = rest;
    return true;
  }
  return false;
}

/* ---- when ---- */

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t days_of(int64_t year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = y / 400, of_era = y - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, int *month, int *day) {
  const int64_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
  const int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
  *day = (int)(of_year - (153 * m + 2) / 5 + 1);
  *month = (int)(m < 10 ? m + 3 : m - 9);
  *year = y + era * 400 + (*month <= 2);
}

static int two(const char *p) {
  return (p[0] == ' ' ? 0 : p[0] - '0') * 10 + p[1] - '0';
}

static int micros_of(struct ehlo_slice s, size_t at) {
  int micros = 0, scale = MICRO / 10;
  if (at >= s.len || (s.ptr[at] != '.' && s.ptr[at] != ',')) return 0;
  for (at++; at < s.len && ehlo_is_digit((unsigned char)s.ptr[at]); at++, scale /= 10)
    micros += (s.ptr[at] - '0') * scale;
  return micros;
}

/* The line names no year: the latest that is not a day ahead of the clock. */
static void date_syslog(struct ehlo_slice s, const struct ehlo_log_clock *clock, struct ehlo_log_event *e) {
  int64_t year;
  int month, day;
  const int64_t local = clock->now + (int64_t)clock->offset * 60;
  date_of(local / 86400, &year, &month, &day);
  const int64_t of_day = two(s.ptr + 7) * 3600 + two(s.ptr + 10) * 60 + two(s.ptr + 13);
  for (int back = 0; back < 2; back++) {
    e->time = days_of(year - back, month_of(s.ptr), two(s.ptr + 4)) * 86400 + of_day;
    if (e->time <= local + 86400) break;
  }
  e->micros = micros_of(s, STAMP_SYSLOG_LEN);
}

static void date_iso(struct ehlo_slice s, struct ehlo_log_event *e) {
  const int64_t year = two(s.ptr) * 100 + two(s.ptr + 2);
  e->time = days_of(year, two(s.ptr + 5), two(s.ptr + 8)) * 86400 + two(s.ptr + 11) * 3600 + two(s.ptr + 14) * 60 +
            two(s.ptr + 17);
  e->micros = micros_of(s, 19);
  if (s.ptr[s.len - 1] == 'Z') e->offset = 0;
  for (size_t i = 19; i + 5 <= s.len; i++) {
    if (s.ptr[i] != '+' && s.ptr[i] != '-') continue;
    const int minutes = two(s.ptr + i + 1) * 60 + two(s.ptr + s.len - 2);
    e->offset = s.ptr[i] == '-' ? -minutes : minutes;
    break;
  }
}

static void set_epoch(int64_t seconds, const struct ehlo_log_clock *clock, struct ehlo_log_event *e) {
  e->time = seconds + (int64_t)clock->offset * 60;
  e->offset = clock->offset;
}

/* TAI runs ahead of UTC; multilog's own programs take 10 seconds off and leave leap seconds alone. */
static void date_tai64(struct ehlo_slice s, const struct ehlo_log_clock *clock, struct ehlo_log_event *e) {
  uint64_t seconds = 0, nanos = 0;
  for (size_t i = 1; i < TAI64_LEN; i++) {
    const char c = s.ptr[i];
    const uint64_t digit = (uint64_t)(ehlo_is_digit((unsigned char)c) ? c - '0' : c - 'a' + 10);
    if (i <= 16) {
      seconds = seconds << 4 | digit;
    } else {
      nanos = nanos << 4 | digit;
    }
  }
  const int64_t since = (int64_t)(seconds & 0xFFFFFFFFFFu) - 10;
  set_epoch((seconds >> 62 & 1) && seconds < (1ull << 62) + (1ull << 40) ? since : 0, clock, e);
  e->micros = (int)(nanos / 1000 % MICRO);
}

static void date_epoch(struct ehlo_slice s, const struct ehlo_log_clock *clock, struct ehlo_log_event *e) {
  struct ehlo_scan c = ehlo_scan_of(s);
  uint64_t seconds;
  if (!ehlo_scan_number(&c, 11, 99999999999, &seconds)) return;
  set_epoch((int64_t)seconds, clock, e);
  e->micros = micros_of(s, (size_t)(c.at - s.ptr));
}

void ehlo_log_date(struct ehlo_slice line, const struct ehlo_log_clock *clock, struct ehlo_log_event *e) {
  struct log_line split;
  if (!log_line_split(line, &split)) return;
  if (split.form == STAMP_SYSLOG) date_syslog(split.stamp, clock, e);
  if (split.form == STAMP_ISO) date_iso(split.stamp, e);
  if (split.form == STAMP_TAI64) date_tai64(split.stamp, clock, e);
  if (split.form == STAMP_EPOCH) date_epoch(split.stamp, clock, e);
}

int ehlo_log_stamp(const struct ehlo_log_event *e, struct ehlo_buf *out) {
  if (e->time <= 0) return out->error;
  int64_t year;
  int month, day;
  date_of(e->time / 86400, &year, &month, &day);
  const int rest = (int)(e->time % 86400);
  (void)ehlo_buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, month, day, rest / 3600, rest / 60 % 60,
                      rest % 60);
  if (e->micros > 0) (void)ehlo_buf_addf(out, ".%06d", e->micros);
  if (e->offset == 0) return ehlo_buf_add_char(out, 'Z');
  if (e->offset == EHLO_LOG_NO_OFFSET) return out->error;
  const int minutes = e->offset < 0 ? -e->offset : e->offset;
  return ehlo_buf_addf(out, "%c%02d:%02d", e->offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
}
