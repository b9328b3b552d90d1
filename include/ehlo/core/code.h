/* Owns: what a person may write for a code, and an answer for every well-formed one: from the catalogue, else from its
 * digits, and marked so. Callers: bindings, compare, explain. */
#ifndef EHLO_CORE_CODE_H
#define EHLO_CORE_CODE_H

#include "ehlo/base/buf.h"
#include "ehlo/core/catalogue.h"

/* What one argument names. "521" a reply, "5.7.1" enhanced, "550/5.1.1", "550 5.1.1" or "550-5.1.1" a pair. */
struct ehlo_code {
  int reply; /* 0 for none */
  struct ehlo_enhanced enhanced;
};
/* EHLO_E_SYNTAX with a sentence in `why` for anything else (white space around it, signs, two replies, class 3 ...):
 * for example: "99" is no SMTP code: give three digits (521) or three parts (5.7.1). The input is escaped. */
int ehlo_code_read(struct ehlo_slice s, struct ehlo_code *out, struct ehlo_buf *why);

/* A card: an entry with what its digits say where the catalogue has none. */
struct ehlo_card {
  struct ehlo_entry entry;   /* what the catalogue has; may not exist, or hold no more than what a layer added */
  struct ehlo_entry sibling; /* from_digits: the same enhanced code in another class; may not exist */
  bool from_digits;          /* the catalogue has no entry: what no layer says is composed from the digits */
  char code[EHLO_ENHANCED_TEXT];
  bool enhanced; /* kind */
  struct ehlo_enhanced parts;
  int reply;
};
/* `code` names exactly one of both kinds (for a pair call it twice). */
void ehlo_card_of(const struct ehlo_catalogue *c, struct ehlo_code code, struct ehlo_card *out);
/* A field by name rules of the catalogue, composed where from_digits. Composed text is put into `scratch`, which is emptied first. */
struct ehlo_slice ehlo_card_string(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_buf *scratch);
uint32_t ehlo_card_items(const struct ehlo_card *card, enum ehlo_field f);
struct ehlo_slice ehlo_card_item(const struct ehlo_card *card, enum ehlo_field f, uint32_t k, struct ehlo_buf *scratch);

/* The entry as JSON object without envelope: every field of its kind, absent ones null, "phrases" listed, "from_digits". */
int ehlo_card_json(const struct ehlo_card *card, struct ehlo_buf *out);

/* The same for an entry of any kind; a phrase has fields of its own. */
int ehlo_entry_json(struct ehlo_entry e, struct ehlo_buf *out);

#endif
