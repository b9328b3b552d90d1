/* Owns: runs a fuzz entry without libFuzzer: every seed as it is, then seeds that were cut, mixed and bent, always the same ones.
 * Linked with each fuzz_*.c:  fuzz_X SECONDS LAST SEED...
 * LAST is a file that holds the input under test: after a crash, the one to blame (run it as a SEED with 0 seconds). */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ehlo/base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 8192, SEEDS = 200, RUNS = 16000 /* a second: what is fast need not last */ };

struct bytes {
  uint8_t at[MOST];
  size_t len;
};

static uint32_t draw(uint32_t *state, size_t below) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return below ? (uint32_t)(*state % below) : 0;
}

static void insert(struct bytes *b, size_t where, const uint8_t *what, size_t len) {
  if (len > MOST - b->len) len = MOST - b->len;
  memmove(b->at + where + len, b->at + where, b->len - where);
  memcpy(b->at + where, what, len);
  b->len += len;
}

static void cut(struct bytes *b, size_t where, size_t len) {
  if (len > b->len - where) len = b->len - where;
  memmove(b->at + where, b->at + where + len, b->len - where - len);
  b->len -= len;
}

static void bend(struct bytes *b, const struct bytes *seeds, size_t n, uint32_t *state) {
  static const char *const words[] = {
      "\r\n", "\n", "\r",   "\0",   " ",    "-",         "250 ", "334 ",  "BDAT 4 LAST\r\n",
      ".",    "<>", "AUTH", "\xff", "LAST", "999999",    "=",    "*\r\n", "\n\n",
      ": ",   "\"", "--",   "(",    "]",    "550-5.7.1 "};
  const struct bytes *other = &seeds[draw(state, n)];
  const size_t where = draw(state, b->len + 1), from = draw(state, other->len);
  const char *word = words[draw(state, sizeof words / sizeof *words)];
  const uint8_t any = (uint8_t)draw(state, 256);
  switch (draw(state, 6)) {
  case 0:
    if (where < b->len) b->at[where] ^= (uint8_t)(1U << draw(state, 8));
    break;
  case 1: cut(b, where, 1 + draw(state, 32)); break;
  case 2: insert(b, where, &any, 1); break;
  case 3: insert(b, where, (const uint8_t *)word, *word ? strlen(word) : 1); break;
  case 4: insert(b, where, other->at + from, draw(state, other->len - from + 1)); break;
  default: b->len = where; break;
  }
}

static void try(const struct bytes *b, int last) {
  if (ftruncate(last, (off_t)b->len) != 0 || pwrite(last, b->at, b->len, 0) != (ssize_t)b->len) exit(2);
  uint8_t *exact = malloc(b->len + !b->len); /* so that one byte too far is seen */
  if (!exact) exit(2);
  memcpy(exact, b->at, b->len);
  (void)LLVMFuzzerTestOneInput(exact, b->len);
  free(exact);
}

static size_t load(struct bytes *seeds, int n, char **paths) {
  size_t count = 0;
  for (int i = 0; i < n && count < SEEDS; i++) {
    FILE *f = fopen(paths[i], "rb");
    if (!f) {
      fprintf(stderr, "%s cannot be read\n", paths[i]);
      exit(2);
    }
    seeds[count].len = fread(seeds[count].at, 1, MOST, f);
    count++;
    fclose(f);
  }
  return count;
}

int main(int argc, char **argv) {
  const int last = argc > 3 ? open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0644) : -1;
  struct bytes *seeds = calloc(SEEDS + 1, sizeof *seeds);
  if (last < 0 || !seeds) {
    fprintf(stderr, "usage: %s SECONDS LAST SEED...\n", argv[0]);
    return 2;
  }
  const size_t n = load(seeds, argc - 3, argv + 3);
  const double seconds = strtod(argv[1], NULL), end = ehlo_clock_monotonic() + seconds;
  uint32_t state = 2463534242U;
  long runs = 0;
  for (size_t i = 0; i < n; i++)
    try(&seeds[i], last);
  for (; runs < (long)(RUNS * seconds) && ehlo_clock_monotonic() < end; runs++) {
    struct bytes *b = &seeds[SEEDS];
    *b = seeds[draw(&state, n)];
    for (uint32_t bends = 1 + draw(&state, 6); bends > 0; bends--)
      bend(b, seeds, n, &state);
    try(b, last);
  }
  printf("%zu seeds, %ld inputs made of them\n", n, runs);
  free(seeds);
  close(last);
  return 0;
}
