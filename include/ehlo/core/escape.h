/* Owns: making hostile bytes fit for a terminal, a log or JSON. Callers: whoever shows
 * bytes from outside. */
#ifndef EHLO_CORE_ESCAPE_H
#define EHLO_CORE_ESCAPE_H

#include "ehlo/base/buf.h"

/* Appends `s` with every byte below 0x20, 0x7f, C1 controls (raw or as UTF-8), invalid UTF-8,
 * line and paragraph separators, bidirectional controls and other invisible format characters
 * written as \xNN (a backslash stays as it is); valid printable UTF-8 passes. Tab becomes \t, CR \r, LF \n, NUL \0. */
int ehlo_escape_terminal(struct ehlo_slice s, struct ehlo_buf *out);

/* Appends `s` as a JSON string with its quotes. Invalid UTF-8 bytes become U+FFFD; controls (C1 and 0x7f too) are \u00NN,
 * so that the JSON, too, can be looked at in a terminal. */
int ehlo_escape_json(struct ehlo_slice s, struct ehlo_buf *out);

/* Appends `s` for HTML text and attribute values. */
int ehlo_escape_html(struct ehlo_slice s, struct ehlo_buf *out);

/* Decodes one UTF-8 sequence at the start of `s`: its length (1-4) and code point, or 0 where invalid. */
size_t ehlo_utf8_decode(struct ehlo_slice s, unsigned *code_point);

/* Columns that `s` takes on a terminal after ehlo_escape_terminal. */
size_t ehlo_escape_width(struct ehlo_slice s);

#endif
