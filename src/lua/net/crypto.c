/* Owns: the module crypto: hashes, base64, public keys and verifying. Callers: scripts, the policies before all. */
#include "ehlo/base/buf.h"
#include "ehlo/core/base64.h"
#include "ehlo/store/verify.h"
#include "inner.h"

#include <string.h>

#include "../inner.h"

#define KEY "ehlo.verify_key"

static enum ehlo_hash check_hash(lua_State *L, int index) {
  static const char *const names[] = {"sha1", "sha256", NULL};
  return luaL_checkoption(L, index, NULL, names) == 0 ? EHLO_HASH_SHA1 : EHLO_HASH_SHA256;
}

static void push_digest(lua_State *L, const struct ehlo_digest *digest) {
  lua_pushlstring(L, (const char *)digest->bytes, digest->len);
}

/* crypto.hash(name, bytes) */
static int hash(lua_State *L) {
  struct ehlo_digest digest;
  if (ehlo_hash(check_hash(L, 1), ehlo_check_slice(L, 2), &digest) != 0)
    return luaL_error(L, "OpenSSL cannot make that hash here");
  push_digest(L, &digest);
  return 1;
}

/* crypto.prefix(name, bytes, digest) -> length or nil */
static int prefix(lua_State *L) {
  const enum ehlo_hash name = check_hash(L, 1);
  const struct ehlo_slice bytes = ehlo_check_slice(L, 2), wanted = ehlo_check_slice(L, 3);
  struct ehlo_digest digest = {.len = wanted.len};
  size_t len;
  if (wanted.len > sizeof digest.bytes) return 0;
  memcpy(digest.bytes, wanted.ptr, wanted.len);
  if (ehlo_hash_prefix(name, bytes, &digest, &len) != 0) return 0;
  lua_pushinteger(L, (lua_Integer)len);
  return 1;
}

/* crypto.base64(bytes) */
static int base64(lua_State *L) {
  const struct ehlo_slice bytes = ehlo_check_slice(L, 1);
  struct ehlo_buf *out = ehlo_scratch_push(L, SIZE_MAX / 4);
  (void)ehlo_base64_encode(bytes, out);
  ehlo_scratch_finish(L, out);
  return 1;
}

/* crypto.unbase64(text) */
static int unbase64(lua_State *L) {
  const struct ehlo_slice text = ehlo_check_slice(L, 1);
  struct ehlo_buf *out = ehlo_scratch_push(L, SIZE_MAX / 4);
  if (ehlo_base64_decode(text, out) == EHLO_E_SYNTAX) {
    lua_pushliteral(L, "this is no base64");
    return ehlo_push_failure(L, "syntax");
  }
  ehlo_scratch_finish(L, out);
  return 1;
}

/* ---- keys ---- */

static struct ehlo_verify_key *check_key(lua_State *L) {
  return *(struct ehlo_verify_key **)luaL_checkudata(L, 1, KEY);
}

static int key_gc(lua_State *L) {
  struct ehlo_verify_key **key = luaL_checkudata(L, 1, KEY);
  ehlo_verify_key_free(*key);
  *key = NULL;
  return 0;
}

static int no_key(lua_State *L, int error) {
  if (error == EHLO_E_MEMORY) return luaL_error(L, "out of memory");
  if (error == EHLO_E_PROTOCOL) {
    lua_pushliteral(L, "the key in it is of another type");
  } else {
    lua_pushliteral(L, "there is no public key in it");
  }
  return ehlo_push_failure(L, "syntax");
}

/* crypto.key(type, bytes) -> key */
static int key(lua_State *L) {
  static const char *const kinds[] = {"rsa", "ed25519", NULL};
  const enum ehlo_key_kind kind = luaL_checkoption(L, 1, NULL, kinds) == 0 ? EHLO_KEY_RSA : EHLO_KEY_ED25519;
  const struct ehlo_slice bytes = ehlo_check_slice(L, 2);
  struct ehlo_verify_key **made = lua_newuserdatauv(L, sizeof *made, 0);
  *made = NULL;
  luaL_setmetatable(L, KEY);
  const int error = ehlo_verify_key_read(kind, bytes, made);
  return error ? no_key(L, error) : 1;
}

/* key:verify(hash, data, signature) */
static int key_verify(lua_State *L) {
  const struct ehlo_verify_key *known = check_key(L);
  const int error = ehlo_verify(known, check_hash(L, 2), ehlo_check_slice(L, 3), ehlo_check_slice(L, 4));
  lua_pushboolean(L, error == 0);
  return 1;
}

/* key:signed_digest(hash, signature) */
static int key_signed_digest(lua_State *L) {
  struct ehlo_digest digest;
  if (ehlo_verify_recover(check_key(L), check_hash(L, 2), ehlo_check_slice(L, 3), &digest) != 0) return 0;
  push_digest(L, &digest);
  return 1;
}

/* key:bits() */
static int key_bits(lua_State *L) {
  lua_pushinteger(L, ehlo_verify_key_bits(check_key(L)));
  return 1;
}

/* key:form() */
static int key_form(lua_State *L) {
  static const char *const names[] = {[EHLO_KEY_SPKI] = "spki", [EHLO_KEY_PKCS1] = "pkcs1", [EHLO_KEY_RAW] = "raw"};
  lua_pushstring(L, names[ehlo_verify_key_form(check_key(L))]);
  return 1;
}

int net_open_crypto(lua_State *L) {
  static const luaL_Reg functions[] = {{"hash", hash},         {"prefix", prefix}, {"base64", base64},
                                       {"unbase64", unbase64}, {"key", key},       {NULL, NULL}};
  static const luaL_Reg methods[] = {{"verify", key_verify},
                                     {"signed_digest", key_signed_digest},
                                     {"bits", key_bits},
                                     {"form", key_form},
                                     {NULL, NULL}};
  if (luaL_newmetatable(L, KEY)) {
    lua_pushcfunction(L, key_gc);
    lua_setfield(L, -2, "__gc");
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, KEY);
    lua_setfield(L, -2, "__metatable");
  }
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
