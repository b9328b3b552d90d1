/* Owns: opening ehlo-http.so, and the events and the timer that libcurl asks for. Callers: the http binding opens one a shell;
 * http_fetch.c works with it. */
#include "ehlo/net/http.h"

#include <dlfcn.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdio.h>

#include "ehlo/base/memory.h"
#include "http_engine.h"

/* A socket of libcurl's on the loop. */
struct http_seat {
  struct event event;
  struct ehlo_http *http;
  struct http_seat *next, **at;
};

static void happened(evutil_socket_t fd, short what, void *arg) {
  struct http_seat *seat = arg;
  struct ehlo_http *http = seat->http;
  http->module->ready(http->engine, fd, (what & EV_READ ? HTTP_READ : 0) | (what & EV_WRITE ? HTTP_WRITE : 0));
}

static void leave(struct http_seat *seat) {
  event_del(&seat->event);
  *seat->at = seat->next;
  if (seat->next) seat->next->at = seat->at;
  ehlo_memory_free(seat);
}

static struct http_seat *sit(struct ehlo_http *http) {
  struct http_seat *seat = ehlo_memory_zalloc(1, sizeof *seat);
  if (!seat) return NULL;
  seat->http = http;
  seat->next = http->seats;
  seat->at = &http->seats;
  if (seat->next) seat->next->at = &seat->next;
  http->seats = seat;
  return seat;
}

/* Without memory the socket is not watched, and the fetch ends at its deadline. */
static void *watch(void *arg, void *old, int fd, int what) {
  struct ehlo_http *http = arg;
  struct http_seat *seat = old;
  if (what == 0) {
    if (seat) leave(seat);
    return NULL;
  }
  if (seat)
    event_del(&seat->event);
  else
    seat = sit(http);
  if (!seat) return NULL;
  const int bits = EV_PERSIST | (what & HTTP_READ ? EV_READ : 0) | (what & HTTP_WRITE ? EV_WRITE : 0);
  event_assign(&seat->event, ehlo_loop_base(http->loop), fd, (short)bits, happened, seat);
  event_add(&seat->event, NULL);
  return seat;
}

static void ring(struct ehlo_timer *t) {
  struct ehlo_http *http = (struct ehlo_http *)((char *)t - offsetof(struct ehlo_http, alarm));
  http->module->due(http->engine);
}

static void set_alarm(void *arg, long milliseconds) {
  struct ehlo_http *http = arg;
  if (milliseconds < 0)
    ehlo_timer_disarm(&http->alarm);
  else
    (void)ehlo_timer_arm(&http->alarm, ehlo_loop_now(http->loop) + (double)milliseconds / 1000);
}

/* It is never closed: libraries below it keep state of their own. */
static const struct http_module *open_module(const char *folder, char *why, size_t why_size) {
  char path[4200];
  snprintf(path, sizeof path, "%s/ehlo-http.so", folder);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  const struct http_module *module = handle ? dlsym(handle, HTTP_ENTRY) : NULL;
  if (module && module->abi == HTTP_ABI) return module;
  const char *trouble = handle ? "it is of another version" : dlerror();
  snprintf(why, why_size, "the HTTP module cannot be opened: %s. Build it anew: scripts/ehlo", trouble);
  if (handle) (void)dlclose(handle);
  return NULL;
}

struct ehlo_http *ehlo_http_open(struct ehlo_loop *loop, const char *folder, char *why, size_t why_size) {
  const struct http_module *module = open_module(folder, why, why_size);
  if (!module) return NULL;
  struct ehlo_http *http = ehlo_memory_zalloc(1, sizeof *http);
  if (http) {
    http->loop = loop;
    http->module = module;
    ehlo_timer_init(&http->alarm, loop, ring);
    const struct http_host host = {http, ehlo_memory_zalloc, ehlo_memory_free, watch, set_alarm};
    http->engine = module->open(&host);
    if (http->engine) return http;
    ehlo_memory_free(http);
  }
  snprintf(why, why_size, "HTTP cannot be set up: out of memory");
  return NULL;
}

void ehlo_http_close(struct ehlo_http *http) {
  if (!http) return;
  http->module->close(http->engine);
  ehlo_timer_disarm(&http->alarm);
  while (http->seats)
    leave(http->seats);
  ehlo_memory_free(http);
}
