/* Owns: the rehearsal server as a whole: its options, its socket, its open connections. Callers: the smtp binding. */
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "serve_inner.h"

#include <stdio.h>
#include <string.h>

const char *ehlo_serve_verb_name(enum ehlo_serve_verb verb) {
  static const char *const names[EHLO_SERVE_VERBS] = {"greeting", "ehlo", "helo",        "starttls", "auth", "mail",
                                                      "rcpt",     "data", "end-of-data", "bdat",     "rset", "noop",
                                                      "vrfy",     "expn", "help",        "quit",     "other"};
  return names[verb];
}

void ehlo_answers_free(struct ehlo_answers *answers) {
  for (int i = 0; i < answers->n; i++) {
    ehlo_memory_free(answers->list[i].reply);
    ehlo_memory_free(answers->list[i].raw);
    ehlo_memory_free(answers->list[i].inject);
  }
  ehlo_memory_free(answers->list);
  *answers = (struct ehlo_answers){0};
}

static void accepted(void *arg, int fd) {
  serve_accept(arg, fd);
}

static bool copy(char **to, const char *from) {
  *to = from ? ehlo_memory_dup(from, strlen(from)) : NULL;
  return *to || !from;
}

/* A sound server of today, with what its options allow. */
static void list_capabilities(struct ehlo_listener *l, const struct ehlo_listener_options *o) {
  static const char usual[] = "PIPELINING\nSIZE 10485760\n8BITMIME\nSMTPUTF8\nCHUNKING\nENHANCEDSTATUSCODES\n";
  ehlo_buf_init(&l->capabilities, SERVE_ANSWER_MAX / 2);
  if (!o->capabilities) {
    (void)ehlo_buf_add_str(&l->capabilities, usual);
    if (o->user) (void)ehlo_buf_add_str(&l->capabilities, "AUTH PLAIN LOGIN\n");
    if (o->tls && !o->implicit_tls) (void)ehlo_buf_add_str(&l->capabilities, "STARTTLS\n");
  }
  for (int i = 0; i < o->n_capabilities; i++)
    (void)ehlo_buf_addf(&l->capabilities, "%s\n", o->capabilities[i]);
}

struct ehlo_listener *ehlo_listener_open(struct ehlo_loop *loop, struct ehlo_listener_options *o, char *why,
                                         size_t size) {
  struct ehlo_listener *l = ehlo_memory_zalloc(1, sizeof *l);
  if (!l) {
    for (int i = 0; i < EHLO_SERVE_VERBS; i++)
      ehlo_answers_free(&o->answers[i]);
    snprintf(why, size, "out of memory");
    return NULL;
  }
  l->loop = loop;
  l->options = *o;
  memset(o->answers, 0, sizeof o->answers);
  l->options.capabilities = NULL;
  l->options.tls = ehlo_tls_ref(o->tls);
  list_capabilities(l, o);
  if (!copy(&l->name, o->name) || !copy(&l->user, o->user) || !copy(&l->secret, o->secret) || l->capabilities.error) {
    snprintf(why, size, "out of memory, or too many capabilities");
  } else if ((l->acceptor = ehlo_acceptor_open(loop, &o->at, accepted, l, why, size)) != NULL) {
    l->at = *ehlo_acceptor_at(l->acceptor);
    return l;
  }
  ehlo_listener_free(l);
  return NULL;
}

const struct ehlo_endpoint *ehlo_listener_at(const struct ehlo_listener *l) {
  return &l->at;
}

void ehlo_listener_close(struct ehlo_listener *l) {
  ehlo_acceptor_close(l->acceptor);
  l->acceptor = NULL;
  while (l->open)
    serve_free(l->open);
}

void ehlo_listener_free(struct ehlo_listener *l) {
  if (!l) return;
  ehlo_listener_close(l);
  for (int i = 0; i < EHLO_SERVE_VERBS; i++)
    ehlo_answers_free(&l->options.answers[i]);
  ehlo_tls_free(l->options.tls);
  ehlo_buf_fini(&l->capabilities);
  visits_free(l);
  if (l->secret) ehlo_memory_wipe(l->secret, strlen(l->secret));
  ehlo_memory_free(l->name);
  ehlo_memory_free(l->user);
  ehlo_memory_free(l->secret);
  ehlo_memory_free(l);
}

bool ehlo_listener_next_question(struct ehlo_listener *l, struct ehlo_question_asked *out) {
  for (struct serve *s = l->open; s; s = s->next) {
    if (!s->asked || s->told) continue;
    s->told = true;
    *out = (struct ehlo_question_asked){.connection = s->id,
                                        .verb = s->verb,
                                        .asks = s->answer->asks,
                                        .count = s->counts[s->verb],
                                        .argument = s->argument ? s->argument : "",
                                        .address = s->address,
                                        .helo = s->helo,
                                        .from = s->mail.from,
                                        .recipients = s->mail.recipients,
                                        .tls = s->conn.secured};
    return true;
  }
  return false;
}

void ehlo_listener_reply(struct ehlo_listener *l, uint64_t connection, const char *reply) {
  for (struct serve *s = l->open; s; s = s->next) {
    if (s->id != connection || !s->asked) continue;
    serve_reply_told(s, reply);
    return;
  }
}
