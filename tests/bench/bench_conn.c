/* Owns: figures of connections: cycles a second, memory of an idle one, plain and TLS. Run by hand:
 *   bench_conn cycles|plain|tls [N] [CERTIFICATE.pem]
 * The other end is a child process, so that memory is the client's alone. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ehlo/base/clock.h"
#include "ehlo/net/conn.h"

enum { AT_ONCE = 100 };

struct bench {
  struct ehlo_loop *loop;
  struct ehlo_endpoint to;
  struct ehlo_tls *tls;
  int begun, done, wanted, failed;
  bool cycles;
};
struct one {
  struct ehlo_conn conn;
  struct bench *bench;
};

static void begin(struct one *o);

static void on_client(void *arg, enum ehlo_conn_event event) {
  struct one *o = arg;
  struct bench *b = o->bench;
  if (event == EHLO_CONN_FAILED) b->failed++;
  if (event == EHLO_CONN_CONNECTED && b->tls) {
    ehlo_conn_secure(&o->conn, b->tls, &(struct ehlo_tls_peer){.name = "localhost"});
    return;
  }
  if (event == EHLO_CONN_SECURED) {
    ehlo_tls_facts_free(o->conn.facts);
    o->conn.facts = NULL;
  }
  if (event != EHLO_CONN_CONNECTED && event != EHLO_CONN_SECURED && event != EHLO_CONN_FAILED) return;
  b->done++;
  if (!b->cycles) return;
  ehlo_conn_close(&o->conn);
  if (b->begun < b->wanted) begin(o);
}

static void begin(struct one *o) {
  /* Over 127/8: one address would run out of ports. */
  struct ehlo_endpoint to = o->bench->to;
  to.bytes[0] = 127;
  to.bytes[2] = (uint8_t)(o->bench->begun >> 8 & 15);
  to.bytes[3] = (uint8_t)(o->bench->begun % 250 + 1);
  o->bench->begun++;
  if (ehlo_conn_open(&o->conn, ehlo_dialler_direct, &to, NULL)) o->bench->failed++, o->bench->done++;
}

static long resident(void) {
  long pages = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (f) {
    char line[100] = "", *end;
    if (fgets(line, sizeof line, f)) {
      strtol(line, &end, 10);
      pages = strtol(end, NULL, 10);
    }
    fclose(f);
  }
  return pages * sysconf(_SC_PAGESIZE);
}

static void on_server(void *arg, enum ehlo_conn_event event) {
  struct ehlo_conn *c = arg;
  if (event == EHLO_CONN_CLOSED || event == EHLO_CONN_FAILED) {
    ehlo_conn_fini(c);
    free(c);
  }
}

static void serve(int listener, const char *certificate) {
  struct ehlo_loop *loop = ehlo_loop_new();
  char why[200] = "";
  struct ehlo_tls *tls = NULL;
  if (certificate) {
    tls = ehlo_tls_new(&(struct ehlo_tls_settings){.certificate = certificate, .server = true}, why, sizeof why);
    if (!tls) fprintf(stderr, "%s\n", why);
  }
  for (;;) {
    struct pollfd p = {.fd = listener, .events = POLLIN};
    poll(&p, 1, tls ? 1 : 0);
    for (;;) {
      int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
      if (fd < 0) break;
      struct ehlo_conn *c = calloc(1, sizeof *c);
      ehlo_conn_init(c, loop, 4096, on_server, c);
      ehlo_conn_adopt(c, fd);
      if (tls) ehlo_conn_secure(c, tls, NULL);
    }
    ehlo_loop_turn(loop, false);
  }
}

static int listen_here(struct ehlo_endpoint *at) {
  struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_ANY)}};
  socklen_t len = sizeof sa;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(fd, (struct sockaddr *)&sa, sizeof sa) || listen(fd, 4096) || getsockname(fd, (struct sockaddr *)&sa, &len))
    exit(1);
  ehlo_endpoint_from_sockaddr((struct sockaddr *)&sa, at);
  return fd;
}

static void run(struct bench *b, struct one *all, int together) {
  double began = ehlo_clock_monotonic();
  long before = resident();
  int next = 0;
  while (b->done < b->wanted) {
    while (next < together && b->begun < b->wanted && b->begun - b->done < AT_ONCE)
      begin(&all[next++]);
    if (!ehlo_loop_turn(b->loop, true)) break;
  }
  double took = ehlo_clock_monotonic() - began;
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  double cpu = (double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec +
               (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
  printf("%d done, %d failed: %.0f a second, %.1f us CPU each", b->done, b->failed, b->done / took,
         cpu / b->done * 1e6);
  if (!b->cycles) printf(", %ld bytes of memory each", (resident() - before) / b->done);
  printf("\n");
}

int main(int argc, char **argv) {
  struct bench b = {.wanted = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5000};
  bool secure = argc > 1 && strcmp(argv[1], "tls") == 0;
  b.cycles = argc > 1 && strcmp(argv[1], "cycles") == 0;
  const char *certificate = argc > 3 ? argv[3] : NULL;
  char why[200];
  struct rlimit files = {20000, 20000};
  setrlimit(RLIMIT_NOFILE, &files);
  int listener = listen_here(&b.to);
  pid_t child = fork();
  if (child == 0) serve(listener, certificate);
  close(listener);
  b.loop = ehlo_loop_new();
  bool handshakes = secure || (b.cycles && certificate);
  if (handshakes) b.tls = ehlo_tls_new(&(struct ehlo_tls_settings){.ca_file = certificate}, why, sizeof why);
  int together = b.cycles ? AT_ONCE : b.wanted;
  struct one *all = calloc((size_t)together, sizeof *all);
  for (int i = 0; i < together; i++) {
    all[i].bench = &b;
    ehlo_conn_init(&all[i].conn, b.loop, 65536, on_client, &all[i]);
  }
  run(&b, all, together);
  for (int i = 0; i < together; i++)
    ehlo_conn_fini(&all[i].conn);
  kill(child, SIGTERM);
  waitpid(child, NULL, 0);
  ehlo_tls_free(b.tls);
  ehlo_loop_free(b.loop);
  free(all);
  return 0;
}
