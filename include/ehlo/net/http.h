/* Owns: fetching one URL on the loop. libcurl does the work, in a private module (ehlo-http.so) that is opened at the first
 * fetch. Callers: the http binding. `https` only, but for `file:` and for `http:` to loopback; a redirect never leaves
 * `https` and never reaches a file; names are resolved by our resolver unless a proxy of the environment does it. */
#ifndef EHLO_NET_HTTP_H
#define EHLO_NET_HTTP_H

#include <stdint.h>

#include "ehlo/base/buf.h"
#include "ehlo/net/op.h"
#include "ehlo/net/resolver.h"

struct ehlo_http; /* one a shell */

/* `folder` is where ehlo-http.so lies. NULL with a sentence in `why`. */
struct ehlo_http *ehlo_http_open(struct ehlo_loop *loop, const char *folder, char *why, size_t why_size);
/* A sentence about why this URL is never fetched, or NULL. Nothing is asked. */
const char *ehlo_http_refuses(const struct ehlo_http *http, const char *url);
void ehlo_http_close(struct ehlo_http *http); /* after its last fetch, before the loop is freed */

struct ehlo_http_request {
  const char *url;
  const char *const *headers; /* lines "Name: value", NULL at the end; they outlive the fetch, or NULL */
  const char *ca_file;        /* PEM in place of the system's roots; outlives the fetch, or NULL */
  size_t max_size;            /* bytes of body, after decompression */
  uint64_t resume_from;       /* ask for the bytes from here on (status 206 tells that they came); 0 for all */
  double timeout;             /* seconds for the whole, redirects included */
  bool stays;                 /* a redirect is the response, and is not followed */
  bool ticks;                 /* let the op be done now and then, for a progress bar */
};

/* Embedded in who fetches. The op is done when `over`, and, with `ticks`, some ten times a second before that. */
struct ehlo_fetch {
  struct ehlo_op op;
  struct ehlo_http *http;
  struct ehlo_resolver *resolver;
  struct ehlo_http_request request;
  struct ehlo_timer deadline;
  bool over;
  int error;            /* of the whole, valid when over: 0 means that a response came, whatever its status */
  char why[400];        /* a sentence about the error, with bytes of the peer's in it perhaps */
  long status;          /* 200 for a file */
  char *url;            /* where the response came from */
  struct ehlo_buf head; /* status line and header fields of the response */
  struct ehlo_buf body; /* with an error, what came until then */
  uint64_t total;       /* bytes the peer announced, 0 where it did not */
  uint64_t received;    /* bytes that came, before decompression */
  double began, seconds;
  /* private */
  struct ehlo_question *question;
  void *transfer;
  double told_at;
  size_t heard;
  int redirects;
};

void ehlo_fetch_init(struct ehlo_fetch *f, struct ehlo_http *http, struct ehlo_resolver *resolver);
/* The op is then under way or done. `request` is copied, what it points to is not, but for the URL. EHLO_E_MEMORY. */
int ehlo_fetch_start(struct ehlo_fetch *f, const struct ehlo_http_request *request);
/* After a tick: the op is under way again (or done at once, where it is over). */
int ehlo_fetch_continue(struct ehlo_fetch *f);
void ehlo_fetch_fini(struct ehlo_fetch *f); /* ends what is under way */

#endif
