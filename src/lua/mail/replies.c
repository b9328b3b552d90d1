/* Owns: a stream of replies, one after the other, explained or counted. Callers: scripts, through mail.replies. */
#include <string.h>

#include "ehlo/core/escape.h"
#include "ehlo/core/explain_memory.h"
#include "ehlo/core/log_explain.h"
#include "ehlo/core/tally.h"
#include "inner.h"

#define MEMORY "ehlo.replies.memory"

enum { JSON_MAX = 1 << 28, SET_BITS = 11, SETS = 1 << SET_BITS, WAYS = 2, SEEN = 1 << 14, LONGEST = 1024 };

/* Servers say the same again and again: what was told of a reply that came before is kept, with a copy of it. What comes but once is
 * only noted by its hash. */
struct known {
  struct ehlo_buf copy; /* the reply, then its line of NDJSON */
  size_t raw_len;       /* 0 for none */
  bool counted;         /* `item` is there, else the line */
  struct ehlo_tally_item item;
};
struct memory {
  const struct ehlo_catalogue *catalogue;
  struct ehlo_explain_memory *decisions;
  struct ehlo_explanation explanation; /* of the reply at hand */
  uint32_t seen[SEEN];                 /* hashes */
  struct known sets[SETS][WAYS];
};

struct stream {
  const struct ehlo_catalogue *catalogue;
  struct ehlo_buf *out;     /* lines of NDJSON; NULL where they are counted */
  struct ehlo_tally *tally; /* NULL where they are written */
  struct memory *memory;
  lua_Integer n;
  bool failed;
};

static int memory_gc(lua_State *L) {
  struct memory *m = lua_touserdata(L, 1);
  for (int i = 0; i < SETS * WAYS; i++)
    ehlo_buf_fini(&m->sets[i / WAYS][i % WAYS].copy);
  ehlo_explanation_fini(&m->explanation);
  ehlo_explain_memory_free(m->decisions);
  return 0;
}

/* That of the state, empty where another catalogue is in force now. [-0, +1, m] */
static struct memory *push_memory(lua_State *L, const struct ehlo_catalogue *catalogue) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, MEMORY) == LUA_TUSERDATA) {
    struct memory *m = lua_touserdata(L, -1);
    if (m->catalogue == catalogue) return m;
  }
  lua_pop(L, 1);
  struct memory *m = ehlo_work_push(L, MEMORY ".type", sizeof *m, memory_gc);
  m->catalogue = catalogue;
  ehlo_explanation_init(&m->explanation, catalogue);
  m->decisions = ehlo_explain_memory_new(catalogue);
  if (!m->decisions) luaL_error(L, "out of memory");
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, MEMORY);
  return m;
}

static struct known *set_of(struct memory *m, uint64_t hash) {
  return m->sets[hash >> (64 - SET_BITS)];
}

static struct known *find(struct known *set, struct ehlo_slice raw, bool counted) {
  for (int i = 0; i < WAYS; i++) {
    if (set[i].raw_len == raw.len && set[i].counted == counted && memcmp(set[i].copy.data, raw.ptr, raw.len) == 0)
      return &set[i];
  }
  return NULL;
}

static uint32_t *seen_at(struct memory *m, uint64_t hash) {
  return &m->seen[hash >> 32 & (SEEN - 1)];
}

/* Whether it was seen before; from now on it was. */
static bool note(struct memory *m, uint64_t hash) {
  uint32_t *seen = seen_at(m, hash);
  const bool before = *seen == (uint32_t)hash;
  *seen = (uint32_t)hash;
  return before;
}

/* A place for one that comes again: the last of the set goes. NULL for what is too long to be kept, or new. */
static struct known *make_place(struct stream *s, struct ehlo_slice raw, uint64_t hash) {
  if (raw.len == 0 || raw.len > LONGEST || !note(s->memory, hash)) return NULL;
  struct known *set = set_of(s->memory, hash);
  ehlo_buf_fini(&set[WAYS - 1].copy);
  memmove(set + 1, set, (WAYS - 1) * sizeof *set);
  set[0] = (struct known){.raw_len = 0};
  ehlo_buf_init(&set[0].copy, JSON_MAX);
  (void)ehlo_buf_add_slice(&set[0].copy, raw);
  return set;
}

