/* Owns: a fuzz entry for the reader of a stream of replies, as scripts have it: the lines of JSON are the same however the bytes were cut,
 * what each reply means is the same however its lines end, and as many are counted as told. See drive.c. */
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "ehlo/core/catalogue.h"
#include "ehlo/lua/bindings.h"
#include "ehlo/lua/context.h"
#include "line_ends.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What scripts/lib/replies.lua does with the pieces of a file. Texts are shown without their line ends, which are the input's own. */
static const char *const chunk =
    "local function told(bytes, step, tally)\n"
    "  local kept, out, count, at = '', {}, 0, 1\n"
    "  repeat\n"
    "    local piece = bytes:sub(at, at + step - 1)\n"
    "    at, kept = at + step, kept .. piece\n"
    "    local lines, used, n = mail.replies(kept, at > #bytes, tally)\n"
    "    assert(used >= 0 and used <= #kept, 'more was used than there was')\n"
    "    kept, count = kept:sub(used + 1), count + n\n"
    "    out[#out + 1] = lines\n"
    "  until at > #bytes\n"
    "  assert(kept == '', 'bytes were left over')\n"
    "  return table.concat(out), count\n"
    "end\n"
    "local lf, crlf, step = ...\n"
    "local whole, n = told(lf, #lf + 1)\n"
    "assert(told(lf, step) == whole, 'it matters how the bytes are cut')\n"
    "assert(not whole:find('[%z\\1-\\9\\11-\\31]'), 'JSON holds a control byte')\n"
    "assert(select(2, whole:gsub('\\n', '')) == n, 'not a line for each')\n"
    "assert(select(2, whole:gsub('\"evidence\":\"[^\"]', '')) == n, 'evidence is missing')\n"
    "local _, counted = told(lf, step, mail.tally())\n"
    "assert(counted == n, 'not as many counted as told')\n"
    "local function bare(json) return (json:gsub('\"input\":\".-\",\"kind\"', ''):gsub('\\\\r', '')) end\n"
    "assert(bare(told(crlf, step)) == bare(whole), 'CRLF copies give other answers')\n";

static lua_State *open_state(void) {
  static struct ehlo_context context;
  lua_State *L = luaL_newstate();
  if (!L) abort();
  context.catalogue = ehlo_catalogue_builtin();
  context.folder = EHLO_FOLDER;
  luaL_openlibs(L);
  ehlo_context_set(L, &context);
  ehlo_open_mail(L);
  lua_getfield(L, -1, "mail");
  lua_setglobal(L, "mail");
  lua_settop(L, 0);
  if (luaL_loadstring(L, chunk) != LUA_OK) abort();
  return L;
}

static void push_copy(lua_State *L, const char *end, const uint8_t *data, size_t size) {
  struct ehlo_buf copy;
  ehlo_buf_init(&copy, COPY_MAX);
  end_lines_in(end, data, size, &copy);
  lua_pushlstring(L, copy.data ? copy.data : "", copy.len);
  ehlo_buf_fini(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static lua_State *L;
  if (!L) L = open_state();
  if (size < 1) return 0;
  lua_pushvalue(L, 1);
  push_copy(L, "\n", data + 1, size - 1);
  push_copy(L, "\r\n", data + 1, size - 1);
  lua_pushinteger(L, 1 + data[0] % 100);
  if (lua_pcall(L, 3, 0, 0) != LUA_OK) {
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    abort();
  }
  return 0;
}
