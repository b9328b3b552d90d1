/* Owns: the extensions that a reply to EHLO lists. Callers: sessions, reports. */
#include "ehlo/core/capability.h"

#include "ehlo/base/scan.h"

static bool is_word(int c) {
  return c != ' ' && c != '\t';
}

/* "AUTH=LOGIN" is how servers of the nineties spoke to clients that knew no better; many still add that line. */
static size_t keyword_length(struct ehlo_slice text) {
  const struct ehlo_slice old_auth = ehlo_slice_str("AUTH=");
  if (ehlo_slice_starts_nocase(text, old_auth)) return old_auth.len - 1;
  struct ehlo_scan c = ehlo_scan_of(text);
  return ehlo_scan_while(&c, is_word).len;
}

bool ehlo_capability_next(const struct ehlo_reply *ehlo, size_t *pos, struct ehlo_capability *out) {
  *out = (struct ehlo_capability){0};
  if (ehlo->code / 100 != 2) return false;
  struct ehlo_reply_line line;
  if (*pos == 0 && !ehlo_reply_next_line(ehlo, pos, false, &line)) return false;
  while (ehlo_reply_next_line(ehlo, pos, false, &line)) {
    const struct ehlo_slice text = ehlo_slice_trim(line.text);
    if (text.len == 0) continue;
    const size_t len = keyword_length(text);
    const size_t skip = len < text.len && text.ptr[len] == '=' ? 1 : 0;
    out->keyword = ehlo_slice_of(text.ptr, len);
    out->params = ehlo_slice_trim(ehlo_slice_of(text.ptr + len + skip, text.len - len - skip));
    return true;
  }
  return false;
}

static bool find_from(const struct ehlo_reply *ehlo, size_t *pos, const char *keyword, struct ehlo_capability *out) {
  while (ehlo_capability_next(ehlo, pos, out)) {
    if (ehlo_slice_equal_nocase(out->keyword, ehlo_slice_str(keyword))) return true;
  }
  return false;
}

bool ehlo_capability_find(const struct ehlo_reply *ehlo, const char *keyword, struct ehlo_capability *out) {
  size_t pos = 0;
  return find_from(ehlo, &pos, keyword, out);
}

uint64_t ehlo_capability_size(const struct ehlo_reply *ehlo) {
  struct ehlo_capability size;
  uint64_t bytes;
  if (!ehlo_capability_find(ehlo, "SIZE", &size)) return 0;
  struct ehlo_scan c = ehlo_scan_of(size.params);
  return ehlo_scan_number(&c, 20, UINT64_MAX, &bytes) && ehlo_scan_done(&c) ? bytes : 0; /* 20 digits: RFC 1870 4 */
}

static bool has_word(struct ehlo_slice params, const char *word) {
  struct ehlo_scan c = ehlo_scan_of(params);
  for (ehlo_scan_spaces(&c); !ehlo_scan_done(&c); ehlo_scan_spaces(&c)) {
    if (ehlo_slice_equal_nocase(ehlo_scan_while(&c, is_word), ehlo_slice_str(word))) return true;
  }
  return false;
}

bool ehlo_capability_auth(const struct ehlo_reply *ehlo, const char *mechanism) {
  struct ehlo_capability auth;
  for (size_t pos = 0; find_from(ehlo, &pos, "AUTH", &auth);) {
    if (has_word(auth.params, mechanism)) return true;
  }
  return false;
}
