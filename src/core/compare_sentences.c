/* Owns: the sentences of a comparison: headline, summary, when to use which. Callers: compare. Items that a sentence would treat
 * alike are grouped, so nothing is said twice; every sentence is made of whole clauses, so none reads as glued. */
#include "compare_private.h"

struct verb {
  const char *one, *several;
};

static int count(uint32_t set) {
  int n = 0;
  for (; set != 0; set &= set - 1)
    n++;
  return n;
}

static uint32_t everything(const struct ehlo_comparison *c) {
  return (1u << (unsigned)c->n_items) - 1;
}

/* "421, 450 and 451" */
static void add_codes(const struct ehlo_comparison *c, uint32_t set, const char *last, struct ehlo_buf *out) {
  const int n = count(set);
  for (int i = 0, k = 0; i < c->n_items; i++) {
    if ((set >> (unsigned)i & 1) == 0) continue;
    if (k > 0) (void)ehlo_buf_add_str(out, k + 1 == n ? last : ", ");
    (void)ehlo_buf_add_str(out, c->items[i].code);
    k++;
  }
}

static void add_all(const struct ehlo_comparison *c, bool capital, struct ehlo_buf *out) {
  static const char *const numbers[] = {"three", "four", "five", "six", "seven", "eight", "nine"};
  if (c->n_items == 2) {
    (void)ehlo_buf_add_str(out, capital ? "Both" : "both");
  } else if (c->n_items <= 9) {
    (void)ehlo_buf_addf(out, "%s %s", capital ? "All" : "all", numbers[c->n_items - 3]);
  } else {
    (void)ehlo_buf_add_str(out, capital ? "All of them" : "all of them");
  }
}

void compare_add_subject(const struct ehlo_comparison *c, uint32_t set, struct ehlo_buf *out) {
  if (set == everything(c)) {
    add_all(c, true, out);
  } else {
    add_codes(c, set, " and ", out);
  }
}

/* The items not yet said that belong with item `i`. */
static uint32_t group_of(const struct ehlo_comparison *c, int i, uint32_t said,
                         bool (*alike)(const struct ehlo_card *, const struct ehlo_card *)) {
  uint32_t set = 0;
  for (int k = i; k < c->n_items; k++) {
    if ((said >> (unsigned)k & 1) == 0 && alike(&c->items[i], &c->items[k])) set |= 1u << (unsigned)k;
  }
  return set;
}

static void space(struct ehlo_buf *out) {
  if (out->len > 0) (void)ehlo_buf_add_char(out, ' ');
}

/* ---- kind ---- */

static bool same_class(const struct ehlo_card *a, const struct ehlo_card *b) {
  return compare_class(a) == compare_class(b);
}

static const struct verb kinds[6] = {
    [2] = {"reports success", "report success"},
    [3] = {"asks for more input", "ask for more input"},
    [4] = {"refuses for now", "refuse for now"},
    [5] = {"refuses for good", "refuse for good"},
};

static void add_kind(const struct ehlo_card *card, bool plural, struct ehlo_buf *out) {
  const struct verb *v = &kinds[compare_class(card) % 6];
  (void)ehlo_buf_add_str(out, plural ? v->several : v->one);
}

static bool same_moment(const struct ehlo_card *a, const struct ehlo_card *b) {
  struct ehlo_buf left, right;
  ehlo_buf_init(&left, 512);
  ehlo_buf_init(&right, 512);
  compare_add_moment(a, false, &left);
  compare_add_moment(b, false, &right);
  const bool same = ehlo_slice_equal(ehlo_buf_slice(&left), ehlo_buf_slice(&right));
  ehlo_buf_fini(&left);
  ehlo_buf_fini(&right);
  return same;
}

/* "421 and 450 refuse for now; 550 refuses for good" without its full stop. */
static void add_clauses(const struct ehlo_comparison *c,
                        bool (*alike)(const struct ehlo_card *, const struct ehlo_card *),
                        void (*predicate)(const struct ehlo_card *, bool, struct ehlo_buf *), struct ehlo_buf *out) {
  uint32_t said = 0;
  for (int i = 0; i < c->n_items; i++) {
    if ((said >> (unsigned)i & 1) != 0) continue;
    const uint32_t set = group_of(c, i, said, alike);
    if (said != 0) (void)ehlo_buf_add_str(out, "; ");
    compare_add_subject(c, set, out);
    (void)ehlo_buf_add_char(out, ' ');
    predicate(&c->items[i], count(set) > 1, out);
    said |= set;
  }
}

