/* Owns: reading systemd's journal through libsystemd: which records are about mail, and their fields as text. Callers: source_journal.c, in a
 * process of its own. The text is that of `journalctl -o export`, so that there is one reader of it (core/log_journal.c). */
#include "source_journal_records.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/log_reader.h"
#include "source_journal_library.h"

enum { AHEAD = 1 << 18 /* bytes of text that are made at once */, MICROS = 1000000, PROGRAMS = 10000, MATCHES = 64 };

struct records {
  struct journal_library library;
  sd_journal *handle;
  int changes; /* what poll waits for; -1 where it is the caller's matter */
  bool damaged;
  struct journal_census census; /* before it was opened; of a file there is none */
  uint64_t usage;               /* bytes of what should be open */
  uint64_t from, now, to;
  struct ehlo_buf text; /* that was not asked for yet */
};

static int match_program(struct records *j, const char *data, size_t len) {
  static const char field[] = "SYSLOG_IDENTIFIER=";
  const size_t skip = sizeof field - 1;
  if (len <= skip || !ehlo_log_is_server(ehlo_slice_of(data + skip, len - skip))) return 0;
  const int number = j->library.add_match(j->handle, data, len);
  return number < 0 ? number : 1;
}

/* The programs that the journal knows and that are read here, whatever their facility; the answer is their number. */
static int match_programs(struct records *j) {
  const void *data;
  size_t len;
  int found = 0;
  int number = j->library.query_unique(j->handle, "SYSLOG_IDENTIFIER");
  for (int i = 0; number >= 0 && i < PROGRAMS && found < MATCHES; i++) {
    number = j->library.next_unique(j->handle, &data, &len);
    if (number <= 0) return number < 0 ? number : found;
    number = match_program(j, data, len);
    found += number > 0;
  }
  return number < 0 ? number : MATCHES;
}

/* Others may appear while it is followed: then whatever goes to syslog's facility of mail is looked at too. */
static int match_mail(struct records *j, bool follow) {
  static const char facility[] = "SYSLOG_FACILITY=2";
  int number = match_programs(j);
  if (number < 0 || (!follow && number > 0 && number < MATCHES)) return number;
  number = j->library.add_disjunction(j->handle);
  return number < 0 ? number : j->library.add_match(j->handle, facility, sizeof facility - 1);
}

/* Says what libsystemd's number means. */
static int trouble(int number, struct ehlo_buf *why) {
  switch (-number) {
  case ENOMEM: return EHLO_E_MEMORY;
  case EBADMSG:
  case ENODATA:
  case EADDRNOTAVAIL:
  case EINVAL:
  case EIO: (void)ehlo_buf_add_str(why, "this journal is damaged: it cannot be read"); return EHLO_E_SYNTAX;
  case EPROTONOSUPPORT:
    (void)ehlo_buf_add_str(why, "this journal has a form that libsystemd here does not know: pipe `journalctl -o "
                                "export` of the machine that wrote it");
    return EHLO_E_SYNTAX;
  default: (void)ehlo_buf_addf(why, "the journal cannot be read: %s", strerror(-number)); return EHLO_E_SYSTEM;
  }
}

