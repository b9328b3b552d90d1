/* Owns: one connection of the rehearsal server: its life, and reading lines, messages and chunks from it within
 * bounds. Callers: listen.c. */
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "serve_inner.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

enum { BODY_KEPT = 1024 * 1024, TO_KEPT = 64 * 1024, SIZE_MAX_SAID = 10485760 };

void serve_forget_mail(struct serve *s) {
  ehlo_memory_free(s->mail.from);
  ehlo_buf_fini(&s->mail.to);
  ehlo_buf_fini(&s->mail.body);
  s->mail = (struct serve_mail){0};
  ehlo_buf_init(&s->mail.to, TO_KEPT);
  ehlo_buf_init(&s->mail.body, BODY_KEPT);
}

void serve_free(struct serve *s) {
  if (s->gone) *s->gone = true;
  *s->place = s->next;
  if (s->next) s->next->place = s->place;
  ehlo_timer_disarm(&s->timer);
  ehlo_timer_disarm(&s->idle);
  ehlo_conn_fini(&s->conn);
  serve_forget_mail(s);
  ehlo_buf_fini(&s->usual);
  ehlo_buf_fini(&s->out);
  ehlo_memory_free(s->argument);
  ehlo_memory_free(s);
}

static void take_line(struct serve *s) {
  char line[SERVE_LINE_MAX + 1];
  const char *end = memchr(s->conn.input.data, '\n', s->conn.input.len);
  const size_t whole = (size_t)(end - s->conn.input.data) + 1;
  size_t len = whole - 1;
  if (len && s->conn.input.data[len - 1] == '\r') len--;
  if (len > SERVE_LINE_MAX) len = SERVE_LINE_MAX;
  memcpy(line, s->conn.input.data, len);
  line[len] = '\0';
  ehlo_buf_consume(&s->conn.input, whole);
  if (s->mode == SERVE_LOGIN) {
    visit_command(s, ehlo_slice_of(line, len));
    serve_login_line(s, ehlo_slice_of(line, len));
    ehlo_memory_wipe(line, sizeof line);
  } else {
    serve_line(s, ehlo_slice_of(line, len));
  }
}

static void give_verdict(struct serve *s) {
  char text[80];
  if (--s->verdicts <= 0) s->mode = SERVE_COMMANDS;
  snprintf(text, sizeof text, "250 2.6.0 Ok: rehearsal %llu", (unsigned long long)s->id);
  serve_say(s, EHLO_SERVE_END, ehlo_slice_of("", 0),
            s->mail.size > SIZE_MAX_SAID ? "552 5.3.4 The message is too big" : text);
}

static void end_message(struct serve *s) {
  s->mode = SERVE_VERDICTS;
  s->verdicts = s->lmtp ? s->mail.recipients : 1;
  give_verdict(s);
}

static void keep(struct serve *s, const char *bytes, size_t len) {
  s->mail.size += len;
  (void)ehlo_buf_add(&s->mail.body, bytes, len); /* what is beyond the bound is counted, and not kept */
}

/* Only CRLF . CRLF ends a message: a server that takes less can be smuggled to. False when more bytes are needed. */
static bool take_body(struct serve *s) {
  struct ehlo_buf *input = &s->conn.input;
  const char *at = input->data, *end = memchr(at, '\n', input->len);
  size_t len = end ? (size_t)(end - at) + 1 : input->len;
  if (!end && input->len < SERVE_LINE_MAX) return false;
  if (!end) len--; /* it may be the CR of a line's end */
  if (s->line_start && len == 3 && memcmp(at, ".\r\n", 3) == 0) {
    ehlo_buf_consume(input, len);
    end_message(s);
    return true;
  }
  const size_t skip = s->line_start && at[0] == '.' ? 1 : 0;
  keep(s, at + skip, len - skip);
  s->line_start = end && len >= 2 && at[len - 2] == '\r';
  ehlo_buf_consume(input, len);
  return true;
}

static void take_chunk(struct serve *s) {
  struct ehlo_buf *input = &s->conn.input;
  const size_t len = s->chunk_left < input->len ? (size_t)s->chunk_left : input->len;
  if (len) keep(s, input->data, len);
  s->chunk_left -= len;
  ehlo_buf_consume(input, len);
  if (s->chunk_left) return;
  if (!s->mail.recipients) {
    s->mode = SERVE_COMMANDS;
    serve_refuse(s, "503 5.5.1 MAIL and RCPT are due first");
    return;
  }
  if (s->last_chunk) {
    end_message(s);
    return;
  }
  s->mode = SERVE_COMMANDS;
  serve_say(s, EHLO_SERVE_BDAT, ehlo_slice_of("", 0), "250 2.0.0 Ok");
}

