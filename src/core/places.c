/* Owns: what a reply's text accuses and where it points: addresses, IPs, domains, links, a tag such as [TSS04], verdicts
 * such as "Spf= Fail". Callers: explain. One pass over words; every slice lies in the text given. */
#include "places.h"

#include <stdint.h>

static bool is_space(char c) {
  return (unsigned char)c <= ' ';
}

static bool is_alnum(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c);
}

static bool is_hex(char c) {
  const int low = ehlo_to_lower((unsigned char)c);
  return ehlo_is_digit(low) || (low >= 'a' && low <= 'f');
}

void places_add(struct ehlo_slice *list, int *n, struct ehlo_slice s) {
  if (*n >= EHLO_EXPLAIN_PLACES || s.len == 0) return;
  for (int i = 0; i < *n; i++) {
    if (ehlo_slice_equal_nocase(list[i], s)) return;
  }
  list[(*n)++] = s;
}

enum { OPENS = 1, CLOSES = 2, PARTS = 4, POINTS = 8, BRACKETS = 16, EQUALS = 32 };
/* Punctuation by what it does: opens a word, closes it, parts two; stands in every place or link; opens a tag; gives a verdict. */
static const uint8_t marks[256] = {
    ['<'] = OPENS | PARTS,
    ['('] = OPENS | PARTS | BRACKETS,
    ['['] = OPENS | PARTS | BRACKETS,
    ['{'] = OPENS,
    ['>'] = CLOSES | PARTS,
    [')'] = CLOSES | PARTS,
    [']'] = CLOSES | PARTS,
    ['}'] = CLOSES,
    ['"'] = OPENS | CLOSES | PARTS,
    [','] = OPENS | CLOSES | PARTS,
    [';'] = OPENS | CLOSES | PARTS,
    ['='] = OPENS | CLOSES | PARTS | EQUALS,
    ['\''] = OPENS | CLOSES,
    ['`'] = OPENS | CLOSES,
    [':'] = OPENS | CLOSES | POINTS,
    ['.'] = OPENS | CLOSES | POINTS,
    ['!'] = OPENS | CLOSES,
    ['?'] = OPENS | CLOSES,
    ['*'] = OPENS | CLOSES,
    ['/'] = POINTS,
};

static bool does(char c, int what) {
  return (marks[(unsigned char)c] & what) != 0;
}

/* Takes brackets, quotes and punctuation off both ends. */
static struct ehlo_slice peel(struct ehlo_slice s) {
  while (s.len > 0 && does(s.ptr[0], OPENS)) {
    s.ptr++;
    s.len--;
  }
  while (s.len > 0 && does(s.ptr[s.len - 1], CLOSES))
    s.len--;
  return s;
}

bool places_is_ipv4(struct ehlo_slice s) {
  int parts = 0, digits = 0, value = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '.') {
      if (digits == 0 || ++parts > 3) return false;
      digits = value = 0;
    } else if (!ehlo_is_digit((unsigned char)s.ptr[i])) {
      return false;
    } else {
      value = value * 10 + (s.ptr[i] - '0');
      if (++digits > 3 || value > 255) return false;
    }
  }
  return parts == 3 && digits > 0;
}

static bool is_ipv6(struct ehlo_slice s) {
  int colons = 0, run = 0;
  bool gap = false;
  if (s.len < 3 || s.len > 45) return false;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == ':') {
      if (i > 0 && s.ptr[i - 1] == ':') gap = true;
      colons++;
      run = 0;
    } else if (!is_hex(s.ptr[i]) || ++run > 4) {
      return false;
    }
  }
  return colons <= 7 && colons >= 2 && (gap || colons == 7);
}

/* At least two labels, the last of letters. */
static bool is_domain(struct ehlo_slice s) {
  size_t label = 0, letters = 0;
  int dots = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.ptr[i];
    if (c == '.') {
      if (label == 0) return false;
      dots++;
      label = letters = 0;
    } else if (is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80) {
      label++;
      letters += ehlo_is_alpha((unsigned char)c) || (unsigned char)c >= 0x80;
    } else {
      return false;
    }
  }
  return s.len <= 253 && dots > 0 && label >= 2 && letters == label;
}