/* What was never seen is not looked for: that table is small, and the other is not. */
static bool tell_known(struct stream *s, struct ehlo_slice raw, uint64_t hash) {
  if (*seen_at(s->memory, hash) != (uint32_t)hash) return false;
  const struct known *k = find(set_of(s->memory, hash), raw, s->tally != NULL);
  if (!k) return false;
  if (s->tally) {
    s->failed = ehlo_tally_add(s->tally, &k->item, NULL) != 0;
  } else {
    (void)ehlo_buf_add(s->out, k->copy.data + k->raw_len, k->copy.len - k->raw_len);
  }
  s->n++;
  return true;
}

/* {"ehlo":1,"input":...,"kind":"reply","message":null,"recipients":[{...}]} */
static void write_line(const struct ehlo_explanation *e, struct ehlo_slice raw, struct ehlo_buf *out) {
  (void)ehlo_buf_add_str(out, "{\"ehlo\":1,\"input\":");
  (void)ehlo_escape_json(raw, out);
  (void)ehlo_buf_add_str(out, ",\"kind\":\"reply\",\"message\":null,\"recipients\":[");
  (void)ehlo_explanation_json(e, out);
  (void)ehlo_buf_add_str(out, "]}\n");
}

/* The address that a reply names first is the best guess of whom it is about. */
static struct ehlo_slice address_in(const struct ehlo_explanation *e) {
  for (int i = 0; i < e->n_about; i++) {
    if (memchr(e->about[i].ptr, '@', e->about[i].len)) return e->about[i];
  }
  return ehlo_slice_of("", 0);
}

/* As it stands in the bytes, for the explanation goes. */
static struct ehlo_slice place_in(struct ehlo_slice raw, struct ehlo_slice part) {
  if (part.ptr >= raw.ptr && part.ptr + part.len <= raw.ptr + raw.len) return part;
  const size_t at = part.len > 0 ? ehlo_slice_find_nocase(raw, part, 0) : SIZE_MAX;
  return at == SIZE_MAX ? ehlo_slice_of("", 0) : ehlo_slice_of(raw.ptr + at, part.len);
}

static int count(struct stream *s, const struct ehlo_explanation *e, struct ehlo_slice raw, struct known *k) {
  const struct ehlo_slice none = {"", 0}, address = address_in(e);
  struct ehlo_tally_item item = {.cause = e->cause, .retry = e->retry, .acts = e->acts, .text = raw};
  item.address = place_in(raw, address);
  item.place = ehlo_log_place(e->provider, none, item.address, &item.is_provider);
  item.queue_id = item.input = none;
  if (k) k->item = item;
  return ehlo_tally_add(s->tally, &item, NULL);
}

/* Counts or writes it, and keeps that where the reply came before. */
static int tell(struct stream *s, struct ehlo_slice text, uint64_t hash, const struct ehlo_explanation *e) {
  int error = 0;
  struct known *k = make_place(s, text, hash);
  if (k && k->copy.error) k = NULL;
  if (k) text = ehlo_slice_of(k->copy.data, text.len);
  if (s->tally) error = count(s, e, text, k);
  const size_t start = s->out->len;
  if (!s->tally) write_line(e, text, s->out);
  if (k && !s->tally && !s->out->error) (void)ehlo_buf_add(&k->copy, s->out->data + start, s->out->len - start);
  if (k && !error && !k->copy.error) {
    k->counted = s->tally != NULL;
    k->raw_len = text.len;
  }
  s->n++;
  return error;
}

/* A reply that lacks its end is read as far as it goes; what quotes a server is not. */
static bool read_part(struct ehlo_slice text, struct ehlo_reply *out) {
  return ehlo_reply_read(text, out) > 0 && out->code != 0 && text.len > 4 &&
         ehlo_slice_find_nocase(text, ehlo_slice_str(" said: "), 0) == SIZE_MAX;
}

/* What it means; a line that is no reply is read as a person would have pasted it. */
static int explain(struct stream *s, struct ehlo_slice text, const struct ehlo_reply *reply) {
  struct ehlo_explanation *e = &s->memory->explanation;
  struct ehlo_reply part;
  if (!reply && read_part(text, &part)) reply = &part;
  if (!reply) {
    ehlo_explanation_fini(e);
    return ehlo_explain_text(s->catalogue, text, EHLO_PHASES, e);
  }
  const int error = ehlo_explain_reply_with(s->memory->decisions, reply, EHLO_PHASES, e);
  if (!error && reply->lines == 1) ehlo_explain_keep_line(s->memory->decisions, text, e);
  return error;
}

