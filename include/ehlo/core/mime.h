/* Owns: the border between core and what takes a mail apart (GMime, in a private module that imports no symbol of ours).
 * Callers: mail, which gives the functions; the module, which calls them; the Lua layer, which opens the module. */
#ifndef EHLO_CORE_MIME_H
#define EHLO_CORE_MIME_H

#include <stddef.h>

/* Called in the order of the mail: a part, its headers, its body; then the parts within it, one level deeper. */
struct ehlo_mime_host {
  void *to;
  /* `type` is "text/plain", in small letters. Returns how many bytes of its body are wanted, negative to end the reading. */
  long (*part)(void *to, int depth, const char *type, size_t len);
  /* Whether a header of that name is wanted. */
  int (*wants)(void *to, const char *name, size_t len);
  /* Unfolded and decoded to UTF-8. */
  void (*header)(void *to, const char *name, size_t name_len, const char *value, size_t value_len);
  /* Transfer encoding undone; text in UTF-8. At most as many bytes as were wanted. */
  void (*body)(void *to, const char *bytes, size_t len);
};

enum { EHLO_MIME_DEPTH = 24 };

/* What it keeps from one mail to the next (its parser, the tables of charsets) is its own, and bounded. */
struct ehlo_mime_reader {
  /* 0, or negative where nothing could be read. Lines may end in LF or CRLF. */
  int (*read)(struct ehlo_mime_reader *reader, const char *bytes, size_t len, const struct ehlo_mime_host *host);
  void (*close)(struct ehlo_mime_reader *reader);
};

/* What the module exports: a new reader; 0, or negative where there is no memory. */
typedef int ehlo_mime_open_reader(struct ehlo_mime_reader **out);
#define EHLO_MIME_SYMBOL "ehlo_mime_open"

#endif
