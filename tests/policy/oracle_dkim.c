/* Owns: libopendkim as an oracle:  oracle_dkim KEYS MAIL...   KEYS has a line for each key: name, blank, the record's text. For each mail
 * one line: a word for each signature, from the top ("pass", or libopendkim's reason). Callers: tests/policy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include <opendkim/dkim.h>

enum { ROOM = 1 << 20, KEYS = 200 };

static struct { char *name, *text; } keys[KEYS];
static int n_keys;

static void read_keys(const char *path) {
  static char text[ROOM];
  FILE *file = fopen(path, "r");
  if (!file) exit(2);
  const size_t len = fread(text, 1, sizeof text - 1, file);
  text[len] = '\0';
  fclose(file);
  for (char *line = strtok(text, "\n"); line && n_keys < KEYS; line = strtok(NULL, "\n")) {
    char *blank = strchr(line, ' ');
    if (!blank) continue;
    *blank = '\0';
    keys[n_keys].name = line;
    keys[n_keys++].text = blank + 1;
  }
}

static DKIM_CBSTAT look_up(DKIM *dkim, DKIM_SIGINFO *sig, unsigned char *out, size_t room) {
  char name[1024];
  (void)dkim;
  snprintf(name, sizeof name, "%s._domainkey.%s", (char *)dkim_sig_getselector(sig), (char *)dkim_sig_getdomain(sig));
  for (int i = 0; i < n_keys; i++) {
    if (strcasecmp(keys[i].name, name) != 0) continue;
    snprintf((char *)out, room, "%s", keys[i].text);
    return DKIM_CBSTAT_CONTINUE;
  }
  return DKIM_CBSTAT_NOTFOUND;
}

static void tell(DKIM *dkim) {
  DKIM_SIGINFO **sigs = NULL;
  int n = 0;
  if (dkim_getsiglist(dkim, &sigs, &n) != DKIM_STAT_OK) n = 0;
  for (int i = 0; i < n; i++) {
    (void)dkim_sig_process(dkim, sigs[i]);
    const unsigned flags = dkim_sig_getflags(sigs[i]);
    const int right = (flags & DKIM_SIGFLAG_PASSED) && dkim_sig_getbh(sigs[i]) == DKIM_SIGBH_MATCH;
    const char *why = dkim_sig_geterrorstr(dkim_sig_geterror(sigs[i]));
    printf("%s%s", i > 0 ? "; " : "",
           right                                                   ? "pass"
           : why && dkim_sig_geterror(sigs[i]) != DKIM_SIGERROR_OK ? why
                                                                   : "fail");
  }
  printf("%s\n", n == 0 ? "none" : "");
}

static void judge(DKIM_LIB *lib, const char *path) {
  static unsigned char text[ROOM];
  FILE *file = fopen(path, "rb");
  if (!file) exit(2);
  const size_t len = fread(text, 1, sizeof text, file);
  fclose(file);
  DKIM_STAT status;
  DKIM *dkim = dkim_verify(lib, (const unsigned char *)"test", NULL, &status);
  if (!dkim) exit(2);
  (void)dkim_chunk(dkim, text, len);
  (void)dkim_chunk(dkim, NULL, 0);
  (void)dkim_eom(dkim, NULL);
  tell(dkim);
  dkim_free(dkim);
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  read_keys(argv[1]);
  DKIM_LIB *lib = dkim_init(NULL, NULL);
  unsigned flags = DKIM_LIBFLAGS_FIXCRLF;
  unsigned bits = 1024;
  if (!lib) return 2;
  (void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags);
  (void)dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits);
  (void)dkim_set_key_lookup(lib, look_up);
  for (int i = 2; i < argc; i++)
    judge(lib, argv[i]);
  dkim_close(lib);
  return 0;
}