static bool all_alike(const struct ehlo_comparison *c,
                      bool (*alike)(const struct ehlo_card *, const struct ehlo_card *)) {
  return group_of(c, 0, 0, alike) == everything(c);
}

/* "Both refuse for good, and both answer RCPT." or a sentence for each. */
static void say_kind_and_moment(struct ehlo_comparison *c) {
  struct ehlo_buf *out = &c->summary;
  const bool one_kind = all_alike(c, same_class), one_moment = all_alike(c, same_moment);
  add_clauses(c, same_class, add_kind, out);
  if (one_kind && one_moment) {
    (void)ehlo_buf_add_str(out, ", and ");
    add_all(c, false, out);
    (void)ehlo_buf_add_char(out, ' ');
    compare_add_moment(&c->items[0], true, out);
    (void)ehlo_buf_add_char(out, '.');
    return;
  }
  (void)ehlo_buf_add_str(out, ". ");
  if (c->n_items == 2 && compare_never_meet(&c->items[0], &c->items[1])) {
    (void)ehlo_buf_add_str(out, "They are never alternatives: ");
  }
  add_clauses(c, same_moment, compare_add_moment, out);
  (void)ehlo_buf_add_char(out, '.');
}

/* ---- pairs ---- */

static bool lists(const struct ehlo_card *card, enum ehlo_field f, const char *code) {
  for (uint32_t k = 0; k < ehlo_card_items(card, f); k++) {
    if (ehlo_slice_equal(ehlo_card_item(card, f, k, NULL), ehlo_slice_str(code))) return true;
  }
  return false;
}

static void say_pair(struct ehlo_comparison *c) {
  if (c->n_items != 2 || strcmp(c->kind, "mixed") != 0) return;
  const struct ehlo_card *reply = &c->items[c->items[0].enhanced ? 1 : 0];
  const struct ehlo_card *enhanced = &c->items[c->items[0].enhanced ? 0 : 1];
  (void)ehlo_buf_addf(&c->summary, " %s is a reply code, %s an enhanced code that stands behind one", reply->code,
                      enhanced->code);
  if (lists(reply, EHLO_FIELD_ENHANCED, enhanced->code) || lists(enhanced, EHLO_FIELD_REPLIES, reply->code)) {
    (void)ehlo_buf_addf(&c->summary, ": %s %s is often met", reply->code, enhanced->code);
  }
  (void)ehlo_buf_add_char(&c->summary, '.');
}

/* ---- headline ---- */

static int classes_of(const struct ehlo_comparison *c, uint32_t sets[6]) {
  int n = 0;
  for (int i = 0; i < c->n_items; i++) {
    const int class = compare_class(&c->items[i]) % 6;
    n += sets[class] == 0;
    sets[class] |= 1u << (unsigned)i;
  }
  return n;
}

static bool is(const struct ehlo_card *card, enum ehlo_field f, const char *word) {
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, 1024);
  const bool same = ehlo_slice_equal(ehlo_card_string(card, f, &scratch), ehlo_slice_str(word));
  ehlo_buf_fini(&scratch);
  return same;
}

static bool all_are(const struct ehlo_comparison *c, uint32_t set, enum ehlo_field f, const char *word) {
  for (int i = 0; i < c->n_items; i++) {
    if ((set >> (unsigned)i & 1) != 0 && !is(&c->items[i], f, word)) return false;
  }
  return true;
}

static void say_one_class(struct ehlo_comparison *c, int class) {
  static const char *const verdicts[6] = {
      [2] = " successful: nothing to repair",
      [3] = " asking for more: send what the server waits for",
      [4] = " temporary: keep the mail queued",
      [5] = " permanent: change something before the next try",
  };
  add_all(c, true, &c->headline);
  if (class == 4 && !all_are(c, everything(c), EHLO_FIELD_RETRY, "yes")) {
    (void)ehlo_buf_add_str(&c->headline, " temporary by the first digit: let the text decide");
  } else {
    (void)ehlo_buf_add_str(&c->headline, verdicts[class] ? verdicts[class] : " unknown");
  }
}

