/* Owns: reading the hosts file and finding names in it. Some hold a hundred thousand names to block: rows are
 * sorted by hash and hold slices, so that a look-up costs a handful of steps. Callers: the resolver. */
#include "hosts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/memory.h"
#include "ehlo/base/scan.h"

enum { FILE_MAX = 16 << 20, ROWS_MAX = 1 << 20, NAME_MAX_BYTES = 255 };

struct row {
  uint32_t hash;
  int order; /* of the file */
  struct ehlo_slice name, address;
};

struct ehlo_hosts {
  char *text;
  struct row *rows;
  int n, cap;
};

static uint32_t hash_of(struct ehlo_slice name) {
  uint32_t h = 2166136261u;
  for (size_t i = 0; i < name.len; i++)
    h = (h ^ (uint32_t)ehlo_to_lower((unsigned char)name.ptr[i])) * 16777619u;
  return h;
}

static struct ehlo_slice without_dot(struct ehlo_slice name) {
  if (name.len > 1 && name.ptr[name.len - 1] == '.') name.len--;
  return name;
}

static int by_hash(const void *a, const void *b) {
  const struct row *x = a, *y = b;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

static bool add(struct ehlo_hosts *h, struct ehlo_slice name, struct ehlo_slice address) {
  if (h->n == ROWS_MAX || name.len > NAME_MAX_BYTES) return true;
  if (h->n == h->cap) {
    int cap = h->cap ? h->cap * 2 : 16;
    struct row *rows = ehlo_memory_realloc(h->rows, (size_t)cap * sizeof *rows);
    if (!rows) return false;
    h->rows = rows;
    h->cap = cap;
  }
  name = without_dot(name);
  h->rows[h->n] = (struct row){hash_of(name), h->n, name, address};
  h->n++;
  return true;
}

static bool is_word(int c) {
  return c != ' ' && c != '\t' && c != '\r' && c != '\v' && c != '\f';
}

static bool parse_line(struct ehlo_hosts *h, struct ehlo_slice line) {
  struct ehlo_scan c = ehlo_scan_of(line);
  struct ehlo_scan content = ehlo_scan_of(ehlo_scan_until(&c, '#'));
  struct ehlo_slice address = {0};
  for (int word = 0;; word++) {
    while (!ehlo_scan_done(&content) && !is_word(ehlo_scan_peek(&content)))
      content.at++;
    struct ehlo_slice s = ehlo_scan_while(&content, is_word);
    if (!s.len) return true;
    struct ehlo_endpoint e;
    if (word == 0) {
      address = s;
      if (ehlo_endpoint_read(s, 0, &e) || e.family == 1) return true;
    } else if (!add(h, s, address)) {
      return false;
    }
  }
}

struct ehlo_hosts *ehlo_hosts_parse(struct ehlo_slice text) {
  struct ehlo_hosts *h = ehlo_memory_zalloc(1, sizeof *h);
  if (!h) return NULL;
  h->text = ehlo_memory_dup(text.ptr, text.len);
  bool fine = h->text != NULL;
  struct ehlo_scan c = ehlo_scan_of(ehlo_slice_of(h->text, fine ? text.len : 0));
  while (fine && !ehlo_scan_done(&c)) {
    fine = parse_line(h, ehlo_scan_until(&c, '\n'));
    ehlo_scan_char(&c, '\n');
  }
  if (!fine) {
    ehlo_hosts_free(h);
    return NULL;
  }
  if (h->n) qsort(h->rows, (size_t)h->n, sizeof *h->rows, by_hash);
  return h;
}

static void read_all(int fd, struct ehlo_buf *b) {
  for (;;) {
    char *place = ehlo_buf_reserve(b, 4096);
    if (!place) return;
    ssize_t n = read(fd, place, 4096);
    if (n <= 0) return;
    ehlo_buf_grew(b, (size_t)n);
  }
}

struct ehlo_hosts *ehlo_hosts_read(const char *path) {
  struct ehlo_buf b;
  ehlo_buf_init(&b, FILE_MAX);
  int fd = path[0] ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
  if (fd >= 0) {
    read_all(fd, &b);
    close(fd);
  }
  struct ehlo_hosts *h = ehlo_hosts_parse(ehlo_buf_slice(&b));
  ehlo_buf_fini(&b);
  return h;
}

void ehlo_hosts_free(struct ehlo_hosts *h) {
  if (!h) return;
  ehlo_memory_free(h->text);
  ehlo_memory_free(h->rows);
  ehlo_memory_free(h);
}

int ehlo_hosts_find(const struct ehlo_hosts *h, struct ehlo_slice name, int family, struct ehlo_endpoint *out,
                    int max) {
  name = without_dot(name);
  uint32_t hash = hash_of(name);
  int low = 0, high = h->n, found = 0;
  while (low < high) {
    int mid = low + (high - low) / 2;
    if (h->rows[mid].hash < hash) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  for (int i = low; i < h->n && h->rows[i].hash == hash && found < max; i++) {
    if (!ehlo_slice_equal_nocase(h->rows[i].name, name)) continue;
    struct ehlo_endpoint e;
    if (ehlo_endpoint_read(h->rows[i].address, 0, &e) || (family && e.family != family)) continue;
    out[found++] = e;
  }
  return found;
}