/* False when more bytes are needed. */
static bool step(struct serve *s) {
  struct ehlo_buf *input = &s->conn.input;
  if (s->mode == SERVE_VERDICTS) {
    give_verdict(s);
    return true;
  }
  if (s->mode == SERVE_CHUNK) {
    if (!input->len && s->chunk_left) return false;
    take_chunk(s);
    return true;
  }
  if (!input->len) return false;
  if (s->mode == SERVE_BODY) return take_body(s);
  if (memchr(input->data, '\n', input->len)) {
    take_line(s);
    return true;
  }
  if (input->len < SERVE_LINE_MAX) return false;
  ehlo_buf_reset(input);
  s->closing = true;
  serve_refuse(s, "500 5.5.6 The line is too long: closing");
  return false;
}

bool serve_proceed(struct serve *s) {
  if (s->proceeding) return true;
  bool gone = false;
  s->gone = &gone;
  s->proceeding = true;
  while (!s->busy && !s->closing) {
    const bool went_on = step(s);
    if (gone) return false;
    if (!went_on) break;
  }
  s->gone = NULL;
  s->proceeding = false;
  ehlo_conn_resume(&s->conn);
  return true;
}

static void greet(struct serve *s) {
  char text[320];
  const struct ehlo_listener *l = s->listener;
  s->greeted = true;
  if (l->options.rate > 0 && l->count > (uint64_t)l->options.rate) {
    serve_refuse(s, "421 4.7.0 Too many connections: try again later");
    return;
  }
  snprintf(text, sizeof text, "220 %s ESMTP rehearsal", l->name);
  serve_say(s, EHLO_SERVE_GREETING, ehlo_slice_of("", 0), text);
}

static void secured(struct serve *s) {
  struct ehlo_visit *v = visit_of(s);
  if (v) v->tls = true;
  if (!s->greeted) greet(s);
}

static void touch(struct serve *s) {
  (void)ehlo_timer_arm(&s->idle, ehlo_loop_now(s->listener->loop) + SERVE_IDLE);
}

static void on_event(void *arg, enum ehlo_conn_event event) {
  struct serve *s = arg;
  switch (event) {
  case EHLO_CONN_DATA:
    touch(s);
    (void)serve_proceed(s);
    return;
  case EHLO_CONN_DRAINED:
    if (s->closing && !s->busy) serve_free(s);
    return;
  case EHLO_CONN_SECURED: secured(s); return;
  case EHLO_CONN_CLOSED:
    /* what came before the end is heard and recorded */
    if (s->busy || s->closing || serve_proceed(s)) serve_free(s);
    return;
  case EHLO_CONN_CONNECTED: return;
  case EHLO_CONN_FAILED: serve_free(s); return;
  }
}

static void on_timer(struct ehlo_timer *t) {
  serve_tick((struct serve *)((char *)t - offsetof(struct serve, timer)));
}

static void on_idle(struct ehlo_timer *t) {
  serve_free((struct serve *)((char *)t - offsetof(struct serve, idle)));
}

void serve_accept(struct ehlo_listener *l, int fd) {
  struct serve *s = ehlo_memory_zalloc(1, sizeof *s);
  struct ehlo_endpoint own, peer;
  l->count++;
  if (!s) {
    close(fd);
    return;
  }
  s->listener = l;
  s->id = l->count;
  ehlo_conn_init(&s->conn, l->loop, SERVE_INPUT_MAX, on_event, s);
  ehlo_buf_init(&s->usual, SERVE_ANSWER_MAX);
  ehlo_buf_init(&s->out, SERVE_ANSWER_MAX * 4);
  serve_forget_mail(s);
  ehlo_timer_init(&s->timer, l->loop, on_timer);
  ehlo_timer_init(&s->idle, l->loop, on_idle);
  s->next = l->open;
  s->place = &l->open;
  if (s->next) s->next->place = &s->next;
  l->open = s;
  if (ehlo_conn_adopt(&s->conn, fd) != 0) {
    close(fd);
    serve_free(s);
    return;
  }
  if (ehlo_conn_names(&s->conn, &own, &peer) == 0) (void)ehlo_endpoint_text(&peer, s->address);
  s->visit = visit_new(l, s->address);
  touch(s);
  if (!l->options.implicit_tls) {
    greet(s);
  } else if (ehlo_conn_secure(&s->conn, l->options.tls, NULL) != 0) {
    serve_free(s);
  }
}
