/* Owns: when a code is said, in words: the commands of a reply code, the subject of an enhanced code. Callers: the sentences of
 * a comparison. */
#include "compare_private.h"

enum { NAMED_MAX = 5, NAMED_WHEN_MANY = 4, ABOVE_ALL_MAX = 3 };

struct verb {
  const char *one, *several;
};

static const struct verb subjects[] = {
    {"names no subject", "name no subject"},
    {"concerns an address", "concern an address"},
    {"concerns the mailbox", "concern the mailbox"},
    {"concerns the mail system", "concern the mail system"},
    {"concerns network and routing", "concern network and routing"},
    {"concerns the SMTP dialogue", "concern the SMTP dialogue"},
    {"concerns the content of the message", "concern the content of the message"},
    {"concerns security or policy", "concern security or policy"},
};
static const struct verb other_subject = {"has a subject that no registry lists",
                                          "have subjects that no registry lists"};

/* By the second digit of a reply code that is tied to no command. */
static const struct verb categories[] = {
    {"concerns the form of a command", "concern the form of a command"},
    {"gives information", "give information"},
    {"concerns the connection", "concern the connection"},
    {"is tied to no command", "are tied to no command"},
    {"is tied to no command", "are tied to no command"},
    {"concerns the mail system", "concern the mail system"},
};

static struct ehlo_slice command(const struct ehlo_card *card, uint32_t k) {
  return ehlo_card_item(card, EHLO_FIELD_COMMANDS, k, NULL);
}

static bool is(struct ehlo_slice s, const char *word) {
  return ehlo_slice_equal(s, ehlo_slice_str(word));
}

struct places {
  bool greeting, any;
  uint32_t named[32];
  uint32_t n;
};

static void sort_out(const struct ehlo_card *card, struct places *out) {
  *out = (struct places){.n = 0};
  for (uint32_t k = 0; k < ehlo_card_items(card, EHLO_FIELD_COMMANDS); k++) {
    if (is(command(card, k), "greeting")) {
      out->greeting = true;
    } else if (is(command(card, k), "any")) {
      out->any = true;
    } else if (out->n < sizeof out->named / sizeof out->named[0]) {
      out->named[out->n++] = k;
    }
  }
}

static void add_named(const struct ehlo_card *card, const struct places *p, struct ehlo_buf *out) {
  const bool many = p->n > NAMED_MAX;
  const uint32_t shown = many ? NAMED_WHEN_MANY : p->n;
  for (uint32_t i = 0; i < shown; i++) {
    const struct ehlo_slice word = command(card, p->named[i]);
    if (i > 0) (void)ehlo_buf_add_str(out, i + 1 == p->n ? " and " : ", ");
    if (is(word, "end-of-data")) {
      (void)ehlo_buf_add_str(out, "the end of data");
    } else {
      (void)ehlo_buf_add_slice(out, word);
    }
  }
  if (many) (void)ehlo_buf_add_str(out, " and more");
}

static void add_greeting(const struct ehlo_card *card, const struct places *p, bool plural, struct ehlo_buf *out) {
  if (compare_class(card) == 2) {
    (void)ehlo_buf_add_str(out, plural ? "greet the client" : "greets the client");
  } else if (p->any) {
    (void)ehlo_buf_add_str(out, "can stand in place of the greeting");
  } else {
    (void)ehlo_buf_add_str(out, plural ? "stand in place of the greeting" : "stands in place of the greeting");
  }
  if (p->any || p->n > 0) (void)ehlo_buf_add_str(out, " or ");
}

static void add_reply_moment(const struct ehlo_card *card, bool plural, struct ehlo_buf *out) {
  struct places p;
  sort_out(card, &p);
  if (p.greeting) add_greeting(card, &p, plural, out);
  if (p.any && (p.n == 0 || p.n > ABOVE_ALL_MAX || p.greeting)) {
    (void)ehlo_buf_add_str(out, p.greeting ? "answer any command" : "can answer any command");
  } else if (p.n > 0) {
    (void)ehlo_buf_add_str(out, plural ? "answer " : "answers ");
    add_named(card, &p, out);
    if (p.any) (void)ehlo_buf_add_str(out, " above all");
  } else if (!p.greeting) {
    const struct verb *v = &categories[card->reply / 10 % 10 % 6];
    (void)ehlo_buf_add_str(out, plural ? v->several : v->one);
  }
}

void compare_add_moment(const struct ehlo_card *card, bool plural, struct ehlo_buf *out) {
  if (!card->enhanced) {
    add_reply_moment(card, plural, out);
    return;
  }
  const struct verb *v =
      card->parts.subject < sizeof subjects / sizeof subjects[0] ? &subjects[card->parts.subject] : &other_subject;
  (void)ehlo_buf_add_str(out, plural ? v->several : v->one);
}

/* Both are tied to places, and share none: a client never meets one where the other could stand. */
bool compare_never_meet(const struct ehlo_card *a, const struct ehlo_card *b) {
  struct places left, right;
  if (a->enhanced || b->enhanced) return false;
  sort_out(a, &left);
  sort_out(b, &right);
  if ((left.greeting && right.greeting) || (left.any && right.any)) return false;
  if ((left.any && right.n > 0) || (right.any && left.n > 0)) return false;
  if (!(left.greeting || left.any || left.n > 0) || !(right.greeting || right.any || right.n > 0)) return false;
  for (uint32_t i = 0; i < left.n; i++) {
    for (uint32_t k = 0; k < right.n; k++) {
      if (ehlo_slice_equal(command(a, left.named[i]), command(b, right.named[k]))) return false;
    }
  }
  return true;
}
