/* Owns: the process in which a journal is read, and talking to it. Callers: source.c. libsystemd ends its process where a damaged file breaks
 * what it takes for granted, and touches mapped memory that is gone once a file is cut off: ehlo outlives both. */
#include "source_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "source_journal_records.h"

enum { PIECE = 1 << 18, WHY_MAX = 512, ASKING = 3, ANSWERING, FILE_AT, FIRST_FREE };

struct answer {
  long result; /* a length, 0 or an error */
  size_t len;  /* of the text, or the sentence, that follows */
  int64_t size, position;
};

struct journal {
  pid_t process;
  int ask, answers;
  bool is_file, asked; /* an answer is awaited */
  size_t left;         /* of the text that is on its way */
  struct answer last;
};

/* --- in the process that reads --- */

static bool write_all(int fd, const void *bytes, size_t len) {
  const char *at = bytes;
  while (len > 0) {
    const ssize_t n = write(fd, at, len);
    if (n <= 0) return false;
    at += n;
    len -= (size_t)n;
  }
  return true;
}

static bool answer(long result, const struct records *r, const char *text, const struct ehlo_buf *why) {
  struct answer a = {.result = result, .len = result > 0 ? (size_t)result : result < 0 ? why->len : 0};
  if (r) a.size = records_size(r);
  if (r) a.position = records_position(r);
  return write_all(ANSWERING, &a, sizeof a) &&
         (a.len == 0 || write_all(ANSWERING, result > 0 ? text : why->data, a.len));
}

/* A question is for how long to wait first, in milliseconds; or -1 for records. It ends with the last question. */
static void serve(const struct journal_place *place) {
  struct records *r = NULL;
  struct ehlo_buf why;
  int question;
  char *piece = ehlo_memory_alloc(PIECE);
  ehlo_buf_init(&why, WHY_MAX);
  long result = piece ? records_open(place, &r, &why) : EHLO_E_MEMORY;
  while (answer(result, r, piece, &why) && r && read(ASKING, &question, sizeof question) == sizeof question) {
    ehlo_buf_reset(&why);
    if (question >= 0) records_wait(r, question);
    result = question >= 0 ? 0 : records_read(r, piece, PIECE, &why);
  }
}

/* Nothing of the program's is kept: no connection, no terminal to complain to, no say in what its signals do. */
static void settle(const struct journal_place *given, int asking, int answering) {
  static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM, SIGHUP};
  struct journal_place place = *given;
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
    (void)signal(deadly[i], SIG_DFL);
  (void)signal(SIGINT, SIG_IGN);
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)prctl(PR_SET_DUMPABLE, 0);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int wanted[] = {nothing, nothing, nothing, asking, answering, place.fd >= 0 ? place.fd : nothing};
  int high[FIRST_FREE];
  for (int i = 0; i < FIRST_FREE; i++)
    high[i] = fcntl(wanted[i], F_DUPFD, FIRST_FREE);
  for (int i = 0; i < FIRST_FREE; i++)
    (void)dup2(high[i], i);
  (void)close_range(FIRST_FREE, ~0u, 0);
  if (place.fd >= 0) place.fd = FILE_AT;
  serve(&place);
  _exit(0);
}

/* --- in the program --- */

static int died(struct ehlo_buf *why) {
  (void)ehlo_buf_add_str(why, "this journal is damaged: libsystemd gave up on it");
  return EHLO_E_SYNTAX;
}

/* As many bytes as come at once. 0: it has died. */
static long take(const struct journal *j, void *bytes, size_t size) {
  struct pollfd wait = {.fd = j->answers, .events = POLLIN};
  if (poll(&wait, 1, -1) < 0) return EHLO_E_AGAIN;
  return read(j->answers, bytes, size);
}