bool places_is_address(struct ehlo_slice s) {
  const char *at = s.len > 2 ? memchr(s.ptr + 1, '@', s.len - 1) : NULL;
  if (!at) return false;
  const struct ehlo_slice domain = peel(ehlo_slice_of(at + 1, (size_t)(s.ptr + s.len - at - 1)));
  return is_domain(domain) || places_is_ipv4(domain);
}

static bool starts(struct ehlo_slice s, const char *prefix) {
  return ehlo_slice_starts_nocase(s, ehlo_slice_str(prefix));
}

static bool is_link(struct ehlo_slice s) {
  return starts(s, "http://") || starts(s, "https://") || starts(s, "www.") || starts(s, "aka.ms/");
}

/* The link at its start, without the punctuation of the sentence around it. */
static struct ehlo_slice link_in(struct ehlo_slice word) {
  size_t end = 0;
  while (end < word.len && !strchr("<>\"'`|\\^{}", word.ptr[end]))
    end++;
  while (end > 0 && strchr(".,;:!?)]", word.ptr[end - 1]))
    end--;
  return ehlo_slice_of(word.ptr, end);
}

/* Where a link stands in a word such as "see:<https://example.org/>", or its length. */
static size_t link_at(struct ehlo_slice word) {
  for (size_t i = 0; i < word.len; i++) {
    const int low = ehlo_to_lower((unsigned char)word.ptr[i]);
    if ((low != 'h' && low != 'w' && low != 'a') || (i > 0 && is_alnum(word.ptr[i - 1]))) continue;
    if (is_link(ehlo_slice_of(word.ptr + i, word.len - i))) return i;
  }
  return word.len;
}

/* `marked` gathers the marks of its bytes. */
static bool next_word(struct ehlo_slice text, size_t *pos, struct ehlo_slice *word, unsigned *marked) {
  size_t at = *pos;
  unsigned seen = 0;
  while (at < text.len && is_space(text.ptr[at]))
    at++;
  const size_t start = at;
  for (; at < text.len && !is_space(text.ptr[at]); at++)
    seen |= marks[(unsigned char)text.ptr[at]];
  *pos = at;
  *marked = seen;
  *word = ehlo_slice_of(text.ptr + start, at - start);
  return word->len > 0;
}

/* After these words stands a list or a host that reports, not one that is accused. */
static bool leads_to_a_reporter(struct ehlo_slice word) {
  static const char *const words[] = {"using", "see", "at", "visit", "by", "on", "contact", "via", "-"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (ehlo_slice_equal_nocase(word.len > 1 ? peel(word) : word, ehlo_slice_str(words[i]))) return true;
  }
  return false;
}

/* "RESOLVER.ADR.RecipientNotFound", "5322.From": names of errors and fields, whose last label mixes large and small letters. */
static bool is_name_of_error(struct ehlo_slice s) {
  bool large = false, small = false;
  for (size_t i = s.len; i > 0 && s.ptr[i - 1] != '.'; i--) {
    large = large || (s.ptr[i - 1] >= 'A' && s.ptr[i - 1] <= 'Z');
    small = small || (s.ptr[i - 1] >= 'a' && s.ptr[i - 1] <= 'z');
  }
  return large && small;
}

/* Exchange Online signs its replies with the host that wrote them. */
static bool is_signature(struct ehlo_slice s) {
  static const char *const endings[] = {".prod.protection.outlook.com", ".prod.outlook.com"};
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    if (ehlo_slice_ends_nocase(s, ehlo_slice_str(endings[i]))) return true;
  }
  return false;
}

/* A part of a word, with the word that stands before it. */
static void look_at(struct ehlo_slice part, struct ehlo_slice before, struct ehlo_explanation *e) {
  const struct ehlo_slice bare = peel(part);
  const bool named = is_domain(bare) && !is_name_of_error(bare) && !is_signature(bare);
  const bool is_place = places_is_ipv4(bare) || is_ipv6(bare) || named;
  if (places_is_address(bare) || (is_place && !leads_to_a_reporter(before))) places_add(e->about, &e->n_about, bare);
}

/* "unknown[192.0.2.1]" and "<a@b>:" and "a;b": the parts between brackets and separators are words of their own. */
static void look_into(struct ehlo_slice word, struct ehlo_slice before, struct ehlo_explanation *e) {
  size_t start = 0;
  for (size_t i = 0; i <= word.len; i++) {
    if (i < word.len && !does(word.ptr[i], PARTS)) continue;
    look_at(ehlo_slice_of(word.ptr + start, i - start), before, e);
    start = i + 1;
  }
}

