/* Owns: taking a mail apart with GMime, for the host functions that it is given. Called by core's mail reader through the Lua
 * layer, which opens this module on first use. It imports no symbol of the program. */
#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

#include "ehlo/core/mime.h"

__attribute__((visibility("default"))) int ehlo_mime_read(const char *bytes, size_t len,
                                                          const struct ehlo_mime_host *host);

enum { TYPE_MAX = 80 };

struct walk {
  const struct ehlo_mime_host *host;
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

static bool is_ascii(const GByteArray *bytes) {
  guint i = 0;
  while (i < bytes->len && bytes->data[i] < 0x80)
    i++;
  return i == bytes->len;
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

static void give_body(struct walk *w, GMimePart *part, long wanted) {
  GMimeDataWrapper *content = g_mime_part_get_content(part);
  if (!content) return;
  GByteArray *array = g_byte_array_new();
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  (void)g_mime_data_wrapper_write_to_stream(content, stream);
  const bool text = GMIME_IS_TEXT_PART(part);
  /* converting costs more than reading, and most text needs none */
  if (!text || (!is_shifting_part(part) && (is_utf8_part(part) || is_ascii(array)))) {
    give_bytes(w, (const char *)array->data, array->len, wanted);
  } else {
    char *converted = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    if (converted) give_bytes(w, converted, strlen(converted), wanted);
    g_free(converted);
  }
  g_object_unref(stream);
  g_byte_array_free(array, TRUE);
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

int ehlo_mime_read(const char *bytes, size_t len, const struct ehlo_mime_host *host) {
  struct walk w = {host, false};
  g_mime_init(); /* counts its calls; never undone, for the module stays */
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  g_object_unref(parser);
  if (!message) return -1;
  visit_message(&w, message, 0);
  g_object_unref(message);
  return 0;
}
