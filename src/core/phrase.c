/* Owns: finding the catalogue's best phrase in a text. Callers: explain. Each run of four bytes of the
 * text is looked up in a table of the phrases' rarest runs, made at build: the number of phrases does not matter, and start-up costs nothing.
 *
 * How one of several is chosen, in points:
 *   - the bytes of the phrase that are no star, twice, halved where it names no real cause ("blocked using" beats the
 *     "Service unavailable" in front of it), and halved for the common words of all makes;
 *   - the codes, enhanced codes and commands it is known with, where the reply has the same;
 *   - a provider that the text names by itself;
 *   - for the common words: advice that fits the reply's first digit.
 * A phrase that is only known with replies of another class than this one is out. */
#include "phrase.h"
#include "ehlo/core/explain.h"
#include "image.h"

enum { TEXT_MAX = 8192, GAP = 64, STARS = 8, TRIED = 128 };
enum { POINTS_CODE = 10, POINTS_GUESS = 4, POINTS_ENHANCED = 20, POINTS_PHASE = 6, POINTS_PROVIDER = 24 };
enum {
  POINTS_OTHER_ENHANCED = -8,
  POINTS_OTHER_PHASE = -6,
  POINTS_OTHER_CODE = -8,
  SHORT_TEXT = 12,
  POINTS_OTHER_RETRY = -10,
  POINTS_DIRECTION = 10
};

struct folded {
  size_t len;
  char bytes[TEXT_MAX];
};

/* ASCII case and runs of white space folded, as the builder folds the phrases. What is beyond the maximum is not looked at. */
static void fold(struct folded *f, struct ehlo_slice s) {
  for (size_t i = 0; i < s.len && f->len < TEXT_MAX; i++) {
    const char c = s.ptr[i];
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (space && (f->len == 0 || f->bytes[f->len - 1] == ' ')) continue;
    f->bytes[f->len++] = space ? ' ' : (char)ehlo_to_lower((unsigned char)c);
  }
}

static bool is_word_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c);
}

/* A set of places in a text: where the part of a phrase that was found so far may end. */
struct places {
  uint64_t bits[TEXT_MAX / 64 + 1];
  bool any;
};

static void add_place(struct places *p, size_t at) {
  p->bits[at / 64] |= (uint64_t)1 << (at % 64);
  p->any = true;
}
static bool has_place(const struct places *p, size_t at) {
  return (p->bits[at / 64] >> (at % 64) & 1) != 0;
}

/* Where `run` ends if a star and it follow one of the places `from`. All places go along at once: to try one after the other takes
 * a time that doubles with each star. */
static void follow(const struct folded *f, struct ehlo_slice run, const struct places *from, struct places *out) {
  size_t last = SIZE_MAX;
  *out = (struct places){.any = false};
  for (size_t at = 0; at + run.len <= f->len; at++) {
    if (has_place(from, at)) last = at;
    if (last == SIZE_MAX || at - last > GAP) continue;
    if (memcmp(f->bytes + at, run.ptr, run.len) == 0) add_place(out, at + run.len);
  }
}

/* Takes what stands before the next star off the front of the pattern, and the star. */
static struct ehlo_slice next_run(struct ehlo_slice *pattern) {
  const char *star = memchr(pattern->ptr, '*', pattern->len);
  const struct ehlo_slice run = ehlo_slice_of(pattern->ptr, star ? (size_t)(star - pattern->ptr) : pattern->len);
  const size_t taken = star ? run.len + 1 : run.len;
  *pattern = ehlo_slice_of(pattern->ptr + taken, pattern->len - taken);
  return run;
}

/* The phrase begins at the start of a word, and a short one ends at the end of one: "listed at" is not in "enlisted at". */
static bool stands_free(const struct folded *f, size_t at, struct ehlo_slice pattern, size_t run) {
  if (at > 0 && is_word_byte(pattern.ptr[0]) && is_word_byte(f->bytes[at - 1])) return false;
  if (run < pattern.len || run > SHORT_TEXT || at + run >= f->len) return true;
  return !(is_word_byte(pattern.ptr[run - 1]) && is_word_byte(f->bytes[at + run]));
}

