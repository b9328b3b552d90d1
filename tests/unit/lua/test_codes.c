/* Owns: the tests of codes.lookup, each, search and of the entries they give. Callers: ctest. */
#include "state.h"

static void lookup_gives_the_entry_of_a_reply_code(void **s) {
  lua_holds(s, "local e = codes.lookup('521')\n"
               "assert(e.code == '521' and e.kind == 'reply' and e.class == 'permanent-negative')\n"
               "assert(#e.name > 0 and #e.meaning > 0 and #e.when > 0 and #e.fix > 0 and e.from_digits == false)\n"
               "assert(type(e.standards[1].rfc) == 'number')");
}

static void lookup_takes_integers_and_entries_too(void **s) {
  lua_holds(s, "local e = codes.lookup('550')\n"
               "assert(codes.lookup(550) == e and codes.lookup(e) == e)");
}

static void lookup_gives_the_same_object_again(void **s) {
  lua_holds(s, "assert(rawequal(codes.lookup('521'), codes.lookup('521')))\n"
               "collectgarbage() collectgarbage()\n"
               "local t = {[codes.lookup('5.7.1')] = true}\n"
               "collectgarbage()\n"
               "assert(t[codes.lookup('5.7.1')])");
}

static void lookup_of_a_pair_gives_both(void **s) {
  lua_holds(s, "for _, text in ipairs{'550/5.1.1', '550 5.1.1', '550-5.1.1'} do\n"
               "  local a, b, c = codes.lookup(text)\n"
               "  assert(a.code == '550' and b.code == '5.1.1' and c == nil)\n"
               "  assert(b.pattern == 'X.1.1' and b.kind == 'enhanced')\n"
               "end");
}

static void lookup_of_an_unknown_code_is_composed_from_its_digits(void **s) {
  lua_holds(s, "local e = codes.lookup('559')\n"
               "assert(e.from_digits == true and #e.name > 0 and #e.meaning > 0 and e.status == 'nonstandard')\n"
               "local f = codes.lookup('5.9.9')\n"
               "assert(f.from_digits and f.pattern == 'X.9.9')\n"
               "local n = 0 for i = 0, 99 do codes.lookup(('4.6.%d'):format(900 + i)) end\n"
               "collectgarbage() assert(codes.lookup('559') == e)");
}

static void lookup_of_no_code_gives_nil_and_says_why(void **s) {
  lua_holds(s, "for _, text in ipairs{'', '99', '999', 'abc', ' 521', '521 ', '5.7', '3.1.1', '550/550', '5211', "
               "'\\27[31m'} do\n"
               "  local e, message, err = codes.lookup(text)\n"
               "  assert(e == nil and #message > 0 and err.class == 'syntax', text)\n"
               "  assert(not message:find('%c'), message)\n"
               "end\n"
               "local e, message = codes.lookup(99) assert(e == nil and message)");
}

static void lookup_of_another_type_raises(void **s) {
  lua_raises(s, "codes.lookup()", "bad argument #1");
  lua_raises(s, "codes.lookup({})", "bad argument #1");
  lua_raises(s, "codes.lookup(5.7)", "bad argument #1");
  lua_raises(s, "codes.lookup(true)", "bad argument #1");
}

static void entry_is_read_only(void **s) {
  lua_raises(s, "codes.lookup('521').name = 'mine'", "read-only");
  lua_holds(s, "codes.lookup('521').standards[1] = nil assert(codes.lookup('521').standards[1])\n"
               "assert(getmetatable(codes.lookup('521')) == 'ehlo.entry')\n"
               "assert(codes.lookup('521').nothing == nil and codes.lookup('521')[1] == nil)");
}

static void entry_walks_its_fields_by_pairs(void **s) {
  lua_holds(
      s, "local seen = {}\n"
         "for k, v in pairs(codes.lookup('550')) do seen[k] = v end\n"
         "for _, k in ipairs{'code', 'kind', 'name', 'class', 'category', 'meaning', 'when', 'fix', 'retry', 'acts',\n"
         "  'commands', 'standards', 'status', 'phrases'} do assert(seen[k] ~= nil, k) end\n"
         "assert(seen.from_digits == false and seen.code == '550')");
}

static void entry_lists_the_phrases_that_carry_its_code(void **s) {
  lua_holds(s, "local phrases = codes.lookup('550').phrases\n"
               "assert(#phrases > 3)\n"
               "for _, p in ipairs(phrases) do\n"
               "  assert(p.kind == 'phrase' and p.id and p.text and p.cause and p == p)\n"
               "  assert(p.enhanced == nil or type(p.enhanced) == 'string')\n"
               "end\n"
               "assert(phrases[1] ~= phrases[2] and codes.lookup('550').phrases[1] == phrases[1])\n"
               "assert(report.json(phrases[1]):find('\"id\":\"' .. phrases[1].id .. '\"', 1, true))");
}

