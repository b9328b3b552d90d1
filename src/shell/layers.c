/* Owns: the module ehlo.layer_files: what the catalogue's layers need of the disk, and putting a catalogue into force. Callers:
 * scripts/lib/layers.lua and document.lua, through require. */
#include "ehlo/shell/layers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ehlo/core/catalogue.h"
#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "ehlo/store/private_file.h"

#define KEPT "ehlo.catalogues" /* on the registry: all that were in force, for entries may still point into them */
#define MAGIC "EHLOMERG"
enum { HEADER = 24, LAYERS_MAX = 1 << 20, WHOLE_MAX = 128 << 20, FILES_MAX = 4096 };

/* A catalogue that is not the built-in one. Its image is in `map`, or in the string that is the userdata's user value. */
struct kept {
  struct ehlo_catalogue catalogue;
  void *map;
  size_t len;
};

static int kept_gc(lua_State *L) {
  struct kept *k = lua_touserdata(L, 1);
  struct ehlo_context *context = ehlo_context_of(L);
  if (context && context->catalogue == &k->catalogue) context->catalogue = ehlo_catalogue_builtin();
  if (k->map) (void)munmap(k->map, k->len);
  k->map = NULL;
  return 0;
}

static struct kept *push_kept(lua_State *L) {
  struct kept *k = lua_newuserdatauv(L, sizeof *k, 2);
  *k = (struct kept){.catalogue = {.image = {"", 0}}};
  if (luaL_newmetatable(L, KEPT)) {
    lua_pushcfunction(L, kept_gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  return k;
}

/* Puts the catalogue on top into force and keeps it as long as the state lives. [-1, +0, m] */
static void use_kept(lua_State *L, struct kept *k) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, KEPT "s");
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
  ehlo_catalogue_use(L, &k->catalogue);
}

/* builtin() -> the document of the built-in catalogue, as text. */
static int builtin(lua_State *L) {
  const struct ehlo_slice document = ehlo_catalogue_builtin_document();
  lua_pushlstring(L, document.ptr, document.len);
  return 1;
}

/* about() -> name, version, issued and expires of the built-in catalogue. */
static int about(lua_State *L) {
  static const char *const keys[] = {"name", "issued", "expires"};
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  lua_createtable(L, 0, 4);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const struct ehlo_slice value = ehlo_catalogue_about(c, keys[i]);
    lua_pushlstring(L, value.ptr, value.len);
    lua_setfield(L, -2, keys[i]);
  }
  lua_pushinteger(L, (lua_Integer)c->version);
  lua_setfield(L, -2, "version");
  return 1;
}

/* reset(): the built-in catalogue answers again. */
static int reset(lua_State *L) {
  ehlo_catalogue_use(L, ehlo_catalogue_builtin());
  return 0;
}

/* list(folder) -> the names in it, in no order, hidden ones left out; nil where there is no such folder. */
static int list(lua_State *L) {
  DIR *folder = opendir(luaL_checkstring(L, 1));
  if (!folder) return 0;
  const struct dirent *entry;
  lua_Integer n = 0;
  lua_newtable(L);
  while ((entry = readdir(folder)) != NULL && n < FILES_MAX) {
    if (entry->d_name[0] == '.') continue;
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++n);
  }
  (void)closedir(folder);
  return 1;
}

/* identity(path) -> a text that changes whenever the file does; nil where there is no plain file. */
static int identity(lua_State *L) {
  struct stat s;
  if (stat(luaL_checkstring(L, 1), &s) != 0 || !S_ISREG(s.st_mode)) return 0;
  const lua_Integer parts[] = {(lua_Integer)s.st_dev,          (lua_Integer)s.st_ino,
                               (lua_Integer)s.st_size,         (lua_Integer)s.st_mtim.tv_sec,
                               (lua_Integer)s.st_mtim.tv_nsec, (lua_Integer)s.st_ctim.tv_sec,
                               (lua_Integer)s.st_ctim.tv_nsec, (lua_Integer)s.st_mode};
  lua_pushliteral(L, "");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    lua_pushfstring(L, "%s%I ", lua_tostring(L, -1), (LUAI_UACINT)parts[i]);
    lua_replace(L, -2);
  }
  return 1;
}