static void say_headline(struct ehlo_comparison *c) {
  static const char *const nouns[6] = {
      [2] = "a success", [3] = "a request for more", [4] = "a temporary refusal", [5] = "a permanent refusal"};
  uint32_t sets[6] = {0};
  const int n = classes_of(c, sets);
  const int first = compare_class(&c->items[0]) % 6;
  struct ehlo_buf *out = &c->headline;
  if (n == 1) {
    say_one_class(c, first);
  } else if (n == 2 && sets[4] && sets[5] && all_are(c, sets[4], EHLO_FIELD_RETRY, "yes")) {
    (void)ehlo_buf_add_str(out, "Retry ");
    add_codes(c, sets[4], " and ", out);
    (void)ehlo_buf_add_str(out, ", but not ");
    add_codes(c, sets[5], " or ", out);
  } else if (c->n_items == 2) {
    const int second = compare_class(&c->items[1]) % 6;
    (void)ehlo_buf_addf(out, "%s is %s, %s %s", c->items[0].code, nouns[first], c->items[1].code, nouns[second]);
  } else {
    (void)ehlo_buf_add_str(out, "Not alike: ");
    for (int class = 2, k = 0; class <= 5; class ++) {
      if (sets[class] == 0) continue;
      if (k++ > 0) (void)ehlo_buf_add_str(out, k == n ? " and " : ", ");
      (void)ehlo_buf_add_str(out, nouns[class]);
    }
  }
}

/* ---- when to use which: the server's side ---- */

static const char *const occasions[6] = {
    [2] = "once the request has succeeded",
    [3] = "while it waits for more",
    [4] = "while the trouble may pass",
    [5] = "when waiting will not help",
};

static uint32_t registered(const struct ehlo_comparison *c) {
  uint32_t set = 0;
  for (int i = 0; i < c->n_items; i++) {
    if (!c->items[i].from_digits && is(&c->items[i], EHLO_FIELD_STATUS, "standard")) set |= 1u << (unsigned)i;
  }
  return set;
}

static void say_by_class(struct ehlo_comparison *c) {
  uint32_t sets[6] = {0};
  const int n = classes_of(c, sets);
  struct ehlo_buf *out = &c->when_to_use;
  (void)ehlo_buf_add_str(out, "A server sends ");
  for (int class = 2, k = 0; class <= 5; class ++) {
    if (sets[class] == 0) continue;
    if (k++ > 0) (void)ehlo_buf_add_str(out, k == n ? ", and " : ", ");
    add_codes(c, sets[class], " or ", out);
    const bool alone = class == 5 && sets[4] == 0;
    (void)ehlo_buf_addf(out, " %s", alone ? "when it refuses, now and later" : occasions[class]);
  }
  (void)ehlo_buf_add_char(out, '.');
}

static void say_by_name(struct ehlo_comparison *c, uint32_t set) {
  struct ehlo_buf *out = &c->when_to_use, scratch;
  const int n = count(set);
  ehlo_buf_init(&scratch, 1024);
  (void)ehlo_buf_add_str(out, "A server picks ");
  for (int i = 0, k = 0; i < c->n_items; i++) {
    if ((set >> (unsigned)i & 1) == 0) continue;
    if (k++ > 0) (void)ehlo_buf_add_str(out, k == n ? " and " : ", ");
    (void)ehlo_buf_addf(out, "%s for \"", c->items[i].code);
    (void)ehlo_buf_add_slice(out, ehlo_card_string(&c->items[i], EHLO_FIELD_NAME, &scratch));
    (void)ehlo_buf_add_char(out, '"');
  }
  (void)ehlo_buf_add_char(out, '.');
  ehlo_buf_fini(&scratch);
}

/* "511 and 512 are in no standard" and its like, a sentence for each of the three conditions. */
static void say_standing(struct ehlo_comparison *c) {
  static const struct {
    const char *one, *several;
  } rows[] = {
      {" is obsolete, and new software should not send it.", " are obsolete, and new software should not send them."},
      {" is outside the standards: go by the text behind it.",
       " are outside the standards: go by the text behind them."},
      {" is registered nowhere: only its digits speak.", " are registered nowhere: only their digits speak."},
  };
  uint32_t sets[3] = {0};
  for (int i = 0; i < c->n_items; i++) {
    const struct ehlo_card *card = &c->items[i];
    const int row = card->from_digits                            ? 2
                    : is(card, EHLO_FIELD_STATUS, "nonstandard") ? 1
                    : is(card, EHLO_FIELD_STATUS, "obsolete")    ? 0
                                                                 : -1;
    if (row >= 0) sets[row] |= 1u << (unsigned)i;
  }
  for (int row = 0; row < 3; row++) {
    if (sets[row] == 0) continue;
    space(&c->when_to_use);
    compare_add_subject(c, sets[row], &c->when_to_use);
    (void)ehlo_buf_add_str(&c->when_to_use, count(sets[row]) > 1 ? rows[row].several : rows[row].one);
  }
}

