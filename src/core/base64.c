/* Owns: base64 (RFC 4648 4). Callers: authentication, the redactor. */
#include "ehlo/core/base64.h"

#include <stdint.h>

#include "ehlo/base/error.h"

int ehlo_base64_value(char letter) {
  if (letter >= 'A' && letter <= 'Z') return letter - 'A';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
  if (letter >= '0' && letter <= '9') return letter - '0' + 52;
  if (letter == '+' || letter == '-') return 62;
  return letter == '/' || letter == '_' ? 63 : -1;
}

int ehlo_base64_encode(struct ehlo_slice bytes, struct ehlo_buf *out) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (bytes.len == 0) return out->error;
  if (bytes.len > SIZE_MAX / 2) return EHLO_E_LIMIT;
  const size_t len = (bytes.len + 2) / 3 * 4;
  char *place = ehlo_buf_reserve(out, len);
  if (!place) return out->error;
  for (size_t i = 0; i < bytes.len; i += 3) {
    const size_t left = bytes.len - i;
    const unsigned a = (unsigned char)bytes.ptr[i];
    const unsigned b = left > 1 ? (unsigned char)bytes.ptr[i + 1] : 0;
    const unsigned c = left > 2 ? (unsigned char)bytes.ptr[i + 2] : 0;
    const unsigned word = a << 16 | b << 8 | c;
    *place++ = letters[word >> 18];
    *place++ = letters[word >> 12 & 63];
    *place++ = left > 1 ? letters[word >> 6 & 63] : '=';
    *place++ = left > 2 ? letters[word & 63] : '=';
  }
  ehlo_buf_grew(out, len);
  return 0;
}

/* Without its padding; SIZE_MAX where the padding is wrong. */
static size_t body_len(struct ehlo_slice text) {
  size_t len = text.len;
  while (len > 0 && text.ptr[len - 1] == '=')
    len--;
  const size_t padding = text.len - len;
  if (len % 4 == 1 || padding > 2 || (padding > 0 && text.len % 4 != 0)) return SIZE_MAX;
  return len;
}

int ehlo_base64_decode(struct ehlo_slice text, struct ehlo_buf *out) {
  const size_t len = body_len(text);
  if (len == SIZE_MAX) return EHLO_E_SYNTAX;
  for (size_t i = 0; i < len; i++)
    if (ehlo_base64_value(text.ptr[i]) < 0 || text.ptr[i] == '-' || text.ptr[i] == '_') return EHLO_E_SYNTAX;
  char *place = ehlo_buf_reserve(out, len / 4 * 3 + 3);
  if (!place) return out->error;
  unsigned word = 0, bits = 0;
  size_t n = 0;
  for (size_t i = 0; i < len; i++) {
    word = (word << 6 | (unsigned)ehlo_base64_value(text.ptr[i])) & 0xffffu;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    place[n++] = (char)(word >> bits & 0xffu);
  }
  ehlo_buf_grew(out, n);
  return 0;
}
