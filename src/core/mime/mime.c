/* Owns: taking a mail apart with GMime, for the host functions that it is given. Called by core's mail reader through the Lua
 * layer, which opens this module on first use. It imports no symbol of the program. */
#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

#include "ehlo/core/mime.h"

__attribute__((visibility("default"))) int ehlo_mime_open(struct ehlo_mime_reader **out);

enum { TYPE_MAX = 80, CHARSETS = 8, KEEP = 1 << 16 };

/* A converter that stays open holds its charset's tables: the C library opens and closes them with the last one otherwise, for each
 * mail anew, which takes longer than the mail. */
struct charset {
  char name[TYPE_MAX];
  iconv_t held;
};

struct reader {
  struct ehlo_mime_reader face;
  GMimeParser *parser;
  GByteArray *decoded;
  struct charset charsets[CHARSETS];
  int n_charsets;
};

struct walk {
  const struct ehlo_mime_host *host;
  struct reader *reader;
  bool ended;
};

static void visit(struct walk *w, GMimeObject *object, GMimeObject *outer, int depth);

static void give_headers(struct walk *w, GMimeObject *object) {
  GMimeHeaderList *list = g_mime_object_get_header_list(object);
  const int n = g_mime_header_list_get_count(list);
  for (int i = 0; i < n; i++) {
    GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
    const char *name = g_mime_header_get_name(header);
    if (!name || !w->host->wants(w->host->to, name, strlen(name))) continue;
    const char *value = g_mime_header_get_value(header);
    if (value) w->host->header(w->host->to, name, strlen(name), value, strlen(value));
  }
}

static void give_bytes(struct walk *w, const char *bytes, size_t len, long wanted) {
  w->host->body(w->host->to, bytes, len < (size_t)wanted ? len : (size_t)wanted);
}

static bool is_ascii(const char *bytes, size_t len) {
  size_t i = 0;
  while (i < len && (unsigned char)bytes[i] < 0x80)
    i++;
  return i == len;
}

static bool is_utf8_part(GMimePart *part) {
  const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  return charset && g_ascii_strcasecmp(charset, "utf-8") == 0;
}

/* Of charsets that write ASCII as something else, or with something else, everything looks like ASCII. */
static bool is_shifting_part(GMimePart *part) {
  const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  return charset && (g_ascii_strncasecmp(charset, "iso-2022", 8) == 0 ||
                     g_ascii_strncasecmp(charset, "utf-7", 5) == 0 || g_ascii_strncasecmp(charset, "hz-", 3) == 0 ||
                     g_ascii_strncasecmp(charset, "unicode", 7) == 0 || g_ascii_strncasecmp(charset, "utf-16", 6) == 0);
}

static void hold_charset(struct reader *r, const char *name) {
  for (int i = 0; i < r->n_charsets; i++) {
    if (g_ascii_strcasecmp(r->charsets[i].name, name) == 0) return;
  }
  if (r->n_charsets == CHARSETS) return;
  struct charset *charset = &r->charsets[r->n_charsets];
  if (g_strlcpy(charset->name, name, sizeof charset->name) >= sizeof charset->name) return;
  charset->held = g_mime_iconv_open("utf-8", g_mime_charset_iconv_name(name));
  r->n_charsets++; /* one that is not known also: it is not asked for again */
}

static void give_converted(struct walk *w, GMimePart *part, long wanted) {
  const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  if (charset) hold_charset(w->reader, charset);
  char *converted = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
  if (converted) give_bytes(w, converted, strlen(converted), wanted);
  g_free(converted);
}

/* Converting costs more than reading, and most text needs none. */
static bool is_plain(GMimePart *part, const char *bytes, size_t len) {
  return !GMIME_IS_TEXT_PART(part) || (!is_shifting_part(part) && (is_utf8_part(part) || is_ascii(bytes, len)));
}

/* The bytes of the content without a copy, where it is not encoded: a piece of the mail that the parser reads. */
static bool bytes_in_place(GMimeDataWrapper *content, const char **bytes, size_t *len) {
  GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
  const GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
  if (!GMIME_IS_STREAM_MEM(stream) || encoding == GMIME_CONTENT_ENCODING_BASE64 ||
      encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE || encoding == GMIME_CONTENT_ENCODING_UUENCODE)
    return false;
  const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  const gint64 begin = stream->bound_start, end = stream->bound_end < 0 ? (gint64)array->len : stream->bound_end;
  if (begin < 0 || begin > end || end > (gint64)array->len) return false;
  *bytes = (const char *)array->data + begin;
  *len = (size_t)(end - begin);
  return true;
}

static void decode(struct reader *r, GMimeDataWrapper *content, const char **bytes, size_t *len) {
  g_byte_array_set_size(r->decoded, 0);
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(r->decoded);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  (void)g_mime_data_wrapper_write_to_stream(content, stream);
  g_object_unref(stream);
  *bytes = (const char *)r->decoded->data;
  *len = r->decoded->len;
}

static void give_body(struct walk *w, GMimePart *part, long wanted) {
  GMimeDataWrapper *content = g_mime_part_get_content(part);
  const char *bytes = NULL;
  size_t len = 0;
  if (!content) return;
  if (!bytes_in_place(content, &bytes, &len)) decode(w->reader, content, &bytes, &len);
  if (is_plain(part, bytes, len)) {
    give_bytes(w, bytes, len, wanted);
  } else {
    give_converted(w, part, wanted);
  }
}

