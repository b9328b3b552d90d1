/* Owns: the tests of the report module. Callers: ctest. */
#include "state.h"

static void width_counts_columns_not_bytes(void **s) {
  lua_holds(s, "assert(report.width('') == 0 and report.width('abc') == 3)\n"
               "assert(report.width('Gr\\u{fc}\\u{df}e') == 5)\n"
               "assert(report.width('e\\u{301}') == 1)\n"
               "assert(report.width('\\u{4e2d}\\u{6587}') == 4)\n"
               "assert(report.width('\\27[1;31mred\\27[0m') == 3)\n"
               "assert(report.width('\\27[2J') > 4)");
  lua_raises(s, "report.width()", "bad argument #1");
}

static void wrap_keeps_within_the_columns(void **s) {
  lua_holds(s, "local text = 'The mailbox is full: it takes mail again when its owner has made room in it.'\n"
               "for columns = 1, 90 do\n"
               "  local lines = report.wrap(text, columns)\n"
               "  for _, line in ipairs(lines) do\n"
               "    assert(report.width(line) <= columns and not line:find('^ ') and not line:find(' $'))\n"
               "  end\n"
               "  assert(table.concat(lines):gsub(' ', '') == text:gsub(' ', ''))\n"
               "end");
}

static void wrap_breaks_at_new_lines_and_keeps_empty_ones(void **s) {
  lua_holds(s, "assert(table.concat(report.wrap('a b\\n\\nc', 10), '|') == 'a b||c')\n"
               "assert(table.concat(report.wrap('a\\n', 10), '|') == 'a')\n"
               "assert(#report.wrap('', 10) == 1 and report.wrap('', 10)[1] == '')");
}

static void wrap_breaks_long_words_but_no_links(void **s) {
  lua_holds(
      s, "local lines = report.wrap('x abcdefghij', 4)\n"
         "assert(table.concat(lines, '|') == 'x|abcd|efgh|ij')\n"
         "assert(report.wrap('see https://example.org/a/long/way', 10)[2] == 'https://example.org/a/long/way')\n"
         "assert(table.concat(report.wrap('\\u{4e2d}\\u{6587}\\u{5b57}', 4), '|') == '\\u{4e2d}\\u{6587}|\\u{5b57}')\n"
         "assert(report.wrap('\\u{4e2d}\\u{6587}', 1)[1] == '\\u{4e2d}')\n"
         "assert(table.concat(report.wrap('\\27[1mab cd\\27[0m', 2), '|') == '\\27[1mab|cd\\27[0m')");
  lua_raises(s, "report.wrap('x', 0)", "bad argument #2");
  lua_raises(s, "report.wrap('x')", "bad argument #2");
}

static void pad_fills_by_columns(void **s) {
  lua_holds(s, "assert(report.pad('ab', 4) == 'ab  ' and report.pad('ab', 4, 'right') == '  ab')\n"
               "assert(report.pad('\\u{4e2d}', 4) == '\\u{4e2d}  ' and report.pad('abcdef', 4) == 'abcdef')");
}

static void escape_leaves_nothing_that_drives_a_terminal(void **s) {
  lua_holds(s, "assert(report.escape('a\\27[31mb\\n\\0\\255') == 'a\\\\x1B[31mb\\\\n\\\\0\\\\xFF')\n"
               "assert(report.escape_html('<a href=\"x\">&\\'') == '&lt;a href=&quot;x&quot;&gt;&amp;&#39;')\n"
               "local all = {} for i = 0, 255 do all[#all + 1] = string.char(i) end\n"
               "assert(not report.escape(table.concat(all)):find('[%c\\127-\\255]'))\n"
               "assert(#report.escape_html(table.concat(all):rep(100)) > 0)");
}

