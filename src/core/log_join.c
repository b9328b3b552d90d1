/* Owns: the table of open messages: a hash of queue ids of fixed size; where it is full, the message that was longest without news is
 * forgotten. Callers: log_reader.c. */
#include "log_join.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

enum { FIRST_MESSAGES = 256 };

static uint32_t hash_of(struct ehlo_slice s) {
  uint32_t h = 2166136261u;
  for (size_t i = 0; i < s.len; i++)
    h = (h ^ (unsigned char)s.ptr[i]) * 16777619u;
  return h;
}

int join_init(struct join *j, size_t messages) {
  memset(j, 0, sizeof *j);
  j->free_list = j->oldest = j->newest = -1;
  j->capacity = messages;
  size_t buckets = 64;
  while (buckets < messages)
    buckets *= 2;
  j->mask = buckets - 1;
  j->buckets = ehlo_memory_alloc(buckets * sizeof *j->buckets);
  if (!j->buckets) return EHLO_E_MEMORY;
  memset(j->buckets, 0xff, buckets * sizeof *j->buckets);
  for (size_t i = 0; i < JOIN_DELIVERIES; i++)
    j->deliveries[i].number = -1;
  return 0;
}

static void clear(struct join_message *m) {
  for (int i = 0; i < m->n; i++)
    ehlo_memory_free(m->recipients[i].address);
  ehlo_memory_free(m->recipients);
  ehlo_memory_free(m->from);
  ehlo_memory_free(m->message_id);
  ehlo_memory_free(m->subject);
  memset(m, 0, sizeof *m);
}

void join_fini(struct join *j) {
  for (size_t i = 0; i < j->used; i++)
    clear(&j->messages[i]);
  for (size_t i = 0; i < JOIN_DELIVERIES; i++)
    ehlo_memory_free(j->deliveries[i].to);
  ehlo_memory_free(j->messages);
  ehlo_memory_free(j->buckets);
  memset(j, 0, sizeof *j);
}

static struct ehlo_slice id_of(const struct join_message *m) {
  return ehlo_slice_of(m->id, m->id_len);
}

static int32_t *bucket_of(struct join *j, struct ehlo_slice id) {
  return &j->buckets[hash_of(id) & j->mask];
}

static void unlink_age(struct join *j, int32_t at) {
  struct join_message *m = &j->messages[at];
  *(m->older >= 0 ? &j->messages[m->older].newer : &j->oldest) = m->newer;
  *(m->newer >= 0 ? &j->messages[m->newer].older : &j->newest) = m->older;
}

static void link_newest(struct join *j, int32_t at) {
  struct join_message *m = &j->messages[at];
  m->older = j->newest;
  m->newer = -1;
  *(j->newest >= 0 ? &j->messages[j->newest].newer : &j->oldest) = at;
  j->newest = at;
}

void join_forget(struct join *j, struct join_message *m) {
  const int32_t at = (int32_t)(m - j->messages);
  int32_t *link = bucket_of(j, id_of(m));
  while (*link >= 0 && *link != at)
    link = &j->messages[*link].next;
  if (*link == at) *link = m->next;
  unlink_age(j, at);
  clear(m);
  m->next = j->free_list;
  j->free_list = at;
}

static bool grow(struct join *j) {
  size_t more = j->used == 0 ? FIRST_MESSAGES : j->used * 2;
  if (more > j->capacity) more = j->capacity;
  struct join_message *messages = ehlo_memory_realloc(j->messages, more * sizeof *messages);
  if (!messages) return false;
  j->messages = messages;
  memset(messages + j->used, 0, (more - j->used) * sizeof *messages);
  for (size_t i = more; i-- > j->used;) {
    messages[i].next = j->free_list;
    j->free_list = (int32_t)i;
  }
  j->used = more;
  return true;
}

