/* Owns: the packed run of what went over the wire. Callers: sessions write, everyone reads.
 * An entry is the time, a word with length, phase and direction, and the bytes; nothing is aligned. */
#include "ehlo/core/transcript.h"

#include "ehlo/base/error.h"

enum {
  TIME_SIZE = sizeof(double),
  HEAD_SIZE = TIME_SIZE + sizeof(uint32_t),
  LENGTH_BITS = 24,
  PHASE_BITS = 6,
  LENGTH_MAX = (1 << LENGTH_BITS) - 1
};

static uint32_t pack_word(size_t len, enum ehlo_phase phase, enum ehlo_direction d) {
  return (uint32_t)len | ((uint32_t)phase & 0x3fu) << LENGTH_BITS | ((uint32_t)d & 3u) << (LENGTH_BITS + PHASE_BITS);
}

void ehlo_transcript_init(struct ehlo_transcript *t, size_t max_bytes) {
  *t = (struct ehlo_transcript){0};
  ehlo_buf_init(&t->bytes, max_bytes);
}

void ehlo_transcript_fini(struct ehlo_transcript *t) {
  ehlo_buf_fini(&t->bytes);
  t->entries = 0;
  t->cut = false;
}

long ehlo_transcript_add(struct ehlo_transcript *t, double at, enum ehlo_direction d, enum ehlo_phase phase,
                         struct ehlo_slice bytes) {
  const size_t left = t->bytes.max - t->bytes.len;
  if (bytes.len > LENGTH_MAX || left < HEAD_SIZE || bytes.len > left - HEAD_SIZE) {
    t->cut = true;
    return EHLO_E_LIMIT;
  }
  char *place = ehlo_buf_reserve(&t->bytes, HEAD_SIZE + bytes.len);
  if (!place) {
    t->bytes.error = 0; /* a later, smaller entry may find memory */
    t->cut = true;
    return EHLO_E_MEMORY;
  }
  const long offset = (long)t->bytes.len;
  const uint32_t word = pack_word(bytes.len, phase, d);
  memcpy(place, &at, TIME_SIZE);
  memcpy(place + TIME_SIZE, &word, sizeof word);
  if (bytes.len > 0) memcpy(place + HEAD_SIZE, bytes.ptr, bytes.len);
  ehlo_buf_grew(&t->bytes, HEAD_SIZE + bytes.len);
  t->entries++;
  return offset;
}

bool ehlo_transcript_at(const struct ehlo_transcript *t, long offset, struct ehlo_transcript_entry *out) {
  *out = (struct ehlo_transcript_entry){0};
  if (offset < 0 || (size_t)offset > t->bytes.len || t->bytes.len - (size_t)offset < HEAD_SIZE) return false;
  const char *place = t->bytes.data + offset;
  const size_t left = t->bytes.len - (size_t)offset - HEAD_SIZE;
  uint32_t word;
  memcpy(&word, place + TIME_SIZE, sizeof word);
  const size_t len = word & LENGTH_MAX;
  if (len > left) return false;
  memcpy(&out->at, place, TIME_SIZE);
  out->phase = (enum ehlo_phase)(word >> LENGTH_BITS & 0x3fu);
  out->direction = (enum ehlo_direction)(word >> (LENGTH_BITS + PHASE_BITS) & 3u);
  out->bytes = ehlo_slice_of(place + HEAD_SIZE, len);
  return true;
}

bool ehlo_transcript_next(const struct ehlo_transcript *t, size_t *pos, struct ehlo_transcript_entry *out) {
  if (!ehlo_transcript_at(t, (long)*pos, out)) return false;
  *pos += HEAD_SIZE + out->bytes.len;
  return true;
}
