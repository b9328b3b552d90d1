/* Owns: the record of what clients sent, bounded in each direction. Callers: the rehearsal server, its binding. */
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "serve_inner.h"

#include <stdio.h>

enum {
  VISITS_MAX = 10000,
  COMMANDS_MAX = 64 * 1024, /* bytes of one visit */
  MESSAGES_MAX = 1000,      /* of one visit */
  KEPT_MAX = 64 * 1024 * 1024
};

long visit_new(struct ehlo_listener *l, const char *address) {
  if (l->n_visits == VISITS_MAX) return -1;
  if (l->n_visits == l->cap_visits) {
    int cap = l->cap_visits ? l->cap_visits * 2 : 16;
    struct ehlo_visit *grown = ehlo_memory_realloc(l->visits, (size_t)cap * sizeof *grown);
    if (!grown) return -1;
    l->visits = grown;
    l->cap_visits = cap;
  }
  struct ehlo_visit *v = &l->visits[l->n_visits];
  *v = (struct ehlo_visit){0};
  snprintf(v->address, sizeof v->address, "%s", address);
  ehlo_buf_init(&v->commands, COMMANDS_MAX);
  return l->n_visits++;
}

struct ehlo_visit *visit_of(struct serve *s) {
  return s->visit < 0 ? NULL : &s->listener->visits[s->visit];
}

/* AUTH's response may stand behind the mechanism's name. */
static struct ehlo_slice without_secret(struct ehlo_slice line) {
  if (!ehlo_slice_starts_nocase(line, ehlo_slice_str("AUTH "))) return line;
  for (size_t i = 5; i < line.len; i++)
    if (line.ptr[i] == ' ') return ehlo_slice_of(line.ptr, i + 1);
  return line;
}

void visit_command(struct serve *s, struct ehlo_slice line) {
  struct ehlo_visit *v = visit_of(s);
  const bool secret = s->mode == SERVE_LOGIN;
  struct ehlo_slice shown = secret ? ehlo_slice_of("", 0) : without_secret(line);
  if (!v || v->commands.error || s->listener->kept > KEPT_MAX) return;
  const size_t room = v->commands.max - v->commands.len;
  if (shown.len + 16 > room) return;
  (void)ehlo_buf_add_slice(&v->commands, shown);
  if (secret || shown.len < line.len) (void)ehlo_buf_add_str(&v->commands, "(secret)");
  (void)ehlo_buf_add_char(&v->commands, '\n');
  s->listener->kept += shown.len + 16;
}

void visit_message(struct serve *s) {
  struct ehlo_visit *v = visit_of(s);
  if (!v || v->n_messages >= MESSAGES_MAX || s->listener->kept > KEPT_MAX) return;
  const size_t size = sizeof *v->messages * (size_t)(v->n_messages + 1);
  struct ehlo_visit_message *grown = ehlo_memory_realloc(v->messages, size);
  if (!grown) return;
  v->messages = grown;
  v->messages[v->n_messages++] =
      (struct ehlo_visit_message){.from = s->mail.from, .to = s->mail.to, .body = s->mail.body, .size = s->mail.size};
  s->listener->kept += s->mail.to.cap + s->mail.body.cap + sizeof *grown;
  s->mail.from = NULL;
  s->mail.to = s->mail.body = (struct ehlo_buf){0};
}

void visits_free(struct ehlo_listener *l) {
  for (int i = 0; i < l->n_visits; i++) {
    struct ehlo_visit *v = &l->visits[i];
    ehlo_buf_fini(&v->commands);
    for (int k = 0; k < v->n_messages; k++) {
      ehlo_memory_free(v->messages[k].from);
      ehlo_buf_fini(&v->messages[k].to);
      ehlo_buf_fini(&v->messages[k].body);
    }
    ehlo_memory_free(v->messages);
  }
  ehlo_memory_free(l->visits);
}

int ehlo_listener_visits(const struct ehlo_listener *l) {
  return l->n_visits;
}

const struct ehlo_visit *ehlo_listener_visit(const struct ehlo_listener *l, int i) {
  return i >= 0 && i < l->n_visits ? &l->visits[i] : NULL;
}

uint64_t ehlo_listener_count(const struct ehlo_listener *l) {
  return l->count;
}
