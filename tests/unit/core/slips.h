/* Owns: looking for slips of the pen in English text: doubled words, wrong articles, stray spaces and stops, open quotes.
 * Callers: tests of everything that makes sentences. */
#ifndef EHLO_TESTS_SLIPS_H
#define EHLO_TESTS_SLIPS_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline size_t slip_word(const char *s) {
  size_t n = 0;
  while (isalpha((unsigned char)s[n]) || s[n] == '\'')
    n++;
  return n;
}

static inline bool slip_is(const char *s, size_t n, const char *const *words) {
  for (; *words; words++) {
    if (strlen(*words) <= n && strncmp(s, *words, strlen(*words)) == 0) return true;
  }
  return false;
}

/* Whether the word after an article is spoken with a vowel first. */
static inline bool slip_vowel(const char *s) {
  static const char *const consonant[] = {"one", "once", "us", "uni", "URL", "UTF", "user", "euro", NULL};
  static const char *const spelled[] = {"MX",  "SMTP", "RFC", "LDAP", "HTTP",   "SPF", "SSL", "SRS",
                                        "SQL", "FTP",  "NDR", "MTA",  "LMTP",   "XBL", "RBL", "RRVS",
                                        "MTU", "X.",   "X5",  "hour", "honest", NULL};
  const size_t n = strlen(s);
  if (strncmp(s, "MIME", 4) == 0) return false;
  if (slip_is(s, n, spelled)) return true;
  if (slip_is(s, n, consonant)) return false;
  if (*s == '8' || strncmp(s, "11", 2) == 0 || strncmp(s, "18", 2) == 0) return true;
  return strchr("aeiouAEIOU", *s) != NULL && *s != '\0';
}

static inline const char *slip_article(const char *s) {
  for (const char *p = s; *p; p++) {
    if (p > s && p[-1] != ' ' && p[-1] != '(') continue;
    if ((strncmp(p, "a ", 2) == 0 || strncmp(p, "A ", 2) == 0) && slip_vowel(p + 2)) {
      /* "an A or AAAA record": the letter, not the article */
      if (*p == 'A' && p > s && p[-1] == ' ' && p >= s + 2 && p[-2] != '.') continue;
      return "an article before a vowel";
    }
    if ((strncmp(p, "an ", 3) == 0 || strncmp(p, "An ", 3) == 0) && (isalnum((unsigned char)p[3])) &&
        !slip_vowel(p + 3)) {
      return "an article before a consonant";
    }
  }
  return NULL;
}

static inline const char *slip_doubled(const char *s) {
  for (const char *p = s; *p; p++) {
    if (p > s && (isalnum((unsigned char)p[-1]) || p[-1] == '-' || p[-1] == '.' || p[-1] == '/')) continue;
    const size_t n = slip_word(p);
    if (n > 0 && p[n] == ' ' && strncmp(p, p + n + 1, n) == 0 && slip_word(p + n + 1) == n && p[2 * n + 1] != '-' &&
        p[2 * n + 1] != '@') {
      return "a doubled word";
    }
  }
  return NULL;
}

static inline const char *slip_marks(const char *s) {
  int quotes = 0, open = 0;
  for (const char *p = s; *p; p++) {
    quotes += *p == '"';
    open += *p == '(' ? 1 : *p == ')' ? -1 : 0;
    if (open < 0) return "a bracket that closes nothing";
    if (p[0] == '.' && p[1] == '.' && p[2] != '.' && (p == s || p[-1] != '.')) return "two full stops";
  }
  if (quotes % 2 != 0) return "an open quote";
  return open != 0 ? "an open bracket" : NULL;
}

/* NULL, or what is wrong. */
static inline const char *slip_in(const char *s) {
  if (*s == '\0') return "no text";
  if (strstr(s, "  ") || *s == ' ' || s[strlen(s) - 1] == ' ') return "a stray space";
  if (strstr(s, " ,") || strstr(s, " ;") || strstr(s, " . ") || strstr(s, ",,") || strstr(s, ";.") || strstr(s, ",.")) {
    return "a stray mark";
  }
  const char *slip = slip_doubled(s);
  if (!slip) slip = slip_article(s);
  return slip ? slip : slip_marks(s);
}

static inline const char *slip_in_sentences(const char *s) {
  const size_t n = strlen(s);
  if (n > 0 && s[n - 1] != '.' && s[n - 1] != '?' && s[n - 1] != '!') return "no full stop";
  return slip_in(s);
}

#endif
