/* Owns: making hostile bytes fit for a terminal, JSON or HTML, and measuring the result. Callers: whoever shows bytes
 * from outside. A server's text may try to drive the terminal, to reorder a line or to hide in it. */
#include "ehlo/core/escape.h"

#include <utf8proc.h>

static bool is_tail(unsigned char byte) {
  return (byte & 0xc0) == 0x80;
}

size_t ehlo_utf8_decode(struct ehlo_slice s, unsigned *code_point) {
  static const struct {
    unsigned char mask, mark;
    size_t len;
    unsigned least; /* anything below is an overlong form */
  } forms[] = {{0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};
  *code_point = 0;
  if (s.len == 0) return 0;
  const unsigned char lead = (unsigned char)s.ptr[0];
  for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
    if ((lead & forms[f].mask) != forms[f].mark) continue;
    if (s.len < forms[f].len) return 0;
    unsigned value = lead & (unsigned char)~forms[f].mask;
    for (size_t i = 1; i < forms[f].len; i++) {
      const unsigned char byte = (unsigned char)s.ptr[i];
      if (!is_tail(byte)) return 0;
      value = value << 6 | (byte & 0x3fu);
    }
    if (value < forms[f].least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
    *code_point = value;
    return forms[f].len;
  }
  return 0;
}

/* Letters and marks by category that show nothing all the same. */
static bool is_invisible(unsigned code_point) {
  static const struct {
    unsigned first, last;
  } ranges[] = {
      {0x034f, 0x034f},                                       /* combining grapheme joiner */
      {0x115f, 0x1160},                                       /* Hangul fillers */
      {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x2800, 0x2800}, /* blank Braille pattern */
      {0x3164, 0x3164}, {0xfe00, 0xfe0f},                     /* variation selectors, which can carry hidden data */
      {0xffa0, 0xffa0}, {0xe0000, 0xe0fff},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
    if (code_point >= ranges[i].first && code_point <= ranges[i].last) return true;
  }
  return false;
}

static bool is_printable(unsigned code_point) {
  if (code_point < 0x7f) return code_point >= 0x20;
  switch (utf8proc_category((utf8proc_int32_t)code_point)) {
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_CF: /* bidirectional controls, zero-width joiners and spaces, soft hyphen, tags */
  case UTF8PROC_CATEGORY_CS:
  case UTF8PROC_CATEGORY_CO:
  case UTF8PROC_CATEGORY_CN:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP: return false;
  default: return !is_invisible(code_point);
  }
}

/* One step over the text: a run of printable characters, or one piece that must be escaped. */
struct piece {
  struct ehlo_slice bytes;
  bool printable;
  unsigned code_point; /* of an escaped piece; meaningless where `valid` is false */
  bool valid;          /* well-formed UTF-8 */
};

static size_t ascii_run(struct ehlo_slice s) {
  size_t len = 0;
  while (len < s.len && s.ptr[len] >= 0x20 && s.ptr[len] < 0x7f)
    len++;
  return len;
}

static bool next_piece(struct ehlo_slice s, size_t *pos, struct piece *out) {
  const size_t start = *pos;
  if (start >= s.len) return false;
  const struct ehlo_slice rest = ehlo_slice_of(s.ptr + start, s.len - start);
  size_t len = ascii_run(rest);
  *out = (struct piece){.printable = true, .valid = true};
  if (len == 0) {
    len = ehlo_utf8_decode(rest, &out->code_point);
    out->valid = len > 0;
    out->printable = len > 0 && is_printable(out->code_point);
    if (len == 0) len = 1;
  }
  out->bytes = ehlo_slice_of(rest.ptr, len);
  *pos = start + len;
  return true;
}

static const char *short_form(unsigned code_point) {
  switch (code_point) {
  case '\t': return "\\t";
  case '\r': return "\\r";
  case '\n': return "\\n";
  case '\0': return "\\0";
  default: return NULL;
  }
}

static void add_hex(struct ehlo_slice bytes, struct ehlo_buf *out) {
  for (size_t i = 0; i < bytes.len; i++)
    (void)ehlo_buf_addf(out, "\\x%02X", (unsigned)(unsigned char)bytes.ptr[i]);
}

int ehlo_escape_terminal(struct ehlo_slice s, struct ehlo_buf *out) {
  struct piece piece;
  for (size_t pos = 0; next_piece(s, &pos, &piece);) {
    const char *name = piece.valid ? short_form(piece.code_point) : NULL;
    if (piece.printable)
      (void)ehlo_buf_add_slice(out, piece.bytes);
    else if (name)
      (void)ehlo_buf_add_str(out, name);
    else
      add_hex(piece.bytes, out);
  }
  return out->error;
}

size_t ehlo_escape_width(struct ehlo_slice s) {
  size_t columns = 0;
  struct piece piece;
  for (size_t pos = 0; next_piece(s, &pos, &piece);) {
    if (!piece.printable) {
      columns += piece.valid && short_form(piece.code_point) ? 2 : 4 * piece.bytes.len;
    } else if (piece.code_point == 0) {
      columns += piece.bytes.len;
    } else {
      const int width = utf8proc_charwidth((utf8proc_int32_t)piece.code_point);
      columns += width > 0 ? (size_t)width : 0;
    }
  }
  return columns;
}

static void add_json_unit(unsigned code_point, struct ehlo_buf *out) {
  if (code_point >= 0x10000) {
    (void)ehlo_buf_addf(out, "\\u%04x", 0xd800 + ((code_point - 0x10000) >> 10));
    code_point = 0xdc00 + (code_point & 0x3ff);
  }
  (void)ehlo_buf_addf(out, "\\u%04x", code_point);
}

static void add_json_piece(const struct piece *piece, struct ehlo_buf *out) {
  const char *name = piece->valid && piece->code_point != 0 ? short_form(piece->code_point) : NULL;
  if (piece->printable)
    (void)ehlo_buf_add_slice(out, piece->bytes);
  else if (name)
    (void)ehlo_buf_add_str(out, name);
  else
    add_json_unit(piece->valid ? piece->code_point : 0xfffd, out);
}

/* Whether one of eight bytes is a control, a quotation mark, a backslash, DEL or no ASCII: all in one word, for streams of replies are
 * long. */
static bool has_special(uint64_t word) {
  const uint64_t ones = UINT64_MAX / 255, tops = ones << 7;
  const uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\', dels = word ^ ones * 0x7f;
  return ((word | (word - ones * ' ') | (quotes - ones) | (slashes - ones) | (dels - ones)) & tops) != 0;
}

/* The length of what JSON takes as it is, from `at` on. */
static size_t json_run(struct ehlo_slice s, size_t at) {
  const size_t start = at;
  for (uint64_t word; at + sizeof word <= s.len; at += sizeof word) {
    memcpy(&word, s.ptr + at, sizeof word);
    if (has_special(word)) break;
  }
  while (at < s.len && s.ptr[at] >= 0x20 && s.ptr[at] < 0x7f && s.ptr[at] != '"' && s.ptr[at] != '\\')
    at++;
  return at - start;
}

int ehlo_escape_json(struct ehlo_slice s, struct ehlo_buf *out) {
  struct piece piece;
  (void)ehlo_buf_add_char(out, '"');
  for (size_t pos = 0; pos < s.len;) {
    const size_t run = json_run(s, pos);
    (void)ehlo_buf_add(out, s.ptr + pos, run);
    pos += run;
    if (pos == s.len) break;
    if (s.ptr[pos] == '"' || s.ptr[pos] == '\\') {
      const char escaped[2] = {'\\', s.ptr[pos++]};
      (void)ehlo_buf_add(out, escaped, sizeof escaped);
    } else if (next_piece(s, &pos, &piece)) {
      add_json_piece(&piece, out);
    }
  }
  return ehlo_buf_add_char(out, '"');
}

static const char *html_form(char c) {
  switch (c) {
  case '&': return "&amp;";
  case '<': return "&lt;";
  case '>': return "&gt;";
  case '"': return "&quot;";
  case '\'': return "&#39;";
  default: return NULL;
  }
}

static void add_html_printable(struct ehlo_slice s, struct ehlo_buf *out) {
  size_t done = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char *form = html_form(s.ptr[i]);
    if (!form) continue;
    (void)ehlo_buf_add(out, s.ptr + done, i - done);
    (void)ehlo_buf_add_str(out, form);
    done = i + 1;
  }
  (void)ehlo_buf_add(out, s.ptr + done, s.len - done);
}

int ehlo_escape_html(struct ehlo_slice s, struct ehlo_buf *out) {
  struct piece piece;
  for (size_t pos = 0; next_piece(s, &pos, &piece);) {
    const char first = piece.bytes.ptr[0];
    if (piece.printable)
      add_html_printable(piece.bytes, out);
    else if (first == '\t' || first == '\n' || first == '\r')
      (void)ehlo_buf_add_char(out, first);
    else
      add_hex(piece.bytes, out);
  }
  return out->error;
}