static bool holds(const struct folded *f, struct ehlo_slice pattern) {
  if (pattern.len == 0 || pattern.ptr[0] == '*') return false;
  struct ehlo_slice rest = pattern;
  const struct ehlo_slice first = next_run(&rest);
  struct places places = {.any = false};
  for (size_t at = 0; at + first.len <= f->len; at++) {
    const char *found = memmem(f->bytes + at, f->len - at, first.ptr, first.len);
    if (!found) break;
    at = (size_t)(found - f->bytes);
    if (!stands_free(f, at, pattern, first.len)) continue;
    if (rest.len == 0) return true;
    add_place(&places, at + first.len);
  }
  for (int stars = 0; places.any && rest.len > 0; stars++) {
    if (stars >= STARS) return false;
    struct places next;
    follow(f, next_run(&rest), &places, &next);
    places = next;
  }
  return places.any;
}

/* A code of three digits; 0 for what a damaged image may hold in its place. */
static int number_of(struct ehlo_slice s) {
  int n = 0;
  for (size_t i = 0; i < s.len && i < 3; i++) {
    if (!ehlo_is_digit((unsigned char)s.ptr[i])) return 0;
    n = n * 10 + (s.ptr[i] - '0');
  }
  return n;
}

static struct ehlo_slice guess(struct ehlo_entry e, uint32_t extra) {
  return image_string(e.catalogue, image_slot(e, EHLO_FIELDS + extra));
}

static unsigned enhanced_classes(struct ehlo_entry e) {
  unsigned classes = 0;
  for (uint32_t k = 0; k < ehlo_entry_items(e, EHLO_FIELD_ENHANCED); k++) {
    const struct ehlo_slice code = ehlo_entry_item(e, EHLO_FIELD_ENHANCED, k);
    if (code.len > 0 && ehlo_is_digit((unsigned char)code.ptr[0])) classes |= 1u << (unsigned)(code.ptr[0] - '0');
  }
  return classes;
}

/* One bit for each class of reply that the phrase is known with. */
unsigned phrase_classes(struct ehlo_entry e) {
  unsigned classes = 0;
  for (uint32_t k = 0; k < ehlo_entry_items(e, EHLO_FIELD_CODES); k++)
    classes |= 1u << (unsigned)(number_of(ehlo_entry_item(e, EHLO_FIELD_CODES, k)) / 100 % 10);
  const struct ehlo_slice guessed = guess(e, IMAGE_EXTRA_CODE_GUESS);
  if (guessed.len == 3) classes |= 1u << (unsigned)(number_of(guessed) / 100 % 10);
  return classes != 0 ? classes : enhanced_classes(e);
}

static int points_for_code(struct ehlo_entry e, int code) {
  if (code == 0) return 0;
  for (uint32_t k = 0; k < ehlo_entry_items(e, EHLO_FIELD_CODES); k++) {
    if (number_of(ehlo_entry_item(e, EHLO_FIELD_CODES, k)) == code) return POINTS_CODE;
  }
  if (number_of(guess(e, IMAGE_EXTRA_CODE_GUESS)) == code) return POINTS_GUESS;
  return ehlo_entry_items(e, EHLO_FIELD_CODES) > 0 ? POINTS_OTHER_CODE : 0;
}

static int points_for_enhanced(struct ehlo_entry e, struct ehlo_enhanced code) {
  char text[EHLO_ENHANCED_TEXT];
  if (code.class == 0) return 0;
  const struct ehlo_slice wanted = ehlo_slice_str(ehlo_enhanced_format(code, text));
  const uint32_t n = ehlo_entry_items(e, EHLO_FIELD_ENHANCED);
  for (uint32_t k = 0; k < n; k++) {
    if (ehlo_slice_equal(ehlo_entry_item(e, EHLO_FIELD_ENHANCED, k), wanted)) return POINTS_ENHANCED;
  }
  if (ehlo_slice_equal(guess(e, IMAGE_EXTRA_ENHANCED_GUESS), wanted)) return POINTS_GUESS;
  return n > 0 ? POINTS_OTHER_ENHANCED : 0;
}

