/* Owns: answers on their way out: which one is due, how it looks on the wire, and the faults it comes with. Callers:
 * the rehearsal server. */
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "serve_inner.h"

static const struct ehlo_answer plain = {.cut = -1};

static const struct ehlo_answer *due(struct serve *s, enum ehlo_serve_verb verb) {
  const struct ehlo_answers *a = &s->listener->options.answers[verb];
  const int count = s->counts[verb]++;
  if (!a->n) return &plain;
  return &a->list[count < a->n ? count : a->n - 1];
}

static int code_of(struct ehlo_slice text) {
  int code = 0;
  for (size_t i = 0; i < 3; i++) {
    if (i >= text.len || !ehlo_is_digit((unsigned char)text.ptr[i])) return 0;
    code = code * 10 + (text.ptr[i] - '0');
  }
  return code;
}

/* "250 one LF two" becomes "250-one" and "250 two"; a later line may repeat the code, and so the enhanced one. */
static void compose(struct serve *s, struct ehlo_slice text) {
  while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
    text.len--;
  s->code = code_of(text);
  const char *code = text.ptr;
  for (size_t at = 0, line = 0; at <= text.len; line++) {
    size_t end = at;
    while (end < text.len && text.ptr[end] != '\n')
      end++;
    struct ehlo_slice one = ehlo_slice_of(text.ptr + at, end - at);
    if (one.len && one.ptr[one.len - 1] == '\r') one.len--;
    if (s->code && code_of(one) == s->code) {
      const size_t skip = one.len > 3 && (one.ptr[3] == ' ' || one.ptr[3] == '-') ? 4 : 3;
      one = ehlo_slice_of(one.ptr + skip, one.len - skip);
    }
    if (s->code) {
      (void)ehlo_buf_add(&s->out, code, 3);
      (void)ehlo_buf_add_char(&s->out, end < text.len ? '-' : ' ');
    }
    (void)ehlo_buf_add_slice(&s->out, one);
    (void)ehlo_buf_add_str(&s->out, "\r\n");
    at = end + 1;
  }
}

static void give_up(struct serve *s) {
  serve_free(s);
}

/* The last byte is with the kernel. */
static void through(struct serve *s) {
  ehlo_buf_reset(&s->out);
  if (s->out.cap > 4096) ehlo_buf_fini(&s->out);
  s->answer = NULL;
  if (!serve_effect(s)) return;
  s->busy = false;
  (void)serve_proceed(s);
}

static double or_else(double own, double general) {
  return own > 0 ? own : general;
}

static void transmit(struct serve *s) {
  const struct ehlo_answer *a = s->answer;
  const double drip = or_else(a->drip, s->listener->options.drip);
  if (a->drop) {
    give_up(s);
    return;
  }
  if (s->out.error) {
    give_up(s);
    return;
  }
  size_t all = s->out.len;
  if (a->cut >= 0 && (size_t)a->cut < all) all = (size_t)a->cut;
  const size_t now = drip > 0 && s->sent < all ? 1 : all - s->sent;
  if (ehlo_conn_write(&s->conn, ehlo_slice_of(s->out.data ? s->out.data + s->sent : "", now), false) != 0) {
    give_up(s);
    return;
  }
  s->sent += now;
  if (s->sent < all) {
    if (ehlo_timer_arm(&s->timer, ehlo_loop_now(s->listener->loop) + drip) != 0) give_up(s);
    return;
  }
  if (a->cut >= 0) {
    s->busy = false;
    s->closing = true; /* once it is with the kernel */
    return;
  }
  through(s);
}

void serve_tick(struct serve *s) {
  transmit(s);
}

static void begin(struct serve *s) {
  const struct ehlo_answer *a = s->answer;
  const double delay = or_else(a->delay, s->listener->options.delay);
  s->sent = 0;
  (void)ehlo_buf_add(&s->out, a->inject, a->inject_len);
  if (a->silent) return; /* the idle timer ends it */
  if (delay <= 0) {
    transmit(s);
  } else if (ehlo_timer_arm(&s->timer, ehlo_loop_now(s->listener->loop) + delay) != 0) {
    give_up(s);
  }
}

void serve_reply_told(struct serve *s, const char *reply) {
  s->asked = s->told = false;
  ehlo_memory_free(s->argument);
  s->argument = NULL;
  compose(s, reply ? ehlo_slice_str(reply) : ehlo_buf_slice(&s->usual));
  begin(s);
}

static void ask(struct serve *s, struct ehlo_slice argument) {
  s->argument = ehlo_memory_dup(argument.ptr, argument.len);
  s->asked = true;
  s->told = false;
  if (s->listener->options.ask) s->listener->options.ask(s->listener->options.arg);
}

static void usual_is(struct serve *s, const char *usual) {
  if (usual == s->usual.data) return; /* made there */
  ehlo_buf_reset(&s->usual);
  (void)ehlo_buf_add_str(&s->usual, usual);
}

void serve_say(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument, const char *usual) {
  usual_is(s, usual);
  s->busy = true;
  s->verb = verb;
  s->answer = due(s, verb);
  const struct ehlo_answer *a = s->answer;
  if (a->asks) {
    ask(s, argument);
    return;
  }
  if (a->raw) {
    (void)ehlo_buf_add(&s->out, a->raw, a->raw_len);
    s->code = code_of(ehlo_buf_slice(&s->out));
  } else {
    compose(s, a->reply ? ehlo_slice_str(a->reply) : ehlo_buf_slice(&s->usual));
  }
  begin(s);
}

void serve_refuse(struct serve *s, const char *text) {
  usual_is(s, text);
  s->busy = true;
  s->verb = EHLO_SERVE_OTHER;
  s->answer = &plain;
  compose(s, ehlo_buf_slice(&s->usual));
  begin(s);
}
