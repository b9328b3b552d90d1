/* Owns: the answer for every well-formed code: the catalogue's entry, or what the digits say. Callers: bindings, compare,
 * explain. What is composed is marked from_digits and never speaks as if a standard did. */
#include <stdio.h>

#include "ehlo/core/code.h"
#include "ehlo/core/reply.h"
#include "image.h"

enum { ROW_CATEGORY = 4, CATEGORIES = 6, ROW_ENHANCED_CLASS = 10, ROW_SUBJECT = 13, SUBJECTS = 8 };

void ehlo_card_of(const struct ehlo_catalogue *c, struct ehlo_code code, struct ehlo_card *out) {
  *out = (struct ehlo_card){.entry = {c, -1}, .sibling = {c, -1}};
  if (code.reply != 0) {
    out->reply = code.reply;
    (void)snprintf(out->code, sizeof out->code, "%d", code.reply);
    out->entry = ehlo_catalogue_reply(c, code.reply);
  } else {
    out->enhanced = true;
    out->parts = code.enhanced;
    (void)ehlo_enhanced_format(code.enhanced, out->code);
    out->entry = ehlo_catalogue_enhanced(c, code.enhanced);
    if (!ehlo_entry_exists(out->entry)) out->sibling = ehlo_catalogue_enhanced_any(c, code.enhanced);
  }
  out->from_digits = !ehlo_entry_exists(out->entry) || ehlo_entry_is_partial(out->entry);
}

static uint32_t class_row(const struct ehlo_card *card) {
  if (!card->enhanced) return (uint32_t)(card->reply / 100 - 2) % 4;
  return ROW_ENHANCED_CLASS + (card->parts.class == 2 ? 0U : card->parts.class == 4 ? 1U : 2U);
}

/* 577: nobody defines a second digit beyond 5, but replies with one are met. */
static bool has_category(const struct ehlo_card *card) {
  return card->enhanced || card->reply / 10 % 10 < CATEGORIES;
}

static uint32_t category_row(const struct ehlo_card *card) {
  if (!card->enhanced) return ROW_CATEGORY + (uint32_t)(card->reply / 10 % 10) % CATEGORIES;
  return ROW_SUBJECT + (card->parts.subject < SUBJECTS ? card->parts.subject : SUBJECTS);
}

static struct ehlo_slice digit(const struct ehlo_card *card, uint32_t row, enum image_digit_column column) {
  return image_digit(card->entry.catalogue, row, column);
}

static void add_lower(struct ehlo_buf *out, struct ehlo_slice s) {
  for (size_t i = 0; i < s.len; i++)
    (void)ehlo_buf_add_char(out, (char)ehlo_to_lower((unsigned char)s.ptr[i]));
}

static bool has_registered_subject(const struct ehlo_card *card) {
  return !card->enhanced || card->parts.subject < SUBJECTS;
}

static void compose_name(const struct ehlo_card *card, struct ehlo_buf *out) {
  if (ehlo_entry_exists(card->sibling)) {
    (void)ehlo_buf_add_slice(out, ehlo_entry_string(card->sibling, EHLO_FIELD_NAME));
    (void)ehlo_buf_addf(out, ", undefined for class %d", card->parts.class);
    return;
  }
  if (!card->enhanced) {
    (void)ehlo_buf_addf(out, "Unregistered %dyz: ", card->reply / 100);
  } else if (has_registered_subject(card)) {
    (void)ehlo_buf_addf(out, "Unregistered %d.%d: ", card->parts.class, card->parts.subject);
  }
  if (!has_category(card)) {
    (void)ehlo_buf_add_str(out, "undefined second digit");
  } else if (has_registered_subject(card)) {
    const struct ehlo_slice category = digit(card, category_row(card), IMAGE_DIGIT_NAME);
    add_lower(out, category);
  } else {
    (void)ehlo_buf_add_slice(out, digit(card, category_row(card), IMAGE_DIGIT_NAME));
  }
}