static bool is_word(struct ehlo_slice s, const char *word) {
  return ehlo_slice_equal_nocase(s, ehlo_slice_str(word));
}

/* The words of `commands` that no verb names. */
static bool command_fits(struct ehlo_slice word, enum ehlo_phase phase) {
  if (is_word(word, "any")) return true;
  if (is_word(word, "greeting")) return phase == EHLO_PHASE_GREETING || phase == EHLO_PHASE_CONNECT;
  if (is_word(word, "end-of-data") || is_word(word, "BURL")) return phase == EHLO_PHASE_DATA;
  const enum ehlo_phase own = ehlo_phase_of_verb(word.ptr, word.len);
  return own == phase || (own == EHLO_PHASE_EHLO && phase == EHLO_PHASE_EHLO_TLS) ||
         (own == EHLO_PHASE_STARTTLS && phase == EHLO_PHASE_TLS);
}

static int points_for_phase(struct ehlo_entry e, enum ehlo_phase phase) {
  const uint32_t n = ehlo_entry_items(e, EHLO_FIELD_COMMANDS);
  if (n == 0 || (int)phase < 0 || phase >= EHLO_PHASES) return 0;
  for (uint32_t k = 0; k < n; k++) {
    if (command_fits(ehlo_entry_item(e, EHLO_FIELD_COMMANDS, k), phase)) return POINTS_PHASE;
  }
  return POINTS_OTHER_PHASE;
}

/* Words by which a text names its provider, where that is not the first word of the provider's name. */
static const struct phrase_sign signs[] = {
    {"Gmail", "gsmtp"},
    {"Gmail", "support.google.com"},
    {"Microsoft 365", "prod.outlook.com"},
    {"Microsoft 365", "protection.outlook.com"},
    {"Microsoft 365", "aka.ms/"},
    {"Outlook.com", "mail.live.com"},
    {"Outlook.com", "sendersupport.olc"},
    {"iCloud", "support.apple.com"},
    {"iCloud", "icloud.com"},
    {"Yahoo", "yahoo"},
    {"Mimecast", "mimecast.com"},
    {"Proofpoint", "proofpoint.com"},
    {"Spamhaus", "spamhaus"},
    {"SpamCop", "spamcop.net"},
    {"Barracuda", "barracuda"},
    {"Cloudmark", "cloudmark.com"},
    {"GMX / web.de", "postmaster.gmx.net"},
    {"GMX / web.de", "web.de"},
};

const struct phrase_sign *phrase_signs(size_t *n) {
  *n = sizeof signs / sizeof signs[0];
  return signs;
}

static bool names(const struct folded *f, struct ehlo_slice provider) {
  const struct ehlo_slice text = ehlo_slice_of(f->bytes, f->len);
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
    if (!ehlo_slice_equal(provider, ehlo_slice_str(signs[i].provider))) continue;
    if (ehlo_slice_find_nocase(text, ehlo_slice_str(signs[i].sign), 0) != SIZE_MAX) return true;
  }
  const char *space = provider.len > 0 ? memchr(provider.ptr, ' ', provider.len) : NULL;
  const size_t len = space ? (size_t)(space - provider.ptr) : provider.len;
  return len >= 4 && ehlo_slice_find_nocase(text, ehlo_slice_of(provider.ptr, len), 0) != SIZE_MAX;
}

static int literal_bytes(struct ehlo_slice pattern) {
  int n = 0;
  for (size_t i = 0; i < pattern.len; i++)
    n += pattern.ptr[i] != '*';
  return n;
}

