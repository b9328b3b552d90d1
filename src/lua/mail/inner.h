/* Owns: what the files of this module share. Callers: src/lua/mail only. */
#ifndef EHLO_LUA_MAIL_INNER_H
#define EHLO_LUA_MAIL_INNER_H

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/core/mime.h"
#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "ehlo/store/source.h"

#include "../inner.h"

enum { MAIL_WHY = 1024 };

/* mail.open and mail.kind; the source at `index`, which raises where it is none or closed. */
int mail_open(lua_State *L);
int mail_kind(lua_State *L);
int mail_tally(lua_State *L);
int mail_log(lua_State *L);
int mail_replies(lua_State *L);
struct ehlo_tally;
struct ehlo_tally *mail_check_tally(lua_State *L, int index);
struct ehlo_source *mail_check_source(lua_State *L, int index);

/* mail.fields, mail.canonical_field and mail.canonical_body. */
int mail_fields(lua_State *L);
int mail_canonical_field(lua_State *L);
int mail_canonical_body(lua_State *L);

/* mail.read, mail.explain, mail.explain_file and mail.list. */
int mail_read(lua_State *L);
int mail_explain(lua_State *L);
int mail_explain_file(lua_State *L);
int mail_list(lua_State *L);
/* The reader in ehlo-mime.so, which is opened on first use; raises where it cannot be. [-0, +0, e] */
struct ehlo_mime_reader *mail_open_mime(lua_State *L);

/* nil, message, {class=, message=}; the message is `why`, or the error's own words. [-0, +3, m] */
int mail_push_failure(lua_State *L, int error, const struct ehlo_buf *why);

#endif
