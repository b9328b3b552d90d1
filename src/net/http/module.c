/* Owns: libcurl behind the table of http_module.h: one multi handle an engine, one easy handle a transfer. Callers: the
 * program, through the one symbol it looks up. Nothing of ours is imported: all memory and all events are the host's. */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "../http_module.h"
#include "ehlo/base/error.h"

struct engine {
  struct http_host host;
  CURLM *multi;
  struct transfer *transfers;
};

struct transfer {
  struct engine *engine;
  struct transfer *next, **at;
  CURL *easy;
  struct curl_slist *headers, *resolve;
  struct http_order order;
  char why[CURL_ERROR_SIZE];
};

static int watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *seat) {
  (void)easy;
  struct engine *e = arg;
  const int bits = what == CURL_POLL_IN      ? HTTP_READ
                   : what == CURL_POLL_OUT   ? HTTP_WRITE
                   : what == CURL_POLL_INOUT ? HTTP_READ | HTTP_WRITE
                                             : 0;
  (void)curl_multi_assign(e->multi, fd, e->host.watch(e->host.arg, seat, fd, bits));
  return 0;
}

static int set_alarm(CURLM *multi, long milliseconds, void *arg) {
  (void)multi;
  struct engine *e = arg;
  e->host.alarm(e->host.arg, milliseconds);
  return 0;
}

static size_t take_head(char *line, size_t size, size_t count, void *arg) {
  struct transfer *t = arg;
  return t->order.head(t->order.arg, line, size * count) ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg) {
  struct transfer *t = arg;
  return t->order.body(t->order.arg, bytes, size * count) ? size * count : 0;
}

static int take_progress(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up) {
  (void)up_total, (void)up;
  struct transfer *t = arg;
  return t->order.progress(t->order.arg, now > 0 ? (uint64_t)now : 0, total > 0 ? (uint64_t)total : 0) ? 0 : 1;
}

static int error_of(CURLcode code) {
  static const struct {
    CURLcode code;
    int error;
  } rows[] = {{CURLE_OK, 0},
              {CURLE_OUT_OF_MEMORY, EHLO_E_MEMORY},
              {CURLE_URL_MALFORMAT, EHLO_E_SYNTAX},
              {CURLE_COULDNT_RESOLVE_HOST, EHLO_E_DNS},
              {CURLE_COULDNT_RESOLVE_PROXY, EHLO_E_DNS},
              {CURLE_COULDNT_CONNECT, EHLO_E_CONNECT},
              {CURLE_PROXY, EHLO_E_CONNECT},
              {CURLE_FILE_COULDNT_READ_FILE, EHLO_E_NOT_FOUND},
              {CURLE_OPERATION_TIMEDOUT, EHLO_E_TIMEOUT},
              {CURLE_SEND_ERROR, EHLO_E_CLOSED},
              {CURLE_RECV_ERROR, EHLO_E_CLOSED},
              {CURLE_GOT_NOTHING, EHLO_E_CLOSED},
              {CURLE_PARTIAL_FILE, EHLO_E_CLOSED},
              {CURLE_SSL_CONNECT_ERROR, EHLO_E_TLS},
              {CURLE_SSL_CIPHER, EHLO_E_TLS},
              {CURLE_PEER_FAILED_VERIFICATION, EHLO_E_TRUST},
              {CURLE_SSL_CACERT_BADFILE, EHLO_E_TRUST},
              {CURLE_FILESIZE_EXCEEDED, EHLO_E_LIMIT}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].code == code) return rows[i].error;
  return EHLO_E_PROTOCOL;
}

static void release(struct transfer *t) {
  curl_slist_free_all(t->headers);
  curl_slist_free_all(t->resolve);
  curl_easy_cleanup(t->easy);
  t->engine->host.release(t);
}

static void withdraw(struct transfer *t) {
  *t->at = t->next;
  if (t->next) t->next->at = t->at;
  (void)curl_multi_remove_handle(t->engine->multi, t->easy);
}

static void finish(struct transfer *t, CURLcode code) {
  struct http_end end = {.error = error_of(code), .why = t->why[0] ? t->why : curl_easy_strerror(code)};
  char *redirect = NULL;
  (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &end.status);
  (void)curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &redirect);
  end.redirect = redirect;
  withdraw(t);
  t->order.done(t->order.arg, &end);
  release(t);
}

/* What a transfer's end sets going may end others: the list of messages is asked anew each time. */
static void act(struct engine *e, curl_socket_t fd, int bits) {
  int running, left;
  (void)curl_multi_socket_action(e->multi, fd, bits, &running);
  for (CURLMsg *message; (message = curl_multi_info_read(e->multi, &left)) != NULL;) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    char *transfer = NULL;
    (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish((struct transfer *)(void *)transfer, code);
  }
}