/* Says that it will not, or not now, and not why. */
static bool is_vague(struct ehlo_entry e) {
  const struct ehlo_slice cause = ehlo_entry_string(e, EHLO_FIELD_CAUSE);
  return is_word(cause, "policy") || is_word(cause, "unclear") || is_word(cause, "server-busy") ||
         is_word(cause, "delivery-expired"); /* why it ran out is said beside it */
}

bool phrase_is_generic(struct ehlo_entry e) {
  return is_word(ehlo_entry_string(e, EHLO_FIELD_PROVIDER), "generic");
}

/* "450 ... Recipient address rejected: Greylisted": a common wording that means for good is no match for one that means for now,
 * where the reply says for now. */
static int points_for_retry(struct ehlo_entry e, const struct phrase_context *in) {
  const int class = in->code != 0 ? in->code / 100 : in->enhanced.class;
  const bool contradicts = class == 4 && is_word(ehlo_entry_string(e, EHLO_FIELD_RETRY), "no");
  return phrase_is_generic(e) && contradicts ? POINTS_OTHER_RETRY : 0;
}

/* "Recipient address rejected: Greylisted": what follows is the reason, and these words only the way to it. */
bool phrase_leads_in(struct ehlo_slice wording) {
  static const char *const words[] = {"address rejected", "recipient rejected",   "mailbox unavailable",
                                      "not accepted",     "client host rejected", "please try again later",
                                      "try again later",  "not allowed",          "not authorized",
                                      "unauthorized",     "prohibited",           "forbidden",
                                      "message rejected", "mail rejected",        "access denied",
                                      "unsolicited",      "temporary failure",    "command died with status"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (is_word(wording, words[i])) return true;
  }
  return false;
}

/* What a server says in the reports that it writes is no reply of another, and the other way round. */
static int points_for_direction(struct ehlo_entry e, const struct phrase_context *in) {
  const bool local = is_word(ehlo_entry_string(e, EHLO_FIELD_DIRECTION), "local");
  return local ? (in->code == 0 ? POINTS_DIRECTION : -POINTS_DIRECTION) : 0;
}

static int points(struct ehlo_entry e, struct ehlo_slice pattern, const struct folded *f,
                  const struct phrase_context *in) {
  int sum = literal_bytes(pattern) * 4 / (is_vague(e) ? 2 : 1) / (phrase_is_generic(e) ? 2 : 1) / 2;
  sum += points_for_code(e, in->code) + points_for_enhanced(e, in->enhanced) + points_for_phase(e, in->phase);
  if (ehlo_entry_names_provider(e) && names(f, ehlo_entry_string(e, EHLO_FIELD_PROVIDER))) sum += POINTS_PROVIDER;
  sum += points_for_retry(e, in) + points_for_direction(e, in);
  if (phrase_leads_in(pattern)) sum /= 3;
  return sum > 0 ? sum : 1;
}

/* Known with another class of reply. Where that is let pass, it is for words that name a cause: "try again later" in a refusal for good
 * names none. */
static bool is_out(struct ehlo_entry e, struct ehlo_slice pattern, const struct phrase_context *in) {
  const int class = in->code != 0 ? in->code / 100 : in->enhanced.class;
  unsigned known = phrase_classes(e);
  if (in->code == 0) known |= enhanced_classes(e); /* 451 5.7.3: some mix their classes themselves */
  /* 450 is "mailbox unavailable" in RFC 5321 as well as 550 is, and there it stands for busy or put off */
  if (class == 4 && phrase_is_generic(e) && is_word(ehlo_entry_string(e, EHLO_FIELD_CAUSE), "mailbox-unknown") &&
      phrase_leads_in(pattern))
    return true;
  const bool odd = class != 0 && known != 0 && (known >> (unsigned)class & 1) == 0;
  return odd && (!in->any_class || is_vague(e) || phrase_leads_in(pattern));
}

/* While a text is searched. */
struct search {
  const struct ehlo_catalogue *c;
  const struct phrase_context *in;
  struct folded text;
  uint32_t tried[TRIED]; /* wordings that were weighed already, or are not in the text at all */
  int n_tried, most;
  struct ehlo_entry best;
  struct ehlo_slice wording;
};