static void take(struct stream *s, struct ehlo_slice raw, const struct ehlo_reply *reply) {
  const struct ehlo_slice text = ehlo_slice_trim(raw);
  if (text.len == 0) return; /* nothing but blanks is no reply */
  int error = explain(s, text, reply);
  if (!error) error = tell(s, text, ehlo_slice_hash(text, 0), &s->memory->explanation);
  s->failed = s->failed || error == EHLO_E_MEMORY;
}

/* Whether the next line, which begins at `next`, goes on with the reply that begins at `rest`: with "550-" or "550 ". */
static bool goes_on(struct ehlo_slice rest, const char *next) {
  const size_t left = rest.len - (size_t)(next - rest.ptr);
  return left < 4 || memcmp(rest.ptr, next, 3) == 0;
}

/* A reply of one line that was there before, but for its addresses and numbers, needs no reading; its length with the line's end, or 0. */
static size_t take_known(struct stream *s, struct ehlo_slice rest) {
  const bool begins = rest.len > 4 && (rest.ptr[3] == ' ' || rest.ptr[3] == '-');
  const char *end = begins ? memchr(rest.ptr, '\n', rest.len) : NULL;
  if (!end || (rest.ptr[3] == '-' && goes_on(rest, end + 1))) return 0;
  const size_t len = (size_t)(end - rest.ptr);
  const struct ehlo_slice line = ehlo_slice_trim(ehlo_slice_of(rest.ptr, len));
  if (line.ptr != rest.ptr) return 0;
  const uint64_t hash = ehlo_slice_hash(line, 0);
  if (tell_known(s, line, hash)) return len + 1;
  const struct ehlo_explanation *e = ehlo_explain_line(s->memory->decisions, line);
  if (!e) return 0;
  s->failed = tell(s, line, hash, e) != 0;
  return len + 1;
}

static struct ehlo_slice without_blank_lines(struct ehlo_slice s) {
  while (s.len > 0 && (s.ptr[0] == '\n' || s.ptr[0] == '\r'))
    s = ehlo_slice_of(s.ptr + 1, s.len - 1);
  return s;
}

/* Whole replies from the front; a line that is none is explained by itself. What is left may be the beginning of one. */
static struct ehlo_slice take_all(struct stream *s, struct ehlo_slice rest, bool ended) {
  for (rest = without_blank_lines(rest); rest.len > 0 && !s->failed; rest = without_blank_lines(rest)) {
    const size_t known = take_known(s, rest);
    if (known > 0) {
      rest = ehlo_slice_of(rest.ptr + known, rest.len - known);
      continue;
    }
    struct ehlo_reply_scan scan = {0};
    struct ehlo_reply reply;
    long len = ehlo_reply_scan(rest, &ehlo_reply_limits_default, &scan, &reply);
    if (len == EHLO_E_AGAIN && !ended) break;
    if (len == EHLO_E_AGAIN) len = ehlo_reply_read(rest, &reply);
    const bool whole = len > 0;
    if (!whole) {
      const char *end = memchr(rest.ptr, '\n', rest.len);
      if (!end && !ended && rest.len < ehlo_reply_limits_default.bytes) break;
      len = end ? end + 1 - rest.ptr : (long)rest.len;
    }
    take(s, ehlo_slice_of(rest.ptr, (size_t)len), whole ? &reply : NULL);
    rest = ehlo_slice_of(rest.ptr + len, rest.len - (size_t)len);
  }
  return rest;
}

/* mail.replies(bytes, ended [, tally]): the lines of NDJSON for the whole replies in it, or nothing where a tally counts them; how many bytes
 * those took, and how many they are. */
int mail_replies(lua_State *L) {
  const struct ehlo_slice bytes = ehlo_check_slice(L, 1);
  const bool ended = lua_toboolean(L, 2);
  struct stream s = {.catalogue = ehlo_context_of(L)->catalogue};
  if (!lua_isnoneornil(L, 3)) s.tally = mail_check_tally(L, 3);
  lua_settop(L, 3);
  s.memory = push_memory(L, s.catalogue);
  s.out = ehlo_scratch_push(L, JSON_MAX);
  const struct ehlo_slice rest = take_all(&s, bytes, ended);
  if (s.failed) return luaL_error(L, "out of memory");
  ehlo_scratch_finish(L, s.out);
  lua_pushinteger(L, (lua_Integer)(bytes.len - rest.len));
  lua_pushinteger(L, s.n);
  return 3;
}