static void say_server(struct ehlo_comparison *c) {
  const uint32_t set = registered(c);
  if (!all_alike(c, same_class)) {
    say_by_class(c);
  } else if (count(set) > 1 && !compare_same(&c->items[0], &c->items[1], EHLO_FIELD_NAME)) {
    say_by_name(c, set);
  }
  say_standing(c);
}

/* ---- when to use which: the reader's side ---- */

static bool same_advice(const struct ehlo_card *a, const struct ehlo_card *b) {
  const int class = compare_class(a);
  if (class != compare_class(b)) return false;
  return class <= 3 || (compare_same(a, b, EHLO_FIELD_RETRY) && compare_same(a, b, EHLO_FIELD_ACTS));
}

struct advice {
  const char *retry, *acts; /* "" for any */
  const char *text;
};
static const struct advice advices[] = {
    {"yes", "nobody", "keep the mail queued: nobody has to act."},
    {"yes", "sender", "keep the mail queued; if it lasts, the sender has to act."},
    {"yes", "recipient", "keep the mail queued; if it lasts, the recipient has to act."},
    {"yes", "sending-admin", "keep the mail queued; if it lasts, the sending administrator has to act."},
    {"yes", "receiving-admin", "keep the mail queued; if it lasts, the receiving administrator has to act."},
    {"yes", "forwarder", "keep the mail queued; if it lasts, whoever forwards the mail has to act."},
    {"yes", "network", "keep the mail queued; if it lasts, whoever runs the network between the hosts has to act."},
    {"no", "nobody", "do not try again: there is nothing to act on."},
    {"no", "sender", "do not try again before the sender has acted."},
    {"no", "recipient", "do not try again before the recipient has acted."},
    {"no", "sending-admin", "do not try again before the sending administrator has acted."},
    {"no", "receiving-admin", "do not try again before the receiving administrator has acted."},
    {"no", "forwarder", "do not try again before whoever forwards the mail has acted."},
    {"no", "network", "do not try again before the network between the hosts has been mended."},
    {"unclear", "nobody", "let the text say whether to try again."},
    {"unclear", "sender", "let the text say whether to try again; it is the sender who acts."},
    {"unclear", "recipient", "let the text say whether to try again; it is the recipient who acts."},
    {"unclear", "sending-admin", "let the text say whether to try again; it is the sending administrator who acts."},
    {"unclear", "receiving-admin",
     "let the text say whether to try again; it is the receiving administrator who acts."},
    {"unclear", "", "let the text say whether to try again, and who has to act."},
};

static const char *advice_on(const struct ehlo_card *card) {
  if (compare_class(card) == 2) return "go on: there is nothing to repair.";
  if (compare_class(card) == 3) return "send what the server waits for.";
  for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
    if (!is(card, EHLO_FIELD_RETRY, advices[i].retry)) continue;
    if (advices[i].acts[0] == '\0' || is(card, EHLO_FIELD_ACTS, advices[i].acts)) return advices[i].text;
  }
  return "let the text say what to do.";
}

static void say_reader(struct ehlo_comparison *c) {
  struct ehlo_buf *out = &c->when_to_use;
  uint32_t said = 0;
  for (int i = 0; i < c->n_items; i++) {
    if ((said >> (unsigned)i & 1) != 0) continue;
    const uint32_t set = group_of(c, i, said, same_advice);
    space(out);
    if (set == everything(c)) {
      (void)ehlo_buf_add_str(out, c->n_items == 2 ? "On either" : "On any of them");
    } else {
      (void)ehlo_buf_add_str(out, "On ");
      add_codes(c, set, " or ", out);
    }
    (void)ehlo_buf_addf(out, ", %s", advice_on(&c->items[i]));
    said |= set;
  }
}

void compare_say(struct ehlo_comparison *c) {
  if (c->n_items == 1 || (c->n_items == 2 && strcmp(c->items[0].code, c->items[1].code) == 0)) {
    (void)ehlo_buf_add_str(&c->headline, "The same code given twice");
    (void)ehlo_buf_addf(&c->summary, "%s does not differ from itself.", c->items[0].code);
    (void)ehlo_buf_addf(&c->when_to_use, "On %s, %s", c->items[0].code, advice_on(&c->items[0]));
    return;
  }
  say_headline(c);
  say_kind_and_moment(c);
  say_pair(c);
  const char *note = c->n_items == 2 ? compare_note(c->items[0].code, c->items[1].code) : NULL;
  if (note) (void)ehlo_buf_addf(&c->summary, " %s", note);
  say_server(c);
  say_reader(c);
}
