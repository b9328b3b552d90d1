/* Owns: unpacking by libarchive, which is opened with the first file that needs it. Callers: source.c. Only what unpacks by itself is let in:
 * libarchive would run other programs for rarer forms. */
#include "source_packed.h"

#include <archive.h>
#include <dlfcn.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

#define LIBRARY "libarchive.so.13"

enum { RAW_CHUNK = 1 << 16 };

struct packed {
  void *library;
  struct archive *archive;
  packed_reader *read;
  void *arg;
  struct archive *(*make)(void);
  int (*support[5])(struct archive *);
  int (*open)(struct archive *, void *, archive_open_callback *, archive_read_callback *, archive_close_callback *);
  int (*next)(struct archive *, struct archive_entry **);
  int (*block)(struct archive *, const void **, size_t *, la_int64_t *);
  const char *(*trouble)(struct archive *);
  int (*end)(struct archive *);
  struct ehlo_slice left; /* of the block that was unpacked last: the library's memory */
  char raw[RAW_CHUNK];
};

static const struct {
  const char *name;
  const char *magic;
  size_t len;
} forms[] = {{"gzip", "\x1f\x8b", 2},
             {"bzip2", "BZh", 3},
             {"xz",
              "\xfd"
              "7zXZ",
              5},
             {"zstd", "\x28\xb5\x2f\xfd", 4}};

const char *packed_name(struct ehlo_slice first) {
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    if (first.len >= forms[i].len && memcmp(first.ptr, forms[i].magic, forms[i].len) == 0) return forms[i].name;
  }
  return NULL;
}

/* A pointer to a function is copied, for ISO C knows no cast from an object's. */
static bool find(void *library, const char *name, void *into) {
  void *symbol = dlsym(library, name);
  memcpy(into, &symbol, sizeof symbol);
  return symbol != NULL;
}

static bool open_library(struct packed *p) {
  static const char *const supports[] = {"archive_read_support_filter_gzip", "archive_read_support_filter_bzip2",
                                         "archive_read_support_filter_xz", "archive_read_support_filter_zstd",
                                         "archive_read_support_format_raw"};
  p->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  bool whole = p->library != NULL;
  for (size_t i = 0; i < sizeof supports / sizeof *supports && whole; i++)
    whole = find(p->library, supports[i], &p->support[i]);
  return whole && find(p->library, "archive_read_new", &p->make) && find(p->library, "archive_read_open", &p->open) &&
         find(p->library, "archive_read_next_header", &p->next) &&
         find(p->library, "archive_read_data_block", &p->block) &&
         find(p->library, "archive_error_string", &p->trouble) && find(p->library, "archive_read_free", &p->end);
}

static la_ssize_t feed(struct archive *archive, void *arg, const void **bytes) {
  struct packed *p = arg;
  (void)archive;
  *bytes = p->raw;
  const long n = p->read(p->arg, p->raw, sizeof p->raw);
  return n < 0 ? ARCHIVE_FATAL : n;
}

static int damaged(struct packed *p, struct ehlo_buf *why) {
  const char *words = p->trouble(p->archive);
  (void)ehlo_buf_addf(why, "it cannot be unpacked: %s", words ? words : "it is damaged");
  return EHLO_E_SYNTAX;
}

int packed_open(packed_reader *read, void *arg, struct packed **out, struct ehlo_buf *why) {
  struct packed *p = *out = ehlo_memory_zalloc(1, sizeof *p);
  if (!p) return EHLO_E_MEMORY;
  p->read = read;
  p->arg = arg;
  if (!open_library(p)) {
    (void)ehlo_buf_add_str(why, "unpacking it needs libarchive (" LIBRARY
                                "), which is not here: install the package libarchive13");
    return EHLO_E_SYSTEM;
  }
  p->archive = p->make();
  if (!p->archive) return EHLO_E_MEMORY;
  for (size_t i = 0; i < sizeof p->support / sizeof *p->support; i++)
    (void)p->support[i](p->archive);
  struct archive_entry *entry;
  if (p->open(p->archive, p, NULL, feed, NULL) != ARCHIVE_OK || p->next(p->archive, &entry) != ARCHIVE_OK)
    return damaged(p, why);
  return 0;
}

/* By blocks: archive_read_data loses what it has unpacked already where damage follows in the same call. */
long packed_read(struct packed *p, char *bytes, size_t size, struct ehlo_buf *why) {
  while (p->left.len == 0) {
    const void *block = NULL;
    la_int64_t offset;
    const int result = p->block(p->archive, &block, &p->left.len, &offset);
    p->left.ptr = block;
    if (result == ARCHIVE_OK) continue;
    p->left.len = 0;
    return result == ARCHIVE_EOF ? 0 : damaged(p, why);
  }
  const size_t n = size < p->left.len ? size : p->left.len;
  memcpy(bytes, p->left.ptr, n);
  p->left = ehlo_slice_of(p->left.ptr + n, p->left.len - n);
  return (long)n;
}

void packed_close(struct packed *p) {
  if (!p) return;
  if (p->archive) (void)p->end(p->archive);
  if (p->library) (void)dlclose(p->library);
  ehlo_memory_free(p);
}
