/* Owns: taking secrets out of what a server says: servers echo commands, whole or decoded. Callers: sessions that sent credentials.
 * A secret encoded with other bytes around it (a user before it, an end after it) leaves a run of letters of its own at each of the
 * three alignments; where that run is found, all base64 around it goes. */
#include "ehlo/core/redact.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/base64.h"

enum { SECRETS_MAX = 256, FORMS = 4, RUN_MIN = 3 };

struct form {
  char *bytes;
  size_t len;
};
struct ehlo_redactor {
  int n;
  struct form forms[SECRETS_MAX][FORMS]; /* as it is; then what is left of it in base64 behind 0, 1 and 2 other bytes */
};

struct ehlo_redactor *ehlo_redactor_new(void) {
  return ehlo_memory_zalloc(1, sizeof(struct ehlo_redactor));
}

static void forget(struct form *f) {
  if (f->bytes) ehlo_memory_wipe(f->bytes, f->len);
  ehlo_memory_free(f->bytes);
  *f = (struct form){0};
}

void ehlo_redactor_free(struct ehlo_redactor *r) {
  for (int i = 0; r && i < r->n; i++)
    for (int k = 0; k < FORMS; k++)
      forget(&r->forms[i][k]);
  ehlo_memory_free(r);
}

/* The letters that depend on the secret alone when `before` bytes precede it. */
static int encoded_run(struct ehlo_slice secret, size_t before, struct form *out) {
  static const size_t spoilt[] = {0, 2, 3}; /* letters that hold bits of the bytes before */
  const size_t end = (before + secret.len) * 8 / 6;
  if (end < spoilt[before] + RUN_MIN) return 0;
  struct ehlo_buf plain, encoded;
  ehlo_buf_init(&plain, before + secret.len);
  ehlo_buf_init(&encoded, (before + secret.len + 2) / 3 * 4);
  (void)ehlo_buf_reserve(&plain, before + secret.len); /* grown once: no copies stay behind */
  (void)ehlo_buf_add(&plain, "\0\0", before);
  int error = ehlo_buf_add_slice(&plain, secret);
  if (!error) error = ehlo_base64_encode(ehlo_buf_slice(&plain), &encoded);
  if (!error) {
    out->len = end - spoilt[before];
    out->bytes = ehlo_memory_dup(encoded.data + spoilt[before], out->len);
    if (!out->bytes) error = EHLO_E_MEMORY;
  }
  if (plain.data) ehlo_memory_wipe(plain.data, plain.len);
  if (encoded.data) ehlo_memory_wipe(encoded.data, encoded.len);
  ehlo_buf_fini(&plain);
  ehlo_buf_fini(&encoded);
  return error;
}

int ehlo_redactor_add(struct ehlo_redactor *r, struct ehlo_slice secret) {
  if (secret.len == 0) return 0;
  for (int i = 0; i < r->n; i++)
    if (ehlo_slice_equal(secret, ehlo_slice_of(r->forms[i][0].bytes, r->forms[i][0].len))) return 0;
  if (r->n == SECRETS_MAX) return EHLO_E_LIMIT;
  struct form *forms = r->forms[r->n];
  forms[0] = (struct form){ehlo_memory_dup(secret.ptr, secret.len), secret.len};
  int error = forms[0].bytes ? 0 : EHLO_E_MEMORY;
  for (size_t before = 0; before < 3 && !error; before++)
    error = encoded_run(secret, before, &forms[before + 1]);
  if (!error) {
    r->n++;
    return 0;
  }
  for (int k = 0; k < FORMS; k++)
    forget(&forms[k]);
  return error;
}

static bool same(const struct form *f, bool encoded, const char *at, size_t left) {
  if (!f->bytes || f->len > left) return false;
  if (!encoded) return memcmp(at, f->bytes, f->len) == 0;
  for (size_t i = 0; i < f->len; i++)
    if (ehlo_base64_value(at[i]) != ehlo_base64_value(f->bytes[i])) return false;
  return true;
}

static bool is_letter(char c) {
  return ehlo_base64_value(c) >= 0 || c == '=';
}

/* Is there a secret at `at`? Sets [*from, *to) to what must go, never before `floor`. */
static bool found(const struct ehlo_redactor *r, struct ehlo_slice in, size_t at, size_t floor, size_t *from,
                  size_t *to) {
  for (int i = 0; i < r->n; i++)
    for (int k = 0; k < FORMS; k++) {
      const struct form *f = &r->forms[i][k];
      if (!same(f, k > 0, in.ptr + at, in.len - at)) continue;
      *from = at;
      *to = at + f->len;
      while (k > 0 && *from > floor && is_letter(in.ptr[*from - 1]))
        --*from;
      while (k > 0 && *to < in.len && is_letter(in.ptr[*to]))
        ++*to;
      return true;
    }
  return false;
}

/* Code and separator: kept, so that the reply stays a reply. */
static size_t head_of_line(struct ehlo_slice in, size_t at) {
  if (at > 0 && in.ptr[at - 1] != '\n') return 0;
  if (in.len - at < 4) return 0;
  for (size_t i = at; i < at + 3; i++)
    if (!ehlo_is_digit((unsigned char)in.ptr[i])) return 0;
  return in.ptr[at + 3] == ' ' || in.ptr[at + 3] == '-' ? 4 : 0;
}

int ehlo_redactor_apply(const struct ehlo_redactor *r, struct ehlo_slice in, struct ehlo_buf *out) {
  if (!r || r->n == 0) return ehlo_buf_add_slice(out, in);
  size_t kept = 0, at = 0, floor = 0; /* [kept, at) is clean and not copied yet */
  while (at < in.len) {
    const size_t head = head_of_line(in, at);
    if (head) {
      at += head;
      floor = at;
      continue;
    }
    size_t from, to;
    if (!found(r, in, at, floor, &from, &to)) {
      at++;
      continue;
    }
    if (from > kept) (void)ehlo_buf_add(out, in.ptr + kept, from - kept);
    (void)ehlo_buf_add_str(out, "(secret)");
    kept = at = floor = to;
  }
  return ehlo_buf_add(out, in.ptr + kept, in.len - kept);
}
