/* Owns: a mail taken apart: a list of parts, each with headers and a body. Callers: the reader of bounces, the mail binding. */
#ifndef EHLO_CORE_MAIL_H
#define EHLO_CORE_MAIL_H

#include <stdbool.h>

#include "ehlo/base/buf.h"
#include "ehlo/core/mime.h"

enum { EHLO_MAIL_PARTS = 64, EHLO_MAIL_HEADERS = 512, EHLO_MAIL_READ = 1 << 20, EHLO_MAIL_WHOLE = 64 << 20 };

struct ehlo_mail_part {
  int depth;              /* 0 for the mail itself */
  struct ehlo_slice type; /* "text/plain" */
  int header, n_headers;  /* where its headers stand in the mail's list */
  struct ehlo_slice body; /* decoded, lines end in LF; empty for what holds parts */
};
struct ehlo_mail_header {
  struct ehlo_slice name, value;
};

/* What is kept: all of it, or what tells of deliveries: a few headers, and no bodies of the mail that a report returns. */
enum ehlo_mail_scope { EHLO_MAIL_ALL, EHLO_MAIL_REPORT };

struct ehlo_mail {
  struct ehlo_mail_part *parts; /* in the order of the mail */
  struct ehlo_mail_header *headers;
  int n_parts, n_headers, part_room, room; /* for so many parts and headers there is memory */
  enum ehlo_mail_scope scope;
  int returned; /* while reading: the depth of the returned mail, 0 outside of it */
  bool plain;   /* while reading: the words are there already */
  struct ehlo_slice
      body; /* all behind the header, as it came but for its line ends: where the parts are damaged beyond reading */
  struct ehlo_buf bytes; /* what the slices point into */
  struct ehlo_buf raw;
};

/* Takes `bytes` apart: one mail, with or without the "From " line of an mbox; lines may end in LF, CRLF or CR, which give the same
 * result. At most EHLO_MAIL_READ bytes of it are looked at for a report, EHLO_MAIL_WHOLE for all; and at most the numbers above of parts and headers.
 * EHLO_E_SYNTAX where it is empty. `out` holds zeroes, or a mail read before, whose memory is used again; it is to be ended with
 * _fini after an error as well. */
int ehlo_mail_read(struct ehlo_slice bytes, enum ehlo_mail_scope scope, struct ehlo_mime_reader *reader,
                   struct ehlo_mail *out);
void ehlo_mail_fini(struct ehlo_mail *mail);

/* The part's first header of that name, empty where it has none. */
struct ehlo_slice ehlo_mail_header(const struct ehlo_mail *mail, int part, const char *name);
/* The part that holds this one, or -1. */
int ehlo_mail_parent(const struct ehlo_mail *mail, int part);

#endif