static void entry_writes_its_json_and_text(void **s) {
  lua_holds(s, "local json = report.json(codes.lookup('521'))\n"
               "assert(json:find('^{\"code\":\"521\",\"kind\":\"reply\"') and json:find('\"from_digits\":false}$'))\n"
               "local text = tostring(codes.lookup('521'))\n"
               "assert(text:find('^521  .+%(permanent%-negative%)\\n  %u'), text)\n"
               "debug.getregistry()['ehlo.show'] = function(e) return 'card of ' .. e.code end\n"
               "assert(tostring(codes.lookup('521')) == 'card of 521')");
}

static void each_yields_every_code_once(void **s) {
  lua_holds(s, "local n, seen = 0, {}\n"
               "for e in codes.each() do\n"
               "  assert(e.kind ~= 'phrase' and not seen[e.code] and #e.meaning > 0)\n"
               "  seen[e.code] = true n = n + 1\n"
               "end\n"
               "assert(n > 100 and seen['521'] and seen['5.7.1'])\n"
               "local phrases = 0\n"
               "for p in codes.each('phrase') do assert(p.id) phrases = phrases + 1 end\n"
               "assert(phrases > 50)\n"
               "for e in codes.each('reply') do assert(codes.lookup(e.code) == e) end");
  lua_raises(s, "codes.each('codes')", "bad argument #1");
}

static void search_gives_the_best_first_and_keeps_the_limit(void **s) {
  lua_holds(s, "local found = codes.search('quota')\n"
               "assert(#found > 1)\n"
               "assert(#codes.search('quota', {limit = 1}) == 1)\n"
               "assert(#codes.search('zyxwvu') == 0)");
  lua_raises(s, "codes.search('quota', {limits = 1})", "did you mean 'limit'?");
  lua_raises(s, "codes.search('quota', {limit = 0})", "limit");
  lua_raises(s, "codes.search('quota', {limit = 1.5})", "limit");
  lua_raises(s, "codes.search()", "bad argument #1");
}

static void causes_and_about_describe_the_catalogue(void **s) {
  lua_holds(s, "local causes = codes.causes()\n"
               "assert(#causes > 50 and causes[1] == 'mailbox-unknown' and causes[#causes] == 'unclear')\n"
               "local about = codes.about()\n"
               "assert(about.name and about.version >= 1 and about.entries > 100)");
}

static void two_states_do_not_share_entries(void **s) {
  struct state *first = *s;
  lua_State *L = luaL_newstate();
  struct ehlo_context context = {.catalogue = ehlo_catalogue_builtin()};
  ehlo_context_set(L, &context);
  luaL_requiref(L, "codes", ehlo_open_codes, 1);
  assert_ptr_equal(ehlo_context_of(L), &context);
  assert_ptr_equal(ehlo_context_of(first->L), &first->context);
  assert_int_equal(luaL_dostring(L, "return codes.lookup('521').code"), LUA_OK);
  assert_string_equal(lua_tostring(L, -1), "521");
  lua_close(L);
  lua_holds(s, "assert(codes.lookup('521').code == '521')");
}

static void codes_without_a_catalogue_are_an_error(void **s) {
  (void)s;
  lua_State *L = luaL_newstate();
  lua_pushcfunction(L, ehlo_open_codes);
  assert_int_not_equal(lua_pcall(L, 0, 1, 0), LUA_OK);
  assert_non_null(strstr(lua_tostring(L, -1), "no catalogue"));
  lua_close(L);
}

static void network_module_that_is_missing_is_named(void **s) {
  struct state *state = *s;
  lua_pushcfunction(state->L, ehlo_open_net);
  assert_int_not_equal(lua_pcall(state->L, 0, 1, 0), LUA_OK);
  assert_non_null(strstr(lua_tostring(state->L, -1), "/nowhere/ehlo-net.so"));
  lua_settop(state->L, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      state_test(lookup_gives_the_entry_of_a_reply_code),
      state_test(lookup_takes_integers_and_entries_too),
      state_test(lookup_gives_the_same_object_again),
      state_test(lookup_of_a_pair_gives_both),
      state_test(lookup_of_an_unknown_code_is_composed_from_its_digits),
      state_test(lookup_of_no_code_gives_nil_and_says_why),
      state_test(lookup_of_another_type_raises),
      state_test(entry_is_read_only),
      state_test(entry_walks_its_fields_by_pairs),
      state_test(entry_lists_the_phrases_that_carry_its_code),
      state_test(entry_writes_its_json_and_text),
      state_test(each_yields_every_code_once),
      state_test(search_gives_the_best_first_and_keeps_the_limit),
      state_test(causes_and_about_describe_the_catalogue),
      state_test(two_states_do_not_share_entries),
      state_test(codes_without_a_catalogue_are_an_error),
      state_test(network_module_that_is_missing_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
