/* Owns: what the parts of compare share. Callers: compare*.c of core. */
#ifndef EHLO_CORE_COMPARE_PRIVATE_H
#define EHLO_CORE_COMPARE_PRIVATE_H

#include "ehlo/core/compare.h"

/* First digit: 2 to 5. */
int compare_class(const struct ehlo_card *card);
bool compare_same(const struct ehlo_card *a, const struct ehlo_card *b, enum ehlo_field f);
bool compare_never_meet(const struct ehlo_card *a, const struct ehlo_card *b);

/* "answers RCPT" or, for several, "answer RCPT"; empty where nothing is known. */
void compare_add_moment(const struct ehlo_card *card, bool plural, struct ehlo_buf *out);
/* "421, 450 and 451", "Both", "All three" */
void compare_add_subject(const struct ehlo_comparison *c, uint32_t set, struct ehlo_buf *out);

/* What a postmaster should know of two codes at once, or NULL. */
const char *compare_note(const char *a, const char *b);

/* Fills headline, summary and when_to_use. */
void compare_say(struct ehlo_comparison *c);

#endif