/* All of them. A signal ends the wait for the first byte only, where it may: then the rest is there. */
static int take_whole(const struct journal *j, void *bytes, size_t size, bool may_end, struct ehlo_buf *why) {
  for (size_t got = 0; got < size;) {
    const long n = take(j, (char *)bytes + got, size - got);
    if (n == EHLO_E_AGAIN && got == 0 && may_end) return EHLO_E_AGAIN;
    if (n <= 0 && n != EHLO_E_AGAIN) return died(why);
    if (n > 0) got += (size_t)n;
  }
  return 0;
}

static int take_answer(struct journal *j, struct ehlo_buf *why) {
  char text[WHY_MAX];
  int error = take_whole(j, &j->last, sizeof j->last, true, why);
  if (error) return error;
  j->asked = false;
  if (j->last.result > PIECE || (j->last.result < 0 && j->last.len >= sizeof text)) return died(why);
  j->left = j->last.result > 0 ? (size_t)j->last.result : 0;
  if (j->last.result >= 0) return 0;
  error = take_whole(j, text, j->last.len, false, why);
  if (error) return error;
  (void)ehlo_buf_add(why, text, j->last.len);
  return (int)j->last.result;
}

static bool ask(struct journal *j, int question) {
  if (!j->asked && write(j->ask, &question, sizeof question) != sizeof question) return false;
  j->asked = true;
  return true;
}

/* Two pipes, and a process between them. */
static int begin(struct journal *j, const struct journal_place *place, struct ehlo_buf *why) {
  int asking[2] = {-1, -1}, answering[2] = {-1, -1};
  if (pipe2(asking, O_CLOEXEC) == 0 && pipe2(answering, O_CLOEXEC) == 0) j->process = fork();
  if (j->process == 0) settle(place, asking[0], answering[1]);
  if (j->process < 0) (void)ehlo_buf_addf(why, "no process can be made to read it: %s", strerror(errno));
  if (asking[0] >= 0) (void)close(asking[0]);
  if (answering[1] >= 0) (void)close(answering[1]);
  j->ask = asking[1];
  j->answers = answering[0];
  if (j->process < 0) return EHLO_E_SYSTEM;
  j->asked = true;
  int error;
  do {
    error = take_answer(j, why);
  } while (error == EHLO_E_AGAIN);
  return error;
}

int journal_open(const struct journal_place *place, struct journal **out, struct ehlo_buf *why) {
  struct journal *j = *out = ehlo_memory_zalloc(1, sizeof *j);
  if (!j) return EHLO_E_MEMORY;
  j->process = -1;
  j->is_file = place->fd >= 0;
  const int error = begin(j, place, why);
  if (!error) return 0;
  journal_close(j);
  *out = NULL;
  return error;
}

void journal_close(struct journal *j) {
  if (!j) return;
  if (j->ask >= 0) (void)close(j->ask);
  if (j->answers >= 0) (void)close(j->answers);
  if (j->process > 0) {
    (void)kill(j->process, SIGKILL);
    while (waitpid(j->process, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  ehlo_memory_free(j);
}

long journal_read(struct journal *j, char *bytes, size_t size, struct ehlo_buf *why) {
  /* first what was asked for before a signal came, or a wait ended */
  int error = j->asked ? take_answer(j, why) : 0;
  if (!error && j->left == 0) error = ask(j, -1) ? take_answer(j, why) : died(why);
  if (error || j->left == 0) return error;
  const long n = take(j, bytes, j->left < size ? j->left : size);
  if (n == EHLO_E_AGAIN) return n;
  if (n <= 0) return died(why);
  j->left -= (size_t)n;
  return n;
}

bool journal_wait(struct journal *j, int milliseconds) {
  struct pollfd wait = {.fd = j->answers, .events = POLLIN};
  if (j->is_file) return false;
  if (j->left == 0 && ask(j, milliseconds)) (void)poll(&wait, 1, milliseconds + milliseconds / 2);
  return true;
}

int64_t journal_size(const struct journal *j) {
  return j->last.size;
}

int64_t journal_position(const struct journal *j) {
  return j->last.position;
}