/* libsystemd keeps the descriptor, and closes it, where all went well. */
static int open_file(struct records *j, int given) {
  int fd = fcntl(given, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return -errno;
  const int number = j->library.open_files_fd(&j->handle, &fd, 1, 0);
  if (number < 0) (void)close(fd);
  return number;
}

static int open_handle(struct records *j, const struct journal_place *place, struct ehlo_buf *why) {
  sd_id128_t id;
  char machine[SD_ID128_STRING_MAX];
  if (place->fd >= 0) return open_file(j, place->fd);
  if (place->folder) j->census = journal_count(place->folder);
  if (place->folder) return j->library.open_directory(&j->handle, place->folder, 0);
  if (j->library.get_machine(&id) < 0) {
    (void)ehlo_buf_add_str(why, "this machine keeps none: it has no /etc/machine-id");
    return EHLO_E_NOT_FOUND;
  }
  for (size_t i = 0; i < sizeof id.bytes; i++)
    (void)snprintf(machine + 2 * i, 3, "%02x", id.bytes[i]);
  const int error = journal_machine_check(machine, &j->census, why);
  return error ? error : j->library.open(&j->handle, SD_JOURNAL_LOCAL_ONLY);
}

/* Where to begin, and how far it is from there. */
static int set_out(struct records *j, const struct journal_place *place) {
  int number = match_mail(j, place->follow);
  if (number >= 0) number = j->library.set_data_threshold(j->handle, EHLO_LOG_LINE_MAX);
  if (number >= 0)
    number = place->since > 0 ? j->library.seek_realtime(j->handle, (uint64_t)place->since * MICROS)
                              : j->library.seek_head(j->handle);
  if (number < 0) return number;
  if (j->library.get_cutoff(j->handle, &j->from, &j->to) <= 0) j->from = j->to = 0;
  if (place->since > 0 && (uint64_t)place->since * MICROS > j->from) j->from = (uint64_t)place->since * MICROS;
  j->now = j->from;
  if (place->follow && place->fd < 0) j->changes = j->library.get_fd(j->handle);
  return 0;
}

static int begin(struct records *j, const struct journal_place *place, struct ehlo_buf *why) {
  if (!journal_library_open(&j->library)) {
    (void)ehlo_buf_add_str(why, "reading the journal needs libsystemd (" JOURNAL_LIBRARY
                                "), which is not here: install the package libsystemd0");
    return EHLO_E_SYSTEM;
  }
  int number = open_handle(j, place, why);
  if (why->len > 0) return number;
  if (number >= 0) number = j->library.get_usage(j->handle, &j->usage);
  if (number >= 0 && j->usage == 0 && place->folder) return journal_folder_check(&j->census, why);
  if (j->usage < j->census.bytes) j->usage = j->census.bytes;
  if (number >= 0) number = set_out(j, place);
  return number < 0 ? trouble(number, why) : 0;
}

int records_open(const struct journal_place *place, struct records **out, struct ehlo_buf *why) {
  struct records *j = *out = ehlo_memory_zalloc(1, sizeof *j);
  if (!j) return EHLO_E_MEMORY;
  j->changes = -1;
  ehlo_buf_init(&j->text, AHEAD + 8 * EHLO_LOG_LINE_MAX);
  const int error = begin(j, place, why);
  if (!error) return 0;
  records_close(j);
  *out = NULL;
  return error;
}

void records_close(struct records *j) {
  if (!j) return;
  if (j->handle) j->library.close(j->handle);
  ehlo_buf_fini(&j->text);
  ehlo_memory_free(j);
}

/* A line end within a value would begin a line of somebody's choice. */
static void add_field(struct records *j, const char *data, size_t len) {
  char *place = ehlo_buf_reserve(&j->text, len + 1);
  if (!place) return;
  for (size_t i = 0; i < len; i++)
    place[i] = data[i] == '\n' || data[i] == '\r' ? ' ' : data[i];
  place[len] = '\n';
  ehlo_buf_grew(&j->text, len + 1);
}

/* What a record lacks is left out; a damaged one is left out as a whole. */
static int add_record(struct records *j) {
  static const char *const fields[] = {"MESSAGE", "SYSLOG_IDENTIFIER", "_HOSTNAME"};
  const size_t start = j->text.len;
  int number = j->library.get_realtime(j->handle, &j->now);
  (void)ehlo_buf_addf(&j->text, "__REALTIME_TIMESTAMP=%llu\n", (unsigned long long)j->now);
  for (size_t i = 0; number >= 0 && i < sizeof fields / sizeof *fields; i++) {
    const void *data;
    size_t len;
    number = j->library.get_data(j->handle, fields[i], &data, &len);
    if (number >= 0) add_field(j, data, len < EHLO_LOG_LINE_MAX ? len : EHLO_LOG_LINE_MAX);
    if (number == -ENOENT) number = 0;
  }
  (void)ehlo_buf_add_char(&j->text, '\n');
  if (number < 0) {
    j->damaged = true;
    j->text.len = start;
  }
  return j->text.error;
}

/* Files that are damaged are left out by libsystemd in silence, at first or once it meets the damage: then less is open than should be. */
static bool met_damage(struct records *j) {
  uint64_t usage;
  /* a file that is closed meanwhile may shrink, by less than another has */
  const uint64_t least = j->census.least > 0 ? j->census.least : j->usage;
  return j->damaged || (j->library.get_usage(j->handle, &usage) >= 0 && usage + least <= j->usage);
}

static int fill(struct records *j, struct ehlo_buf *why) {
  int number = 1;
  while (j->text.len < AHEAD && (number = j->library.next(j->handle)) > 0) {
    const int error = add_record(j);
    if (error) return error;
  }
  if (number < 0) return trouble(number, why);
  if (j->text.len > 0 || j->changes >= 0 || !met_damage(j)) return 0;
  (void)ehlo_buf_add_str(why, "this journal is damaged: not all of it can be read");
  return EHLO_E_SYNTAX;
}

long records_read(struct records *j, char *bytes, size_t size, struct ehlo_buf *why) {
  const int error = j->text.len == 0 ? fill(j, why) : 0;
  if (error) return error;
  const size_t n = j->text.len < size ? j->text.len : size;
  if (n > 0) memcpy(bytes, j->text.data, n);
  ehlo_buf_consume(&j->text, n);
  return (long)n;
}

void records_wait(struct records *j, int milliseconds) {
  struct pollfd wait = {.fd = j->changes, .events = POLLIN};
  /* asked also where nothing was told: files of a network's file system change in silence */
  (void)poll(&wait, 1, milliseconds);
  (void)j->library.process(j->handle);
}

int64_t records_size(const struct records *j) {
  return (int64_t)j->usage;
}

int64_t records_position(const struct records *j) {
  if (j->to <= j->from || j->now <= j->from) return 0;
  const double share = (double)(j->now - j->from) / (double)(j->to - j->from);
  return share < 1 ? (int64_t)(share * (double)j->usage) : (int64_t)j->usage;
}