/* [TSS04], (S3150): one to four capitals, then digits. */
static struct ehlo_slice tag_in(struct ehlo_slice text) {
  for (size_t i = 0; i + 3 < text.len; i++) {
    if (text.ptr[i] != '[' && text.ptr[i] != '(') continue;
    size_t at = i + 1;
    while (at < text.len && text.ptr[at] >= 'A' && text.ptr[at] <= 'Z')
      at++;
    const size_t capitals = at - i - 1;
    while (at < text.len && ehlo_is_digit((unsigned char)text.ptr[at]))
      at++;
    const size_t digits = at - i - 1 - capitals;
    if (at >= text.len || (text.ptr[at] != ']' && text.ptr[at] != ')')) continue;
    if (capitals >= 1 && capitals <= 4 && digits >= 1 && digits <= 6)
      return ehlo_slice_of(text.ptr + i + 1, at - i - 1);
  }
  return ehlo_slice_of("", 0);
}

/* The length of the check's name at `at`, 0 where none stands there by itself. */
static size_t check_at(struct ehlo_slice text, size_t at) {
  static const char *const words[] = {"SPF", "DKIM", "DMARC", "ARC"};
  const int low = ehlo_to_lower((unsigned char)text.ptr[at]);
  if ((low != 's' && low != 'd' && low != 'a') || (at > 0 && is_alnum(text.ptr[at - 1]))) return 0;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    const size_t len = strlen(words[i]);
    if (!starts(ehlo_slice_of(text.ptr + at, text.len - at), words[i])) continue;
    return at + len == text.len || !is_alnum(text.ptr[at + len]) ? len : 0;
  }
  return 0;
}

/* The end of a verdict that begins at `at` with the name of a check, or `at` where there is none. */
static size_t verdict_end(struct ehlo_slice text, size_t at) {
  const size_t word = check_at(text, at);
  size_t end = at + word;
  if (word == 0) return at;
  while (end < text.len && end < at + 120 && text.ptr[end] != '=' && !strchr(";,()", text.ptr[end])) {
    if (check_at(text, end) > 0) return at;
    end++;
  }
  if (end >= text.len || text.ptr[end] != '=') return at;
  end++;
  while (end < text.len && is_space(text.ptr[end]))
    end++;
  const struct ehlo_slice rest = ehlo_slice_of(text.ptr + end, text.len - end);
  if (starts(rest, "did not pass")) return end + strlen("did not pass");
  while (end < text.len && (is_alnum(text.ptr[end]) || text.ptr[end] == '-'))
    end++;
  return end;
}

static void find_verdicts(struct ehlo_slice text, struct ehlo_explanation *e) {
  for (size_t at = 0; at < text.len; at++) {
    const size_t end = verdict_end(text, at);
    if (end == at) continue;
    places_add(e->verdicts, &e->n_verdicts, ehlo_slice_of(text.ptr + at, end - at));
    at = end - 1;
  }
}

static void add_link(struct ehlo_slice word, size_t at, struct ehlo_explanation *e) {
  if (at < word.len) places_add(e->links, &e->n_links, link_in(ehlo_slice_of(word.ptr + at, word.len - at)));
}

void places_add_links(struct ehlo_slice text, struct ehlo_explanation *e) {
  struct ehlo_slice word;
  unsigned marked;
  for (size_t pos = 0; next_word(text, &pos, &word, &marked);) {
    if ((marked & POINTS) != 0) add_link(word, link_at(word), e);
  }
}

void places_find(struct ehlo_slice text, struct ehlo_explanation *e) {
  struct ehlo_slice word, before = {"", 0};
  unsigned marked, seen = 0;
  for (size_t pos = 0; next_word(text, &pos, &word, &marked); before = word) {
    seen |= marked;
    if ((marked & POINTS) == 0) continue; /* the most */
    const size_t at = link_at(word);
    look_into(ehlo_slice_of(word.ptr, at), before, e);
    add_link(word, at, e);
  }
  if ((seen & BRACKETS) != 0) e->tag = tag_in(text);
  if ((seen & EQUALS) != 0) find_verdicts(text, e);
}