/* Maps a file of our own into memory: one that nobody else could have written. NULL otherwise. */
static void *map_own_file(const char *path, size_t *len) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return NULL;
  struct stat s;
  const mode_t others = S_IWGRP | S_IWOTH;
  const bool ours = fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_uid == geteuid() && (s.st_mode & others) == 0;
  void *map = MAP_FAILED;
  if (ours && s.st_size >= HEADER && s.st_size <= WHOLE_MAX) {
    *len = (size_t)s.st_size;
    map = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0);
  }
  (void)close(fd);
  return map == MAP_FAILED ? NULL : map;
}

static uint32_t number_at(const char *p) {
  const unsigned char *b = (const unsigned char *)p;
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

struct parts {
  struct ehlo_slice inputs, layers, notices, image;
};

/* A header of "EHLOMERG" and four lengths; what they measure follows, to the last byte. */
static bool split(struct ehlo_slice s, struct parts *out) {
  struct ehlo_slice *const parts[] = {&out->inputs, &out->layers, &out->notices, &out->image};
  if (s.len < HEADER || memcmp(s.ptr, MAGIC, 8) != 0) return false;
  size_t at = HEADER;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    const size_t len = number_at(s.ptr + 8 + i * 4);
    if (len > s.len - at) return false;
    *parts[i] = ehlo_slice_of(s.ptr + at, len);
    at += len;
  }
  return at == s.len && out->layers.len <= LAYERS_MAX && out->notices.len <= LAYERS_MAX;
}

/* map(path, inputs) -> layers, notices: puts the image that was kept at `path` into force, if it was made from the very same
 * inputs; nil where it was not, or where anything about it is wrong. */
static int map(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  size_t len;
  const char *inputs = luaL_checklstring(L, 2, &len);
  struct parts parts;
  struct kept *k = push_kept(L);
  k->map = map_own_file(path, &k->len);
  if (!k->map || !split(ehlo_slice_of(k->map, k->len), &parts)) return 0;
  if (!ehlo_slice_equal(parts.inputs, ehlo_slice_of(inputs, len))) return 0;
  if (ehlo_catalogue_open(parts.image, &k->catalogue) != 0) return 0;
  use_kept(L, k);
  lua_pushlstring(L, parts.layers.ptr, parts.layers.len);
  lua_pushlstring(L, parts.notices.ptr, parts.notices.len);
  return 2;
}

/* use(image) -> true: puts an image into force; nil where it is none. */
static int use(lua_State *L) {
  size_t len;
  const char *image = luaL_checklstring(L, 1, &len);
  struct kept *k = push_kept(L);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  if (ehlo_catalogue_open(ehlo_slice_of(image, len), &k->catalogue) != 0) return 0;
  use_kept(L, k);
  lua_pushboolean(L, 1);
  return 1;
}

/* stale(names): the layers that are beyond their date, as entries name them, a line each. */
static int stale(lua_State *L) {
  size_t len;
  const char *names = luaL_checklstring(L, 1, &len);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, KEPT "s");
  lua_rawgeti(L, -1, (lua_Integer)lua_rawlen(L, -1));
  struct kept *k = luaL_testudata(L, -1, KEPT);
  if (!k || ehlo_context_of(L)->catalogue != &k->catalogue) return 0;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 2);
  k->catalogue.stale = ehlo_slice_of(names, len);
  return 0;
}

/* save(path, inputs, layers, notices, image) -> true | nil, why: keeps a merged image for map(). */
static int save(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addlstring(&b, MAGIC, 8);
  for (int i = 2; i <= 5; i++) {
    size_t len;
    luaL_checklstring(L, i, &len);
    for (int byte = 0; byte < 4; byte++)
      luaL_addchar(&b, (char)(len >> (byte * 8) & 0xff));
  }
  for (int i = 2; i <= 5; i++) {
    lua_pushvalue(L, i);
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
  size_t len;
  const char *bytes = lua_tolstring(L, -1, &len);
  const int error = ehlo_private_file_replace(path, bytes, len);
  if (error) {
    errno = error;
    return luaL_fileresult(L, 0, path);
  }
  lua_pushboolean(L, 1);
  return 1;
}

int ehlo_layers_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"builtin", builtin},   {"about", about}, {"reset", reset}, {"list", list},
                                       {"identity", identity}, {"map", map},     {"use", use},     {"stale", stale},
                                       {"save", save},         {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
