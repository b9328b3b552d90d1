/* Owns: an entry or a card as a JSON object: the fields of its kind in a stable order, null where absent.
 * Callers: bindings, the comparison's JSON. */
#include "ehlo/base/error.h"
#include "ehlo/core/code.h"
#include "jsonout.h"

static const enum ehlo_field reply_fields[] = {
    EHLO_FIELD_CODE,     EHLO_FIELD_KIND,     EHLO_FIELD_NAME,      EHLO_FIELD_CLASS,  EHLO_FIELD_CATEGORY,
    EHLO_FIELD_MEANING,  EHLO_FIELD_WHEN,     EHLO_FIELD_FIX,       EHLO_FIELD_RETRY,  EHLO_FIELD_ACTS,
    EHLO_FIELD_COMMANDS, EHLO_FIELD_ENHANCED, EHLO_FIELD_STANDARDS, EHLO_FIELD_STATUS, EHLO_FIELD_SEE_ALSO,
    EHLO_FIELD_NOTES,    EHLO_FIELD_ORIGIN,   EHLO_FIELDS};
static const enum ehlo_field enhanced_fields[] = {
    EHLO_FIELD_CODE,     EHLO_FIELD_PATTERN,  EHLO_FIELD_KIND,    EHLO_FIELD_NAME,      EHLO_FIELD_CLASS,
    EHLO_FIELD_CATEGORY, EHLO_FIELD_MEANING,  EHLO_FIELD_WHEN,    EHLO_FIELD_FIX,       EHLO_FIELD_RETRY,
    EHLO_FIELD_ACTS,     EHLO_FIELD_COMMANDS, EHLO_FIELD_REPLIES, EHLO_FIELD_STANDARDS, EHLO_FIELD_STATUS,
    EHLO_FIELD_SEE_ALSO, EHLO_FIELD_NOTES,    EHLO_FIELD_ORIGIN,  EHLO_FIELDS};
static const enum ehlo_field phrase_fields[] = {
    EHLO_FIELD_ID,     EHLO_FIELD_KIND,     EHLO_FIELD_TEXT,     EHLO_FIELD_ALSO,     EHLO_FIELD_CODE,
    EHLO_FIELD_CODES,  EHLO_FIELD_ENHANCED, EHLO_FIELD_COMMANDS, EHLO_FIELD_PROVIDER, EHLO_FIELD_DIRECTION,
    EHLO_FIELD_CAUSE,  EHLO_FIELD_RETRY,    EHLO_FIELD_ACTS,     EHLO_FIELD_MEANING,  EHLO_FIELD_FIX,
    EHLO_FIELD_SOURCE, EHLO_FIELD_NOTES,    EHLO_FIELD_ORIGIN,   EHLO_FIELDS};

/* "5321 4.2.3" as {"rfc": 5321, "section": "4.2.3"}. */
static void add_standard(struct ehlo_buf *out, struct ehlo_slice s) {
  size_t space = 0;
  while (space < s.len && ehlo_is_digit((unsigned char)s.ptr[space]))
    space++;
  json_comma(out);
  (void)ehlo_buf_add_str(out, "{\"rfc\":");
  if (space == 0) {
    (void)ehlo_buf_add_str(out, "null");
  } else {
    (void)ehlo_buf_add(out, s.ptr, space);
  }
  const size_t section = space < s.len ? space + 1 : s.len;
  json_pair(out, "section", ehlo_slice_of(s.ptr + section, s.len - section));
  (void)ehlo_buf_add_char(out, '}');
}

static void add_list(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_buf *scratch, struct ehlo_buf *out) {
  const uint32_t n = ehlo_card_items(card, f);
  if (n == 0) {
    (void)ehlo_buf_add_str(out, "null");
    return;
  }
  (void)ehlo_buf_add_char(out, '[');
  for (uint32_t k = 0; k < n; k++) {
    const struct ehlo_slice item = ehlo_card_item(card, f, k, scratch);
    if (ehlo_field_rows[f].type == EHLO_TYPE_STANDARDS) {
      add_standard(out, item);
    } else {
      json_item(out, item);
    }
  }
  (void)ehlo_buf_add_char(out, ']');
}

static void add_fields(const struct ehlo_card *card, const enum ehlo_field *fields, struct ehlo_buf *out) {
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, 4096);
  for (size_t i = 0; fields[i] != EHLO_FIELDS; i++) {
    json_key(out, ehlo_field_rows[fields[i]].name);
    /* a phrase may go with several enhanced codes, its `enhanced` is the first as its `code` is */
    const bool first_only = fields == phrase_fields && fields[i] == EHLO_FIELD_ENHANCED;
    if (ehlo_field_rows[fields[i]].type == EHLO_TYPE_STRING || first_only) {
      json_text(out, ehlo_card_string(card, fields[i], &scratch));
    } else {
      add_list(card, fields[i], &scratch, out);
    }
    if (scratch.error && !out->error) out->error = scratch.error;
  }
  ehlo_buf_fini(&scratch);
}

static bool is_phrase(struct ehlo_entry e) {
  return ehlo_slice_equal(ehlo_entry_string(e, EHLO_FIELD_KIND), ehlo_slice_str("phrase"));
}

static void add_phrase(struct ehlo_entry e, struct ehlo_buf *out) {
  const struct ehlo_card card = {.entry = e};
  json_comma(out);
  (void)ehlo_buf_add_char(out, '{');
  add_fields(&card, phrase_fields, out);
  json_bool(out, "names_provider", ehlo_entry_names_provider(e));
  json_bool(out, "stale", ehlo_entry_is_stale(e));
  (void)ehlo_buf_add_char(out, '}');
}

static void add_phrases(struct ehlo_entry e, struct ehlo_buf *out) {
  json_key(out, "phrases");
  (void)ehlo_buf_add_char(out, '[');
  for (int32_t k = 0;; k++) {
    const struct ehlo_entry phrase = ehlo_catalogue_phrase_of(e, k);
    if (!ehlo_entry_exists(phrase)) break;
    add_phrase(phrase, out);
  }
  (void)ehlo_buf_add_char(out, ']');
}

int ehlo_card_json(const struct ehlo_card *card, struct ehlo_buf *out) {
  (void)ehlo_buf_add_char(out, '{');
  add_fields(card, card->enhanced ? enhanced_fields : reply_fields, out);
  json_bool(out, "stale", ehlo_entry_is_stale(card->entry));
  add_phrases(card->entry, out);
  json_bool(out, "from_digits", card->from_digits);
  return ehlo_buf_add_char(out, '}');
}

int ehlo_entry_json(struct ehlo_entry e, struct ehlo_buf *out) {
  if (!ehlo_entry_exists(e)) return EHLO_E_ARGUMENT;
  if (!is_phrase(e)) {
    const bool enhanced = ehlo_entry_items(e, EHLO_FIELD_PATTERN) > 0;
    const struct ehlo_card card = {.entry = e, .enhanced = enhanced};
    return ehlo_card_json(&card, out);
  }
  add_phrase(e, out);
  return out->error;
}
