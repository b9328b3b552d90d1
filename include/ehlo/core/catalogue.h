/* Owns: reading a catalogue image: entries of reply codes, enhanced codes and phrases, laid out by the builder so that
 * opening costs nothing and a field is a bounded read at a fixed place. Callers: look-up, explain, compare, search.
 * The same form serves the built-in catalogue and downloaded ones mapped from disk. */
#ifndef EHLO_CORE_CATALOGUE_H
#define EHLO_CORE_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/core/enhanced.h"

enum ehlo_field {
  EHLO_FIELD_CODE,
  EHLO_FIELD_ID,
  EHLO_FIELD_KIND,
  EHLO_FIELD_PATTERN,
  EHLO_FIELD_NAME,
  EHLO_FIELD_CLASS,
  EHLO_FIELD_CATEGORY,
  EHLO_FIELD_MEANING,
  EHLO_FIELD_WHEN,
  EHLO_FIELD_FIX,
  EHLO_FIELD_RETRY,
  EHLO_FIELD_ACTS,
  EHLO_FIELD_STATUS,
  EHLO_FIELD_TEXT,
  EHLO_FIELD_PROVIDER,
  EHLO_FIELD_CAUSE,
  EHLO_FIELD_SOURCE,
  EHLO_FIELD_DIRECTION,
  EHLO_FIELD_COMMANDS,
  EHLO_FIELD_ENHANCED,
  EHLO_FIELD_REPLIES,
  EHLO_FIELD_CODES,
  EHLO_FIELD_SEE_ALSO,
  EHLO_FIELD_NOTES,
  EHLO_FIELD_ALSO,      /* other wordings of a phrase */
  EHLO_FIELD_STANDARDS, /* a list of "rfc section" strings: "5321 4.2.3", section may be missing */
  EHLO_FIELD_ORIGIN,    /* which layers made it: "built-in, organisation acme" */
  EHLO_FIELDS
};
enum ehlo_field_type { EHLO_TYPE_STRING, EHLO_TYPE_LIST, EHLO_TYPE_STANDARDS };
struct ehlo_field_row {
  const char *name; /* as in JSON and Lua */
  enum ehlo_field_type type;
};
extern const struct ehlo_field_row ehlo_field_rows[EHLO_FIELDS];
int ehlo_field_from(struct ehlo_slice name); /* enum ehlo_field or -1 */

struct ehlo_catalogue {
  struct ehlo_slice image;
  uint64_t version;
  struct ehlo_slice stale; /* the layers that are beyond their date, as entries name them, a line each */
};
/* An entry is a handle: cheap to copy, valid as long as the image. index < 0: none. */
struct ehlo_entry {
  const struct ehlo_catalogue *catalogue;
  int32_t index;
};

/* Checks the header in constant time. EHLO_E_SYNTAX where it is no image of this format. */
int ehlo_catalogue_open(struct ehlo_slice image, struct ehlo_catalogue *out);
/* The one that was built in. Never fails; constant time. */
const struct ehlo_catalogue *ehlo_catalogue_builtin(void);
/* The JSON document that it was made from. */
struct ehlo_slice ehlo_catalogue_builtin_document(void);
/* "name", "issued", "expires" of the document; empty slices where absent. */
struct ehlo_slice ehlo_catalogue_about(const struct ehlo_catalogue *c, const char *key);

/* Entries in the order: replies by code, enhanced codes by subject, detail and class (one for each class), phrases by id. */
int32_t ehlo_catalogue_count(const struct ehlo_catalogue *c);
struct ehlo_entry ehlo_catalogue_entry(const struct ehlo_catalogue *c, int32_t index);
struct ehlo_entry ehlo_catalogue_reply(const struct ehlo_catalogue *c, int code);
struct ehlo_entry ehlo_catalogue_enhanced(const struct ehlo_catalogue *c, struct ehlo_enhanced code);
/* The same subject and detail in whatever class has it, 5 before 4 before 2. */
struct ehlo_entry ehlo_catalogue_enhanced_any(const struct ehlo_catalogue *c, struct ehlo_enhanced code);
struct ehlo_entry ehlo_catalogue_phrase(const struct ehlo_catalogue *c, struct ehlo_slice id);
/* The k-th phrase that carries the code of `e` (replies and enhanced codes), grouped by provider; none past the last. */
struct ehlo_entry ehlo_catalogue_phrase_of(struct ehlo_entry e, int32_t k);

static inline bool ehlo_entry_exists(struct ehlo_entry e) {
  return e.catalogue && e.index >= 0;
}
struct ehlo_slice ehlo_entry_string(struct ehlo_entry e, enum ehlo_field f); /* empty where absent */
uint32_t ehlo_entry_items(struct ehlo_entry e, enum ehlo_field f);
struct ehlo_slice ehlo_entry_item(struct ehlo_entry e, enum ehlo_field f, uint32_t k);
bool ehlo_entry_names_provider(struct ehlo_entry e);
/* Layers wrote about a code that no catalogue has: what they left out is for its digits to say. */
bool ehlo_entry_is_partial(struct ehlo_entry e);
/* How many of the notes, from the first on, were added by layers. */
uint32_t ehlo_entry_added_notes(struct ehlo_entry e);
/* Whether one of the layers that made it is beyond its date. */
bool ehlo_entry_is_stale(struct ehlo_entry e);

#endif
