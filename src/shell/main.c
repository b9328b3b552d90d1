/* Owns: the program's entry: what needs no shell, then the shell. Callers: the system. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ehlo/shell/shell.h"

enum { EXIT_FAULT = 70 };

#ifdef __SANITIZE_ADDRESS__
/* The leak checker of gcc 12 reads thread-local storage of libraries that were opened late through a table that it mistakes, and
 * crashes at exit. What only such storage points to is not looked at instead. */
__attribute__((visibility("default"))) const char *__lsan_default_options(void);
const char *__lsan_default_options(void) {
  return "use_tls=0:print_suppressions=0";
}

/* GLib keeps a table for each thread as long as the process lives, the loader its lists of libraries, which it finds through
 * thread-local storage. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
  return "leak:g_malloc0\nleak:ld-linux\n";
}
#endif

int main(int argc, char **argv) {
  /* A reader that went away (`ehlo ... | head`) is an error of write, not a death; connections are told apart by their errors. */
  signal(SIGPIPE, SIG_IGN);
  if (argc == 2 && strcmp(argv[1], "--version") == 0) {
    puts("ehlo " EHLO_VERSION);
    return fflush(stdout) == 0 ? 0 : 1;
  }
  struct ehlo_shell shell;
  if (ehlo_shell_init(&shell, NULL) != 0) return EXIT_FAULT;
  const int status = ehlo_shell_run(&shell, argc, argv);
  ehlo_shell_fini(&shell);
  return status;
}