static void compose_meaning(const struct ehlo_card *card, struct ehlo_buf *out) {
  (void)ehlo_buf_add_slice(out, digit(card, class_row(card), IMAGE_DIGIT_MEANING));
  (void)ehlo_buf_add_char(out, ' ');
  if (ehlo_entry_exists(card->sibling)) {
    (void)ehlo_buf_addf(out, "X.%d.%d is known as \"", card->parts.subject, card->parts.detail);
    (void)ehlo_buf_add_slice(out, ehlo_entry_string(card->sibling, EHLO_FIELD_NAME));
    (void)ehlo_buf_addf(out, "\", but not with a %d in front.", card->parts.class);
  } else if (has_category(card)) {
    (void)ehlo_buf_add_slice(out, digit(card, category_row(card), IMAGE_DIGIT_MEANING));
  } else {
    (void)ehlo_buf_addf(out, "No standard says what a second digit of %d stands for.", card->reply / 10 % 10);
  }
}

static void compose(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_buf *out) {
  switch (f) {
  case EHLO_FIELD_NAME: compose_name(card, out); break;
  case EHLO_FIELD_MEANING: compose_meaning(card, out); break;
  case EHLO_FIELD_WHEN:
    (void)ehlo_buf_addf(out, "No standard names %s, and no software is known to send it.", card->code);
    break;
  case EHLO_FIELD_PATTERN:
    if (card->enhanced) (void)ehlo_buf_addf(out, "X.%d.%d", card->parts.subject, card->parts.detail);
    break;
  case EHLO_FIELD_CATEGORY:
    if (has_registered_subject(card) && has_category(card)) {
      add_lower(out, digit(card, category_row(card), IMAGE_DIGIT_NAME));
    } else {
      (void)ehlo_buf_add_str(out, "unregistered");
    }
    break;
  default: break;
  }
}

static const char *class_word(const struct ehlo_card *card) {
  if (!card->enhanced) return ehlo_reply_class(card->reply);
  return card->parts.class == 2   ? "success"
         : card->parts.class == 4 ? "persistent-transient-failure"
                                  : "permanent-failure";
}

static struct ehlo_slice acts(const struct ehlo_card *card) {
  if (card->enhanced && card->parts.class == 2) return ehlo_slice_str("nobody");
  if (ehlo_entry_exists(card->sibling)) return ehlo_entry_string(card->sibling, EHLO_FIELD_ACTS);
  return digit(card, card->enhanced ? category_row(card) : class_row(card), IMAGE_DIGIT_ACTS);
}

struct ehlo_slice ehlo_card_string(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_buf *scratch) {
  if (ehlo_entry_exists(card->entry)) {
    const struct ehlo_slice said = ehlo_entry_string(card->entry, f);
    if (said.len > 0 || !card->from_digits) return said;
  }
  switch (f) {
  case EHLO_FIELD_CODE: return ehlo_slice_str(card->code);
  case EHLO_FIELD_KIND: return ehlo_slice_str(card->enhanced ? "enhanced" : "reply");
  case EHLO_FIELD_CLASS: return ehlo_slice_str(class_word(card));
  case EHLO_FIELD_STATUS: return ehlo_slice_str("nonstandard");
  case EHLO_FIELD_FIX: return digit(card, class_row(card), IMAGE_DIGIT_FIX);
  case EHLO_FIELD_RETRY: return digit(card, class_row(card), IMAGE_DIGIT_RETRY);
  case EHLO_FIELD_ACTS: return acts(card);
  default: break;
  }
  ehlo_buf_reset(scratch);
  compose(card, f, scratch);
  return scratch->error ? ehlo_slice_of("", 0) : ehlo_buf_slice(scratch);
}

uint32_t ehlo_card_items(const struct ehlo_card *card, enum ehlo_field f) {
  const uint32_t n = ehlo_entry_items(card->entry, f);
  if (n > 0 || !card->from_digits || f != EHLO_FIELD_STANDARDS) return n;
  const struct ehlo_catalogue *c = card->entry.catalogue;
  return image_count(c, image_digit_slot(c, class_row(card), IMAGE_DIGIT_STANDARDS));
}

struct ehlo_slice ehlo_card_item(const struct ehlo_card *card, enum ehlo_field f, uint32_t k,
                                 struct ehlo_buf *scratch) {
  (void)scratch;
  const bool said = ehlo_entry_items(card->entry, f) > 0;
  if (said || !card->from_digits || f != EHLO_FIELD_STANDARDS) return ehlo_entry_item(card->entry, f, k);
  const struct ehlo_catalogue *c = card->entry.catalogue;
  return image_string(c, image_item(c, image_digit_slot(c, class_row(card), IMAGE_DIGIT_STANDARDS), k));
}
