/* Owns: the tests of codes.compare and codes.explain. Callers: ctest. */
#include "state.h"

#include "ehlo/base/memory.h"

static void comparison_has_items_differences_and_sentences(void **s) {
  lua_holds(s, "local c = codes.compare('211', '521')\n"
               "assert(c.kind == 'reply' and #c.items == 2 and c.items[1] == codes.lookup('211'))\n"
               "assert(#c.differences > 0 and #c.differences[1].values == 2 and c.differences[1].field)\n"
               "assert(c.summary and c.when_to_use and tostring(c):find(c.summary, 1, true))\n"
               "assert(getmetatable(c) == 'ehlo.comparison')");
}

static void comparison_takes_pairs_entries_and_both_kinds(void **s) {
  lua_holds(s, "assert(#codes.compare('550/5.1.1').items == 2)\n"
               "assert(codes.compare('550', '5.1.1').kind == 'mixed')\n"
               "assert(codes.compare('4.2.2', '5.2.2').kind == 'enhanced')\n"
               "assert(#codes.compare(codes.lookup('421'), 450, '550').items == 3)\n"
               "assert(codes.compare('559', '5.9.9').items[1].from_digits)");
}

static void comparison_writes_its_json(void **s) {
  lua_holds(s, "local json = report.json(codes.compare('450', '550'))\n"
               "for _, key in ipairs{'kind', 'items', 'differences', 'common', 'summary', 'when_to_use'} do\n"
               "  assert(json:find('\"' .. key .. '\"', 1, true), key)\n"
               "end");
  lua_raises(s, "local c = codes.compare('450', '550') c.items[1] = 'gone' report.json(c)", "no entry any more");
}

static void comparison_of_too_few_or_too_many_raises(void **s) {
  lua_raises(s, "codes.compare()", "two or more");
  lua_raises(s, "codes.compare('521')", "two or more");
  lua_raises(s, "local t = {} for i = 1, 17 do t[i] = '521' end codes.compare(table.unpack(t))", "at most 16");
  lua_raises(s, "local t = {} for i = 1, 9 do t[i] = '550/5.1.1' end codes.compare(table.unpack(t))", "at most 16");
}

static void comparison_with_no_code_gives_nil_and_says_why(void **s) {
  lua_holds(s, "local c, message, err = codes.compare('521', 'abc')\n"
               "assert(c == nil and message:find('abc') and err.class == 'syntax')");
}

static void explanation_has_its_fields(void **s) {
  lua_holds(s, "local e = codes.explain('550 5.1.1 <a@b.example>: no such user', {phase = 'rcpt'})\n"
               "assert(e.code == 550 and e.enhanced == '5.1.1' and e.cause == 'mailbox-unknown' and e.retry == 'no')\n"
               "assert(#e.meaning > 0 and #e.fix > 0 and #e.evidence > 0 and e.about[1] == 'a@b.example')\n"
               "assert(type(e.links) == 'table' and type(e.verdicts) == 'table')\n"
               "assert(e.phrase == nil or e.phrase.kind == 'phrase')\n"
               "assert(tostring(e):find('^mailbox%-unknown, retry: no'))\n"
               "assert(getmetatable(e) == 'ehlo.explanation')");
}

static void explanation_writes_its_json_in_order(void **s) {
  lua_holds(s, "local json = report.json({codes.explain('452 4.2.2 over quota')})\n"
               "assert(json:find('^%[{\"address\":null,\"code\":452,\"enhanced\":\"4%.2%.2\",\"cause\":\"mailbox%-"
               "full\"'), json)\n"
               "local e = codes.explain('550 no') e.address = 'a@b' "
               "assert(report.json(e):find('^{\"address\":\"a@b\",\"code\":550,'))");
}

static void explanation_never_shows_raw_bytes_in_its_text(void **s) {
  lua_holds(s, "local e = codes.explain('550 5.1.1 <\\27[2Jx@b.example>: \\27]0;owned\\7 no such user')\n"
               "assert(not tostring(e):gsub('\\n', ''):find('%c'))\n"
               "assert(not report.json(e):find('%c'))");
}

static void explanation_takes_codes_and_texts_without_any(void **s) {
  lua_holds(s, "assert(codes.explain('5.1.1').cause == 'mailbox-unknown')\n"
               "assert(codes.explain(codes.lookup('550')).code == 550)\n"
               "assert(codes.explain('Connection timed out').code == nil)\n"
               "assert(codes.explain('550-first\\n550 5.7.1 second').enhanced == '5.7.1')");
}

static void explanation_of_nothing_gives_nil_and_says_why(void **s) {
  lua_holds(s, "local e, message, err = codes.explain('')\n"
               "assert(e == nil and message:find('nothing to explain') and err.class == 'syntax')");
  lua_raises(s, "codes.explain()", "bad argument #1");
  lua_raises(s, "codes.explain('550', {phase = 'lunch'})", "no phase");
  lua_raises(s, "codes.explain('550', {fase = 'rcpt'})", "did you mean 'phase'?");
}

#ifdef EHLO_FAULTS
/* Each allocation fails once: the call raises or succeeds, and leaks nothing. */
static void failing_allocations_raise_and_leak_nothing(void **place) {
  static const char *const chunks[] = {
      "codes.explain('550-5.7.1 first\\n550 5.7.1 <a@b.example> no', {phase = 'rcpt'})",
      "report.json(codes.compare('450', '5.1.1', '559'), {indent = 2})",
      "tostring(codes.explain('559 x')) report.escape(('\\27'):rep(999)) codes.lookup('558', codes.lookup('99'))",
      "for k in pairs(codes.lookup('557')) do end report.json(codes.lookup('550').phrases)",
  };
  struct state *s = *place;
  for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
    int failed = LUA_ERRRUN;
    for (unsigned long n = 1; failed != LUA_OK || n < 40; n++) {
      assert_true(n < 5000);
      ehlo_memory_fail_at(n, 0);
      failed = luaL_dostring(s->L, chunks[i]);
      const bool reached = ehlo_memory_count() >= n;
      ehlo_memory_fail_at(0, 0);
      if (failed) assert_non_null(strstr(lua_tostring(s->L, -1), "memory"));
      lua_settop(s->L, 0);
      if (!reached) break;
    }
    lua_gc(s->L, LUA_GCCOLLECT, 0);
  }
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      state_test(comparison_has_items_differences_and_sentences),
      state_test(comparison_takes_pairs_entries_and_both_kinds),
      state_test(comparison_writes_its_json),
      state_test(comparison_of_too_few_or_too_many_raises),
      state_test(comparison_with_no_code_gives_nil_and_says_why),
      state_test(explanation_has_its_fields),
      state_test(explanation_writes_its_json_in_order),
      state_test(explanation_never_shows_raw_bytes_in_its_text),
      state_test(explanation_takes_codes_and_texts_without_any),
      state_test(explanation_of_nothing_gives_nil_and_says_why),
#ifdef EHLO_FAULTS
      state_test(failing_allocations_raise_and_leak_nothing),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
