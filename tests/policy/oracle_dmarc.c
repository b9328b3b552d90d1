/* Owns: libopendmarc as an oracle:  oracle_dmarc SUFFIXES CASES. A case is a line with tabs: record, domain of the From field, its
 * organisational domain, SPF's result and domain, DKIM's result and domain ("-": none). For each one a word: pass, none, quarantine,
 * reject, absent, or error. Callers: tests/policy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <netinet/in.h>
#include <resolv.h>

#include <opendmarc/dmarc.h>

enum { LINE = 4096, WORDS = 7 };

static int outcome(const char *word) {
  if (strcmp(word, "pass") == 0) return DMARC_POLICY_SPF_OUTCOME_PASS;
  if (strcmp(word, "temperror") == 0) return DMARC_POLICY_SPF_OUTCOME_TMPFAIL;
  return strcmp(word, "none") == 0 ? DMARC_POLICY_SPF_OUTCOME_NONE : DMARC_POLICY_SPF_OUTCOME_FAIL;
}

static const char *word_of(OPENDMARC_STATUS_T status) {
  switch (status) {
  case DMARC_POLICY_PASS: return "pass";
  case DMARC_POLICY_NONE: return "none";
  case DMARC_POLICY_QUARANTINE: return "quarantine";
  case DMARC_POLICY_REJECT: return "reject";
  default: return "absent";
  }
}

static const char *judge(char *words[WORDS]) {
  unsigned char address[] = "192.0.2.1", empty[] = "";
  DMARC_POLICY_T *p = opendmarc_policy_connect_init(address, DMARC_POLICY_IP_TYPE_IPV4);
  if (!p) exit(2);
  const char *result = "error";
  (void)opendmarc_policy_store_from_domain(p, (unsigned char *)words[1]);
  if (strcmp(words[3], "-") != 0)
    (void)opendmarc_policy_store_spf(p, (unsigned char *)words[4], outcome(words[3]), DMARC_POLICY_SPF_ORIGIN_MAILFROM,
                                     empty);
  if (strcmp(words[5], "-") != 0)
    (void)opendmarc_policy_store_dkim(p, (unsigned char *)words[6], empty, outcome(words[5]), empty);
  unsigned char *above =
      strcmp(words[1], words[2]) == 0 ? NULL : (unsigned char *)words[2]; /* where the record was found there */
  if (opendmarc_policy_store_dmarc(p, (unsigned char *)words[0], (unsigned char *)words[1], above) == DMARC_PARSE_OKAY)
    result = word_of(opendmarc_get_policy_to_enforce(p));
  (void)opendmarc_policy_connect_shutdown(p);
  return result;
}

int main(int argc, char **argv) {
  static OPENDMARC_LIB_T lib;
  char line[LINE], *words[WORDS];
  FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
  if (!file) return 2;
  lib.tld_type = OPENDMARC_TLD_TYPE_MOZILLA;
  snprintf((char *)lib.tld_source_file, sizeof lib.tld_source_file, "%s", argv[1]);
  if (opendmarc_policy_library_init(&lib) != DMARC_PARSE_OKAY) return 2;
  while (fgets(line, sizeof line, file)) {
    int n = 0;
    for (char *word = strtok(line, "\t\n"); word && n < WORDS; word = strtok(NULL, "\t\n"))
      words[n++] = word;
    if (n == WORDS) puts(judge(words));
  }
  fclose(file);
  (void)opendmarc_policy_library_shutdown(&lib);
  return 0;
}
