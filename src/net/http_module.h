/* Owns: what the program and ehlo-http.so say to each other. The module imports no symbol of ours: it is handed a table of
 * functions, and hands one back. Callers: src/net/http*.c and src/net/http/. */
#ifndef EHLO_NET_HTTP_MODULE_H
#define EHLO_NET_HTTP_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_ABI = 1, HTTP_READ = 1, HTTP_WRITE = 2, HTTP_NAME = 256 };
#define HTTP_ENTRY "ehlo_http_module"

struct http_host {
  void *arg;
  void *(*allocate)(size_t count, size_t size); /* zeroed */
  void (*release)(void *ptr);
  /* Watches a socket for HTTP_READ and HTTP_WRITE, no more where `what` is 0. `seat` is what the last call for this socket
   * gave back, NULL at first. */
  void *(*watch)(void *arg, void *seat, int fd, int what);
  void (*alarm)(void *arg, long milliseconds); /* call `due` then; -1 for never */
};

struct http_parts {
  char scheme[16];
  char host[HTTP_NAME]; /* in ASCII, an IPv6 address without its brackets */
  unsigned port;
};

struct http_end {
  int error; /* EHLO_E_* */
  const char *why;
  long status;
  const char *redirect; /* an absolute URL, or NULL */
};

/* Everything it points to outlives the transfer, save url and resolve. The callbacks never come from inside `start`. */
struct http_order {
  const char *url, *scheme;
  const char *resolve; /* "host:port:address,address", or NULL */
  const char *const *headers;
  const char *ca_file;
  uint64_t max_size, resume_from;
  bool direct; /* no proxy */
  void *arg;
  bool (*head)(void *arg, const char *line, size_t len);          /* false ends the transfer */
  bool (*body)(void *arg, const char *bytes, size_t len);         /* so does this */
  bool (*progress)(void *arg, uint64_t received, uint64_t total); /* and this */
  void (*done)(void *arg, const struct http_end *end);            /* the transfer is gone after it */
};

struct http_module {
  int abi;
  void *(*open)(const struct http_host *host); /* NULL: no memory; the host's table is copied */
  void (*close)(void *engine);
  bool (*split)(const char *url, struct http_parts *out);       /* false: no URL, or one with a user name in it */
  void *(*start)(void *engine, const struct http_order *order); /* NULL: no memory */
  void (*stop)(void *transfer);                                 /* nothing more is called */
  void (*ready)(void *engine, int fd, int what);
  void (*due)(void *engine);
};

#endif