/* "text/plain" in small letters; a type that does not fit is one that nobody looks for. */
static size_t name_of(GMimeContentType *type, char out[TYPE_MAX]) {
  const char *media = type ? g_mime_content_type_get_media_type(type) : NULL;
  const char *subtype = type ? g_mime_content_type_get_media_subtype(type) : NULL;
  const int len = g_snprintf(out, TYPE_MAX, "%s/%s", media ? media : "text", subtype ? subtype : "plain");
  for (char *p = out; *p; p++)
    *p = g_ascii_tolower(*p);
  return len < 0 ? 0 : MIN((size_t)len, (size_t)TYPE_MAX - 1);
}

static long give_part(struct walk *w, GMimeObject *object, GMimeObject *outer, int depth) {
  char name[TYPE_MAX];
  const size_t len = name_of(g_mime_object_get_content_type(object), name);
  const long wanted = w->host->part(w->host->to, depth, name, len);
  w->ended = wanted < 0;
  if (w->ended) return wanted;
  if (outer) give_headers(w, outer);
  give_headers(w, object);
  return wanted;
}

static void visit_message(struct walk *w, GMimeMessage *message, int depth) {
  GMimeObject *inner = message ? g_mime_message_get_mime_part(message) : NULL;
  if (inner) visit(w, inner, GMIME_OBJECT(message), depth);
}

/* `outer` is the message that has this object as its whole content: its headers count as the object's. */
static void visit(struct walk *w, GMimeObject *object, GMimeObject *outer, int depth) {
  if (w->ended || depth >= EHLO_MIME_DEPTH) return;
  const long wanted = give_part(w, object, outer, depth);
  if (w->ended) return;
  if (GMIME_IS_MULTIPART(object)) {
    const int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));
    for (int i = 0; i < n && !w->ended; i++)
      visit(w, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), NULL, depth + 1);
  } else if (GMIME_IS_MESSAGE_PART(object)) {
    visit_message(w, g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), depth + 1);
  } else if (GMIME_IS_PART(object) && wanted > 0) {
    give_body(w, GMIME_PART(object), wanted);
  }
}

/* The words "=?charset?" of a header, before GMime decodes them. */
static void hold_charsets(struct reader *r, const char *bytes, size_t len) {
  char name[TYPE_MAX];
  const char *at = bytes, *const end = bytes + len;
  while (r->n_charsets < CHARSETS && (at = memchr(at, '?', (size_t)(end - at))) != NULL) {
    const bool begins = at > bytes && at[-1] == '=';
    size_t n = 0;
    for (at++; begins && at < end && n + 1 < sizeof name && (g_ascii_isalnum(*at) || *at == '-' || *at == '_'); at++)
      name[n++] = *at;
    name[n] = '\0';
    if (n > 0 && at < end && *at == '?') hold_charset(r, name);
  }
}

static GMimeParser *parser_of(struct reader *r, const char *bytes, size_t len) {
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
  if (!r->parser) {
    r->parser = g_mime_parser_new_with_stream(stream);
  } else {
    g_mime_parser_init_with_stream(r->parser, stream);
  }
  g_object_unref(stream);
  return r->parser;
}

/* As a part: as a message its addresses would be taken apart, for which nobody asks. A header that is damaged at its start is read as
 * a message's only. */
static GMimeObject *parse(struct reader *r, const char *bytes, size_t len) {
  GMimeObject *part = g_mime_parser_construct_part(parser_of(r, bytes, len), NULL);
  return part ? part : (GMimeObject *)g_mime_parser_construct_message(parser_of(r, bytes, len), NULL);
}

/* What a large mail took. */
static void forget(struct reader *r) {
  g_clear_object(&r->parser);
  g_byte_array_free(r->decoded, TRUE);
  r->decoded = g_byte_array_new();
}

static int reader_read(struct ehlo_mime_reader *face, const char *bytes, size_t len,
                       const struct ehlo_mime_host *host) {
  struct reader *r = (struct reader *)face;
  struct walk w = {host, r, false};
  hold_charsets(r, bytes, len);
  GMimeObject *mail = parse(r, bytes, len);
  if (!mail) return -1;
  if (GMIME_IS_MESSAGE(mail)) {
    visit_message(&w, GMIME_MESSAGE(mail), 0);
  } else {
    visit(&w, mail, NULL, 0);
  }
  g_object_unref(mail);
  if (len > KEEP) forget(r);
  return 0;
}

static void reader_close(struct ehlo_mime_reader *face) {
  struct reader *r = (struct reader *)face;
  for (int i = 0; i < r->n_charsets; i++) {
    if (r->charsets[i].held != (iconv_t)-1) (void)g_mime_iconv_close(r->charsets[i].held);
  }
  if (r->parser) g_object_unref(r->parser);
  g_byte_array_free(r->decoded, TRUE);
  g_free(r);
}

int ehlo_mime_open(struct ehlo_mime_reader **out) {
  struct reader *r = g_try_new0(struct reader, 1);
  if (!r) return -1;
  g_mime_init(); /* counts its calls; never undone, for the module stays */
  r->face = (struct ehlo_mime_reader){reader_read, reader_close};
  r->decoded = g_byte_array_new();
  *out = &r->face;
  return 0;
}
