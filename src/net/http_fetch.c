/* Owns: one fetch: which URLs may be fetched, resolving, redirects, limits, what came. Callers: the http binding. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/net/http.h"
#include "http_engine.h"

enum { HEAD_MAX = 64 * 1024, REDIRECTS_MAX = 5, ADDRESSES_MAX = 16 };
#define TICK 0.1 /* s between two news of progress */

static void hop(struct ehlo_fetch *f);

static void let_go(struct ehlo_fetch *f) {
  if (f->question) ehlo_question_cancel(f->question);
  if (f->transfer) f->http->module->stop(f->transfer);
  f->question = NULL;
  f->transfer = NULL;
  ehlo_timer_disarm(&f->deadline);
}

__attribute__((format(printf, 3, 4))) static void end(struct ehlo_fetch *f, int error, const char *format, ...) {
  if (f->over) return;
  va_list args;
  va_start(args, format);
  vsnprintf(f->why, sizeof f->why, format, args);
  va_end(args);
  let_go(f);
  f->over = true;
  f->error = error;
  f->seconds = ehlo_loop_now(f->op.loop) - f->began;
  ehlo_op_finish(&f->op, 0);
}

static void expire(struct ehlo_timer *t) {
  struct ehlo_fetch *f = (struct ehlo_fetch *)((char *)t - offsetof(struct ehlo_fetch, deadline));
  end(f, EHLO_E_TIMEOUT, "it was not done in %.3g s", f->request.timeout);
}

/* Cancelled: by its task, or with the state. */
static void stopped(struct ehlo_op *op) {
  end((struct ehlo_fetch *)op, op->error, "%s", ehlo_error_text(op->error));
}

void ehlo_fetch_init(struct ehlo_fetch *f, struct ehlo_http *http, struct ehlo_resolver *resolver) {
  memset(f, 0, sizeof *f);
  f->http = http;
  f->resolver = resolver;
  f->over = true;
  ehlo_op_init(&f->op, http->loop, stopped);
  ehlo_timer_init(&f->deadline, http->loop, expire);
  ehlo_buf_init(&f->head, HEAD_MAX);
}

void ehlo_fetch_fini(struct ehlo_fetch *f) {
  let_go(f);
  f->over = true;
  ehlo_op_fini(&f->op);
  ehlo_buf_fini(&f->head);
  ehlo_buf_fini(&f->body);
  ehlo_memory_free(f->url);
  f->url = NULL;
}

/* --- what libcurl tells --- */

static bool head(void *arg, const char *line, size_t len) {
  struct ehlo_fetch *f = arg;
  f->heard += len;
  if (len > 5 && memcmp(line, "HTTP/", 5) == 0) ehlo_buf_reset(&f->head); /* after a 100, or a proxy's own answer */
  return f->heard <= HEAD_MAX && ehlo_buf_add(&f->head, line, len) == 0;
}

static bool body(void *arg, const char *bytes, size_t len) {
  struct ehlo_fetch *f = arg;
  return ehlo_buf_add(&f->body, bytes, len) == 0;
}

/* What does not grow when it is decompressed is bounded as well: an endless compressed nothing. */
static bool too_much(const struct ehlo_fetch *f) {
  return f->received > 2 * (uint64_t)f->request.max_size + HEAD_MAX;
}

static bool progress(void *arg, uint64_t received, uint64_t total) {
  struct ehlo_fetch *f = arg;
  const bool news = received != f->received;
  const double now = ehlo_loop_now(f->op.loop);
  f->received = received;
  f->total = total;
  if (f->request.ticks && news && now - f->told_at >= TICK) {
    f->told_at = now;
    ehlo_op_finish(&f->op, 0);
  }
  return !too_much(f);
}

static void follow(struct ehlo_fetch *f, const char *target) {
  struct http_parts from, to;
  if (++f->redirects > REDIRECTS_MAX) {
    end(f, EHLO_E_PROTOCOL, "it redirects more than %d times", REDIRECTS_MAX);
    return;
  }
  const bool parts = f->http->module->split(f->url, &from) && f->http->module->split(target, &to);
  if (!parts ||
      (strcmp(to.scheme, "https") != 0 && (strcmp(from.scheme, "http") != 0 || strcmp(to.scheme, "http") != 0))) {
    end(f, EHLO_E_PROTOCOL, "it redirects to %.200s, and a redirect may only lead to https", target);
    return;
  }
  char *url = ehlo_memory_dup(target, strlen(target));
  if (!url) {
    end(f, EHLO_E_MEMORY, "out of memory");
    return;
  }
  ehlo_memory_free(f->url);
  f->url = url;
  hop(f);
}

static bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void done(void *arg, const struct http_end *e) {
  struct ehlo_fetch *f = arg;
  f->transfer = NULL;
  f->status = e->status ? e->status : 200;
  if (f->heard > HEAD_MAX)
    end(f, EHLO_E_LIMIT, "its header is larger than %d bytes", HEAD_MAX);
  else if (f->body.error == EHLO_E_LIMIT || e->error == EHLO_E_LIMIT || too_much(f))
    end(f, EHLO_E_LIMIT, "it is larger than %zu bytes, the most that is taken", f->request.max_size);
  else if (f->body.error || f->head.error)
    end(f, EHLO_E_MEMORY, "out of memory");
  else if (e->error)
    end(f, e->error, "%s", e->why);
  else if (is_redirect(e->status) && e->redirect && !f->request.stays)
    follow(f, e->redirect);
  else
    end(f, 0, "%s", "");
}

