/* Owns: the reference for look-ups: libunbound on an event base, with no feature at all. Run by tests/bench/names.py:
 *   bare_resolver ADDRESS@PORT ANCHOR|- AT_ONCE < NAMES
 * Asks for the MX of each name, and prints how many had an answer. */
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound-event.h>
#include <unbound.h>

struct run {
  struct event_base *base;
  struct ub_ctx *context;
  int under_way, at_once;
  bool refilling;
  long asked, done, good;
};

static void refill(struct run *run);

static void answered(void *arg, int rcode, void *packet, int len, int security, char *why, int limited) {
  struct run *run = arg;
  (void)security, (void)why, (void)limited;
  run->under_way--;
  run->done++;
  run->good += rcode == 0 && len > 12 && ((unsigned char *)packet)[7] > 0; /* a count of answers */
  if (!run->refilling) refill(run);
}

static void refill(struct run *run) {
  char name[256];
  run->refilling = true;
  while (run->under_way < run->at_once && fgets(name, sizeof name, stdin)) {
    name[strcspn(name, "\n")] = '\0';
    run->asked++;
    run->under_way++;
    if (ub_resolve_event(run->context, name, 15, 1, run, answered, NULL)) exit(2);
  }
  run->refilling = false;
  if (run->done == run->asked) event_base_loopbreak(run->base);
}

static void start(evutil_socket_t fd, short what, void *arg) {
  (void)fd, (void)what;
  refill(arg);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  struct run run = {.base = event_base_new(), .at_once = atoi(argv[3])};
  run.context = ub_ctx_create_event(run.base);
  if (!run.context || ub_ctx_set_option(run.context, "do-not-query-localhost:", "no") ||
      ub_ctx_set_option(run.context, "outgoing-range:", "256") ||
      ub_ctx_set_option(run.context, "num-queries-per-thread:", "4096") ||
      ub_ctx_set_option(run.context, "qname-minimisation:", "no") ||
      (strcmp(argv[2], "-") != 0 && ub_ctx_add_ta_file(run.context, argv[2])) || ub_ctx_set_fwd(run.context, argv[1]))
    return 2;
  event_base_once(run.base, -1, EV_TIMEOUT, start, &run, NULL);
  event_base_dispatch(run.base);
  printf("%ld of %ld\n", run.good, run.asked);
  return run.good == run.asked ? 0 : 1;
}
