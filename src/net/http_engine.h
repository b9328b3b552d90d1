/* Owns: what http.c and http_fetch.c share: the opened module and its engine. Callers: those two. */
#ifndef EHLO_NET_HTTP_ENGINE_H
#define EHLO_NET_HTTP_ENGINE_H

#include "ehlo/net/http.h"
#include "http_module.h"

struct http_seat;

struct ehlo_http {
  struct ehlo_loop *loop;
  const struct http_module *module;
  void *engine;
  struct http_seat *seats;
  struct ehlo_timer alarm;
};

#endif