static void json_writes_values_in_a_stable_order(void **s) {
  lua_holds(s,
            "assert(report.json({b = 1, a = {1, 2.5, 'x'}, c = report.null, ab = true}) ==\n"
            "  '{\"a\":[1,2.5,\"x\"],\"ab\":true,\"b\":1,\"c\":null}')\n"
            "assert(report.json(nil) == 'null' and report.json({}) == '[]' and report.json(setmetatable({}, {__order = "
            "{}})) == '{}')\n"
            "assert(report.json(0/0) == 'null' and report.json(1/0) == 'null' and report.json(0.1) == '0.1')\n"
            "assert(report.json(1e15) == '1e+15' and report.json(2^53) == '9007199254740992')\n"
            "assert(report.json(math.mininteger) == '-9223372036854775808')\n"
            "local t = setmetatable({z = 1, y = 2, x = 3}, {__order = {'z', 'w', 'x'}})\n"
            "assert(report.json(t) == '{\"z\":1,\"w\":null,\"x\":3,\"y\":2}')\n"
            "assert(report.json(setmetatable({}, {__json = function() return '{\"own\":1}' end})) == '{\"own\":1}')");
}

static void json_lays_out_over_lines(void **s) {
  lua_holds(s, "local t = {a = {1, 2}, b = {}, c = 'x{,\\\\\"'}\n"
               "assert(report.json(t, {indent = 2}) == [==[{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": [],\n  \"c\": "
               "\"x{,\\\\\\\"\"\n}]==])\n"
               "assert(report.json(t, {indent = 0}) == report.json(t))\n"
               "local e = report.json(codes.lookup('521'), {indent = 2})\n"
               "assert(e:find('^{\\n  \"code\": \"521\",\\n'))");
  lua_raises(s, "report.json({}, {indents = 2})", "did you mean 'indent'?");
  lua_raises(s, "report.json({}, {indent = 99})", "indent");
}

static void json_refuses_what_json_does_not_know(void **s) {
  lua_raises(s, "local t = {} t.t = t report.json(t)", "contains itself");
  lua_raises(s, "local t = {} for i = 1, 200 do t = {t} end report.json(t)", "nested deeper");
  lua_raises(s, "report.json(print)", "a function cannot");
  lua_raises(s, "report.json({[2.5] = 1})", "key of type number");
  lua_holds(s, "assert(report.json({1, [3] = 3, a = 2}) == '{\"1\":1,\"3\":3,\"a\":2}')");
  lua_raises(s, "report.json({[true] = 1})", "key of type boolean");
  lua_raises(s, "report.json(setmetatable({}, {__json = function() end}))", "must return a string");
  lua_raises(
      s,
      "local t = {a = 1} t.own = setmetatable({}, {__json = function() for i = 1, 99 do t[i] = i end return '1' end})\n"
      "report.json(setmetatable(t, {__order = {'own'}}))",
      "changes while");
  lua_holds(s, "assert(report.json(setmetatable({a = {1}}, {__order = 'x'})) == '{\"a\":[1]}')");
  lua_raises(s, "report.json()", "bad argument #1");
  lua_holds(s, "local shared = {1} assert(report.json({shared, shared}) == '[[1],[1]]')");
}

static void json_escapes_strings_and_names(void **s) {
  lua_holds(s, "assert(report.json('a\"\\\\\\n\\27\\0') == [[\"a\\\"\\\\\\n\\u001b\\u0000\"]])\n"
               "assert(report.json({['k\\0\"'] = 1, k = 2}) == [[{\"k\":2,\"k\\u0000\\\"\":1}]])");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      state_test(width_counts_columns_not_bytes),
      state_test(wrap_keeps_within_the_columns),
      state_test(wrap_breaks_at_new_lines_and_keeps_empty_ones),
      state_test(wrap_breaks_long_words_but_no_links),
      state_test(pad_fills_by_columns),
      state_test(escape_leaves_nothing_that_drives_a_terminal),
      state_test(json_writes_values_in_a_stable_order),
      state_test(json_lays_out_over_lines),
      state_test(json_refuses_what_json_does_not_know),
      state_test(json_escapes_strings_and_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