/* --- getting there --- */

static void begin(struct ehlo_fetch *f, const struct http_parts *parts, const char *resolve, bool direct) {
  const struct http_order order = {.url = f->url,
                                   .scheme = parts->scheme,
                                   .resolve = resolve,
                                   .headers = f->request.headers,
                                   .ca_file = f->request.ca_file,
                                   .max_size = f->request.max_size,
                                   .resume_from = f->request.resume_from,
                                   .direct = direct,
                                   .arg = f,
                                   .head = head,
                                   .body = body,
                                   .progress = progress,
                                   .done = done};
  f->transfer = f->http->module->start(f->http->engine, &order);
  if (!f->transfer) end(f, EHLO_E_MEMORY, "out of memory");
}

/* "localhost" or an address of loopback: where `http:` may go, and a proxy never. */
static bool is_loopback(const struct http_parts *parts) {
  struct ehlo_endpoint e;
  if (strcmp(parts->host, "localhost") == 0) return true;
  return ehlo_endpoint_read(ehlo_slice_str(parts->host), 0, &e) == 0 && ehlo_endpoint_is_loopback(&e);
}

static void found(void *arg, const struct ehlo_addresses *all) {
  struct ehlo_fetch *f = arg;
  struct http_parts parts;
  struct ehlo_buf resolve;
  char text[EHLO_ENDPOINT_TEXT];
  int used = 0;
  f->question = NULL;
  if (!f->http->module->split(f->url, &parts) || all->error) {
    end(f, all->error ? all->error : EHLO_E_INTERNAL, "%s", all->why[0] ? all->why : ehlo_error_text(all->error));
    return;
  }
  const bool near = is_loopback(&parts);
  ehlo_buf_init(&resolve, 8192);
  (void)ehlo_buf_addf(&resolve, "%s:%u:", parts.host, parts.port);
  for (int i = 0; i < all->n && used < ADDRESSES_MAX; i++) {
    if (near && !ehlo_endpoint_is_loopback(&all->list[i])) continue;
    const bool six = all->list[i].family == 6;
    (void)ehlo_buf_addf(&resolve, "%s%s%s%s", used++ ? "," : "", six ? "[" : "",
                        ehlo_endpoint_text(&all->list[i], text), six ? "]" : "");
  }
  if (used == 0)
    end(f, EHLO_E_DNS, "%s has no address of loopback", parts.host);
  else if (resolve.error)
    end(f, resolve.error, "%s", ehlo_error_text(resolve.error));
  else
    begin(f, &parts, strchr(parts.host, ':') ? NULL : resolve.data, near);
  ehlo_buf_fini(&resolve);
}

/* libcurl heeds these; behind a proxy it is the proxy that resolves. */
static bool has_proxy(void) {
  static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (value && *value) return true;
  }
  return false;
}

/* Why a URL is not fetched, or NULL. */
static const char *refuse(const struct ehlo_http *http, const char *url, struct http_parts *parts) {
  if (!http->module->split(url, parts)) return "this is no URL that can be fetched (one with a user name is not taken)";
  if (strcmp(parts->scheme, "https") == 0 || strcmp(parts->scheme, "file") == 0) return NULL;
  if (strcmp(parts->scheme, "http") == 0 && is_loopback(parts)) return NULL;
  return "only https is fetched, but for file: and for http: to this machine itself";
}

const char *ehlo_http_refuses(const struct ehlo_http *http, const char *url) {
  struct http_parts parts;
  return refuse(http, url, &parts);
}

static void hop(struct ehlo_fetch *f) {
  struct http_parts parts;
  f->heard = 0;
  ehlo_buf_reset(&f->head);
  ehlo_buf_reset(&f->body);
  const char *refusal = refuse(f->http, f->url, &parts);
  if (refusal) {
    end(f, EHLO_E_SYNTAX, "%s", refusal);
    return;
  }
  if (strcmp(parts.scheme, "file") == 0) {
    begin(f, &parts, NULL, true);
    return;
  }
  if (!is_loopback(&parts) && has_proxy()) {
    begin(f, &parts, NULL, false);
    return;
  }
  struct ehlo_question *question = NULL;
  const int error =
      ehlo_resolver_addresses(f->resolver, parts.host, 0, f->began + f->request.timeout, found, f, &question);
  if (error)
    end(f, EHLO_E_DNS, "%s is no name that DNS could hold", parts.host);
  else if (question)
    f->question = question;
}

int ehlo_fetch_start(struct ehlo_fetch *f, const struct ehlo_http_request *request) {
  f->request = *request;
  f->began = ehlo_loop_now(f->op.loop);
  ehlo_buf_init(&f->body, request->max_size);
  f->url = ehlo_memory_dup(request->url, strlen(request->url));
  if (!f->url || ehlo_timer_arm(&f->deadline, f->began + request->timeout) != 0) return EHLO_E_MEMORY;
  const int error = ehlo_op_start(&f->op, 0);
  if (error) return error;
  f->over = false;
  hop(f);
  return 0;
}

int ehlo_fetch_continue(struct ehlo_fetch *f) {
  const int error = ehlo_op_start(&f->op, 0);
  if (!error && f->over) ehlo_op_finish(&f->op, 0);
  return error;
}