static bool is_tried(const struct search *s, uint32_t anchor) {
  for (int i = s->n_tried; i > 0; i--) {
    if (s->tried[i - 1] == anchor) return true;
  }
  return false;
}

/* Whether the wording is in the text, with its rarest run at `at`. */
static bool holds_at(const struct folded *f, struct ehlo_slice pattern, size_t at, size_t place) {
  if (pattern.len == 0 || at < place || pattern.len > f->len - (at - place)) return false;
  const size_t start = at - place;
  return memcmp(f->bytes + start, pattern.ptr, pattern.len) == 0 && stands_free(f, start, pattern, pattern.len);
}

static void weigh(struct search *s, struct ehlo_entry e, struct ehlo_slice pattern) {
  const int here = points(e, pattern, &s->text, s->in);
  const bool same = here == s->most && e.index == s->best.index && pattern.len > s->wording.len;
  if (here < s->most || (here == s->most && e.index >= s->best.index && !same)) return;
  s->most = here;
  s->best = e;
  s->wording = pattern;
}

static void try_anchor(struct search *s, uint32_t number, size_t at) {
  const char *anchor = s->c->image.ptr + image_number(s->c, IMAGE_AT_ANCHORS) + (size_t)number * IMAGE_ANCHOR;
  if (memcmp(anchor + 8, s->text.bytes + at, 4) != 0) return;
  const struct ehlo_slice pattern = image_string(s->c, image_load(anchor));
  const bool starred = memchr(pattern.ptr, '*', pattern.len) != NULL;
  if (!starred && !holds_at(&s->text, pattern, at, image_load(anchor + 12))) return;
  if (s->n_tried == TRIED || is_tried(s, number)) return;
  s->tried[s->n_tried++] = number;
  const struct ehlo_entry e = ehlo_catalogue_entry(s->c, (int32_t)(image_load(anchor + 4) & INT32_MAX));
  if (!ehlo_entry_exists(e) || is_out(e, pattern, s->in) || (starred && !holds(&s->text, pattern))) return;
  weigh(s, e, pattern);
}

struct ehlo_entry phrase_find(const struct ehlo_catalogue *c, struct ehlo_slice text, const struct phrase_context *in,
                              struct ehlo_slice *wording) {
  struct search s; /* its text is large: only what is used is set */
  char enhanced[EHLO_ENHANCED_TEXT];
  s.c = c;
  s.in = in;
  s.text.len = 0;
  s.n_tried = s.most = 0;
  s.best = (struct ehlo_entry){c, -1};
  s.wording = ehlo_slice_of("", 0);
  /* some texts are only told apart by the code in front of them: "5.7.515 Access denied" */
  fold(&s.text, ehlo_slice_str(ehlo_enhanced_format(in->enhanced, enhanced)));
  fold(&s.text, ehlo_slice_str(" "));
  fold(&s.text, text);
  const uint32_t n = image_number(c, IMAGE_AT_N_ANCHORS);
  const char *table = c->image.ptr + image_number(c, IMAGE_AT_FIRST_ANCHORS);
  for (size_t at = 0; n > 0 && at + 4 <= s.text.len; at++) {
    const char *first = table + (size_t)image_run_slot(image_load(s.text.bytes + at)) * 4;
    for (uint32_t i = image_load(first); i < image_load(first + 4) && i < n; i++)
      try_anchor(&s, i, at);
  }
  *wording = s.wording;
  return s.best;
}

struct ehlo_entry ehlo_phrase_match(const struct ehlo_catalogue *c, struct ehlo_slice text, int code,
                                    struct ehlo_enhanced enhanced, enum ehlo_phase phase) {
  const struct phrase_context in = {.code = code, .enhanced = enhanced, .phase = phase};
  struct ehlo_slice wording;
  return phrase_find(c, text, &in, &wording);
}
