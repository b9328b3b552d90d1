/* Owns: the names in a folder of mails. Callers: scripts, through mail.list. */
#include <errno.h>
#include <string.h>

#include "ehlo/store/folder.h"
#include "inner.h"

#define FOLDER "ehlo.mail.folder"

static int folder_gc(lua_State *L) {
  struct ehlo_folder **folder = luaL_checkudata(L, 1, FOLDER);
  ehlo_folder_close(*folder);
  *folder = NULL;
  return 0;
}

/* mail.list(path): the names in it, hidden ones left out, in no order. */
int mail_list(lua_State *L) {
  const char *path = luaL_checkstring(L, 1), *name;
  struct ehlo_folder **folder = ehlo_work_push(L, FOLDER, sizeof(struct ehlo_folder *), folder_gc);
  const int error = ehlo_folder_open(path, folder);
  if (error == EHLO_E_MEMORY) return luaL_error(L, "out of memory");
  if (error) {
    lua_pushstring(L, strerror(errno));
    return ehlo_push_failure(L, "system");
  }
  lua_newtable(L);
  for (lua_Integer n = 1; (name = ehlo_folder_next(*folder)) != NULL; n++) {
    lua_pushstring(L, name);
    lua_rawseti(L, -2, n);
  }
  ehlo_folder_close(*folder);
  *folder = NULL;
  return 1;
}