static void ready(void *engine, int fd, int what) {
  act(engine, fd, (what & HTTP_READ ? CURL_CSELECT_IN : 0) | (what & HTTP_WRITE ? CURL_CSELECT_OUT : 0));
}

static void due(void *engine) {
  act(engine, CURL_SOCKET_TIMEOUT, 0);
}

static bool add_lines(struct transfer *t) {
  const char *const *lines = t->order.headers;
  for (size_t i = 0; lines && lines[i]; i++) {
    struct curl_slist *longer = curl_slist_append(t->headers, lines[i]);
    if (!longer) return false;
    t->headers = longer;
  }
  if (!t->order.resolve) return true;
  t->resolve = curl_slist_append(NULL, t->order.resolve);
  return t->resolve != NULL;
}

static bool set_all(struct transfer *t) {
  const struct http_order *o = &t->order;
  CURL *c = t->easy;
  char range[32];
  snprintf(range, sizeof range, "%llu-", (unsigned long long)o->resume_from);
  /* Redirects are not libcurl's to follow: each is looked at first. */
  bool fine = curl_easy_setopt(c, CURLOPT_URL, o->url) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, o->scheme) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_USERAGENT, "ehlo/" EHLO_VERSION) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)o->max_size) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PRIVATE, (char *)t) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HEADERDATA, t) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, take_progress) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_XFERINFODATA, t) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_RESOLVE, t->resolve) == CURLE_OK;
  if (fine && o->ca_file) fine = curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file) == CURLE_OK;
  if (fine && o->direct) fine = curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK;
  /* A part of a compressed body would be of no use. */
  if (fine && o->resume_from > 0) return curl_easy_setopt(c, CURLOPT_RANGE, range) == CURLE_OK;
  return fine && curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK;
}

static void *start(void *engine, const struct http_order *order) {
  struct engine *e = engine;
  struct transfer *t = e->host.allocate(1, sizeof *t);
  if (!t) return NULL;
  t->engine = e;
  t->order = *order;
  t->easy = curl_easy_init();
  if (!t->easy || !add_lines(t) || !set_all(t) || curl_multi_add_handle(e->multi, t->easy) != CURLM_OK) {
    release(t);
    return NULL;
  }
  t->next = e->transfers;
  t->at = &e->transfers;
  if (t->next) t->next->at = &t->next;
  e->transfers = t;
  return t;
}

static void stop(void *transfer) {
  withdraw(transfer);
  release(transfer);
}

static bool part(CURLU *url, CURLUPart what, unsigned flags, char *out, size_t size) {
  char *text = NULL;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return false;
  const bool fits = strlen(text) < size;
  snprintf(out, size, "%s", text);
  curl_free(text);
  return fits;
}

static bool split(const char *text, struct http_parts *out) {
  memset(out, 0, sizeof *out);
  CURLU *url = curl_url();
  char port[8] = "0";
  bool fine = url && curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK &&
              part(url, CURLUPART_SCHEME, 0, out->scheme, sizeof out->scheme);
  if (fine && strcmp(out->scheme, "file") != 0)
    fine = part(url, CURLUPART_HOST, CURLU_PUNYCODE, out->host, sizeof out->host) &&
           part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
  for (const char *digit = port; *digit; digit++)
    out->port = out->port * 10 + (unsigned)(*digit - '0');
  const size_t len = strlen(out->host);
  if (len > 1 && out->host[0] == '[') {
    memmove(out->host, out->host + 1, len - 2);
    out->host[len - 2] = '\0';
  }
  curl_url_cleanup(url);
  return fine;
}

static void close_engine(void *engine) {
  struct engine *e = engine;
  while (e->transfers)
    stop(e->transfers);
  (void)curl_multi_cleanup(e->multi);
  e->host.release(e);
  curl_global_cleanup();
}

static void *open_engine(const struct http_host *host) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return NULL;
  struct engine *e = host->allocate(1, sizeof *e);
  if (e) {
    e->host = *host;
    e->multi = curl_multi_init();
    if (e->multi && curl_multi_setopt(e->multi, CURLMOPT_SOCKETFUNCTION, watch) == CURLM_OK &&
        curl_multi_setopt(e->multi, CURLMOPT_SOCKETDATA, e) == CURLM_OK &&
        curl_multi_setopt(e->multi, CURLMOPT_TIMERFUNCTION, set_alarm) == CURLM_OK &&
        curl_multi_setopt(e->multi, CURLMOPT_TIMERDATA, e) == CURLM_OK)
      return e;
    close_engine(e);
    return NULL;
  }
  curl_global_cleanup();
  return NULL;
}

extern const struct http_module ehlo_http_module;

__attribute__((visibility("default"))) const struct http_module ehlo_http_module = {
    .abi = HTTP_ABI,
    .open = open_engine,
    .close = close_engine,
    .split = split,
    .start = start,
    .stop = stop,
    .ready = ready,
    .due = due,
};
