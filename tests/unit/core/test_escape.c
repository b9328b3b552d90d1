/* Owns: tests of escaping. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/core/escape.h"
#include "guard.h"

#define BYTES(text) text, sizeof(text) - 1

enum { ROOM = 1 << 16 };

struct row {
  const char *bytes;
  size_t len;
  const char *terminal;
  size_t width;
  const char *json;
  const char *html;
};

static const struct row rows[] = {
    {BYTES(""), "", 0, "\"\"", ""},
    {BYTES("250 OK"), "250 OK", 6, "\"250 OK\"", "250 OK"},
    {BYTES("\x1b[31mred\x07"), "\\x1B[31mred\\x07", 15, "\"\\u001b[31mred\\u0007\"", "\\x1B[31mred\\x07"},
    {BYTES("a\tb\r\n\0c"), "a\\tb\\r\\n\\0c", 11, "\"a\\tb\\r\\n\\u0000c\"", "a\tb\r\n\\x00c"},
    {BYTES("\x7f"), "\\x7F", 4, "\"\\u007f\"", "\\x7F"},
    {BYTES("back\\slash"), "back\\slash", 10, "\"back\\\\slash\"", "back\\slash"},
    {BYTES("<a@b> & \"c\" 'd'"), "<a@b> & \"c\" 'd'", 15, "\"<a@b> & \\\"c\\\" 'd'\"",
     "&lt;a@b&gt; &amp; &quot;c&quot; &#39;d&#39;"},
    /* C1, raw and as UTF-8 */
    {BYTES("\x9b"
           "31m"),
     "\\x9B31m", 7, "\"\\ufffd31m\"", "\\x9B31m"},
    {BYTES("\xc2\x9b"
           "31m"),
     "\\xC2\\x9B31m", 11, "\"\\u009b31m\"", "\\xC2\\x9B31m"},
    /* UTF-8 that prints */
    {BYTES("Gr\xc3\xbc\xc3\x9f"), "Gr\xc3\xbc\xc3\x9f", 4, "\"Gr\xc3\xbc\xc3\x9f\"", "Gr\xc3\xbc\xc3\x9f"},
    {BYTES("\xe6\x97\xa5\xe6\x9c\xac"), "\xe6\x97\xa5\xe6\x9c\xac", 4, "\"\xe6\x97\xa5\xe6\x9c\xac\"",
     "\xe6\x97\xa5\xe6\x9c\xac"},
    {BYTES("e\xcc\x81"), "e\xcc\x81", 1, "\"e\xcc\x81\"", "e\xcc\x81"},
    {BYTES("\xf0\x9f\x93\xa7"), "\xf0\x9f\x93\xa7", 2, "\"\xf0\x9f\x93\xa7\"", "\xf0\x9f\x93\xa7"},
    /* characters that hide or reorder: U+202E, U+200B, U+2028, U+FEFF, U+E0041 */
    {BYTES("\xe2\x80\xaex"), "\\xE2\\x80\\xAEx", 13, "\"\\u202ex\"", "\\xE2\\x80\\xAEx"},
    {BYTES("\xe2\x80\x8b"), "\\xE2\\x80\\x8B", 12, "\"\\u200b\"", "\\xE2\\x80\\x8B"},
    {BYTES("\xe2\x80\xa8"), "\\xE2\\x80\\xA8", 12, "\"\\u2028\"", "\\xE2\\x80\\xA8"},
    {BYTES("\xef\xbb\xbf"), "\\xEF\\xBB\\xBF", 12, "\"\\ufeff\"", "\\xEF\\xBB\\xBF"},
    {BYTES("\xf3\xa0\x81\x81"), "\\xF3\\xA0\\x81\\x81", 16, "\"\\udb40\\udc41\"", "\\xF3\\xA0\\x81\\x81"},
    /* broken UTF-8: alone, overlong, surrogate, beyond the last, cut off */
    {BYTES("\xff"), "\\xFF", 4, "\"\\ufffd\"", "\\xFF"},
    {BYTES("\xc0\xaf"), "\\xC0\\xAF", 8, "\"\\ufffd\\ufffd\"", "\\xC0\\xAF"},
    {BYTES("\xed\xa0\x80"), "\\xED\\xA0\\x80", 12, "\"\\ufffd\\ufffd\\ufffd\"", "\\xED\\xA0\\x80"},
    {BYTES("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80", 16, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"", "\\xF4\\x90\\x80\\x80"},
    {BYTES("\xe6\x97"), "\\xE6\\x97", 8, "\"\\ufffd\\ufffd\"", "\\xE6\\x97"},
    {BYTES("\xe6(x"), "\\xE6(x", 6, "\"\\ufffd(x\"", "\\xE6(x"},
};