struct join_message *join_find(struct join *j, struct ehlo_slice id, bool make) {
  if (id.len == 0 || id.len > JOIN_ID_MAX) return NULL;
  int32_t *bucket = bucket_of(j, id);
  for (int32_t at = *bucket; at >= 0; at = j->messages[at].next) {
    if (!ehlo_slice_equal(id_of(&j->messages[at]), id)) continue;
    unlink_age(j, at);
    link_newest(j, at);
    return &j->messages[at];
  }
  if (!make) return NULL;
  if (j->free_list < 0 && j->used < j->capacity && !grow(j)) return NULL;
  if (j->free_list < 0) join_forget(j, &j->messages[j->oldest]);
  const int32_t at = j->free_list;
  struct join_message *m = &j->messages[at];
  j->free_list = m->next;
  memcpy(m->id, id.ptr, id.len);
  m->id_len = (uint8_t)id.len;
  m->next = *bucket;
  *bucket = at;
  link_newest(j, at);
  return m;
}

struct join_recipient *join_recipient(struct join_message *m, struct ehlo_slice address) {
  const uint32_t hash = hash_of(address);
  for (int i = 0; i < m->n; i++) {
    if (m->recipients[i].hash == hash && ehlo_slice_equal(ehlo_slice_str(m->recipients[i].address), address))
      return &m->recipients[i];
  }
  if (m->n >= JOIN_RECIPIENTS || address.len > JOIN_TEXT_MAX) return NULL;
  if (m->n == m->capacity) {
    const int more = m->capacity == 0 ? 1 : m->capacity * 2;
    struct join_recipient *recipients = ehlo_memory_realloc(m->recipients, (size_t)more * sizeof *recipients);
    if (!recipients) return NULL;
    m->recipients = recipients;
    m->capacity = more;
  }
  char *copy = ehlo_memory_dup(address.ptr, address.len);
  if (!copy) return NULL;
  m->recipients[m->n] = (struct join_recipient){.address = copy, .hash = hash, .mark = -1};
  return &m->recipients[m->n++];
}

static int keep(char **place, struct ehlo_slice text) {
  if (text.len == 0 || *place) return 0;
  *place = ehlo_memory_dup(text.ptr, text.len < JOIN_TEXT_MAX ? text.len : JOIN_TEXT_MAX);
  return *place ? 0 : EHLO_E_MEMORY;
}

static int learn_delivery(struct join *j, const struct ehlo_log_event *e) {
  const size_t at = (size_t)e->delivery % JOIN_DELIVERIES;
  if (e->queue_id.len > JOIN_ID_MAX - 1) return 0;
  ehlo_memory_free(j->deliveries[at].to);
  j->deliveries[at].to = ehlo_memory_dup(e->to.ptr, e->to.len < JOIN_TEXT_MAX ? e->to.len : JOIN_TEXT_MAX);
  j->deliveries[at].number = e->delivery;
  memcpy(j->deliveries[at].id, e->queue_id.ptr, e->queue_id.len);
  j->deliveries[at].id[e->queue_id.len] = '\0';
  return j->deliveries[at].to ? 0 : EHLO_E_MEMORY;
}

int join_learn(struct join *j, const struct ehlo_log_event *e) {
  if (e->delivery > 0) return learn_delivery(j, e);
  if (!e->has_from && e->message_id.len == 0 && e->subject.len == 0) return 0;
  struct join_message *m = join_find(j, e->queue_id, true);
  if (!m) return e->queue_id.len > JOIN_ID_MAX ? 0 : EHLO_E_MEMORY;
  if (e->has_from) m->has_from = true;
  int error = keep(&m->from, e->from);
  if (!error) error = keep(&m->message_id, e->message_id);
  return error ? error : keep(&m->subject, e->subject);
}

static void complete(struct ehlo_slice *field, const char *known) {
  if (field->len == 0 && known) *field = ehlo_slice_str(known);
}

void join_complete(struct join *j, struct ehlo_log_event *e) {
  const size_t at = (size_t)e->delivery % JOIN_DELIVERIES;
  if (e->delivery > 0 && j->deliveries[at].number == e->delivery) {
    e->queue_id = ehlo_slice_str(j->deliveries[at].id);
    complete(&e->to, j->deliveries[at].to);
  }
  const struct join_message *m = join_find(j, e->queue_id, false);
  if (!m) return;
  if (!e->has_from) {
    complete(&e->from, m->from);
    e->has_from = m->has_from;
  }
  complete(&e->message_id, m->message_id);
  complete(&e->subject, m->subject);
}