static void bytes_become_what_each_medium_can_show(void **state) {
  (void)state;
  struct guard g;
  struct ehlo_buf out;
  assert_int_equal(guard_open(&g, 64), 0);
  ehlo_buf_init(&out, ROOM);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct ehlo_slice s = ehlo_slice_of(guard_put(&g, rows[i].bytes, rows[i].len), rows[i].len);
    ehlo_buf_reset(&out);
    assert_int_equal(ehlo_escape_terminal(s, &out), 0);
    assert_slice(ehlo_buf_slice(&out), rows[i].terminal);
    assert_int_equal(ehlo_escape_width(s), rows[i].width);
    ehlo_buf_reset(&out);
    assert_int_equal(ehlo_escape_json(s, &out), 0);
    assert_slice(ehlo_buf_slice(&out), rows[i].json);
    ehlo_buf_reset(&out);
    assert_int_equal(ehlo_escape_html(s, &out), 0);
    assert_slice(ehlo_buf_slice(&out), rows[i].html);
  }
  ehlo_buf_fini(&out);
  guard_close(&g);
}

/* No byte that a terminal obeys, and valid UTF-8 throughout. */
static void assert_showable(struct ehlo_slice s) {
  for (size_t pos = 0; pos < s.len;) {
    unsigned code_point;
    const size_t len = ehlo_utf8_decode(ehlo_slice_of(s.ptr + pos, s.len - pos), &code_point);
    assert_true(len > 0);
    assert_true(code_point >= 0x20 && code_point != 0x7f && !(code_point >= 0x80 && code_point < 0xa0));
    assert_false(code_point >= 0x2028 && code_point <= 0x202e);
    assert_false(code_point >= 0x2066 && code_point <= 0x2069);
    pos += len;
  }
}

static void no_two_bytes_slip_through(void **state) {
  (void)state;
  struct ehlo_buf out;
  ehlo_buf_init(&out, ROOM);
  for (unsigned pair = 0; pair <= 0xffff; pair++) {
    const char bytes[2] = {(char)(pair >> 8), (char)(pair & 0xff)};
    const struct ehlo_slice s = ehlo_slice_of(bytes, 2);
    ehlo_buf_reset(&out);
    (void)ehlo_escape_terminal(s, &out);
    assert_showable(ehlo_buf_slice(&out));
    ehlo_buf_reset(&out);
    (void)ehlo_escape_json(s, &out);
    assert_showable(ehlo_buf_slice(&out));
  }
  ehlo_buf_fini(&out);
}

static void every_code_point_survives_or_is_escaped(void **state) {
  (void)state;
  struct ehlo_buf out;
  ehlo_buf_init(&out, ROOM);
  for (unsigned c = 0x800; c <= 0xffff; c++) {
    const char bytes[3] = {(char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f))};
    unsigned seen;
    const struct ehlo_slice s = ehlo_slice_of(bytes, 3);
    const int surrogate = c >= 0xd800 && c <= 0xdfff;
    assert_int_equal(ehlo_utf8_decode(s, &seen), surrogate ? 0 : 3);
    assert_int_equal(seen, surrogate ? 0 : c);
    ehlo_buf_reset(&out);
    (void)ehlo_escape_terminal(s, &out);
    assert_showable(ehlo_buf_slice(&out));
    assert_true(out.len == 3 || out.len == 12);
  }
  ehlo_buf_fini(&out);
}

static void a_full_buffer_is_told(void **state) {
  (void)state;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 5);
  assert_int_equal(ehlo_escape_terminal(ehlo_slice_str("123456"), &out), EHLO_E_LIMIT);
  ehlo_buf_reset(&out);
  assert_int_equal(ehlo_escape_json(ehlo_slice_str("1234"), &out), EHLO_E_LIMIT);
  ehlo_buf_reset(&out);
  assert_int_equal(ehlo_escape_html(ehlo_slice_str("<>"), &out), EHLO_E_LIMIT);
  ehlo_buf_fini(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_become_what_each_medium_can_show),
      cmocka_unit_test(no_two_bytes_slip_through),
      cmocka_unit_test(every_code_point_survives_or_is_escaped),
      cmocka_unit_test(a_full_buffer_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
