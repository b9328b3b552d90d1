/* Owns: the Lua objects that more than one binding hands out. Callers: binding files. All may throw. */
#ifndef EHLO_LUA_PUSH_H
#define EHLO_LUA_PUSH_H

#include "ehlo/core/code.h"
#include "ehlo/core/explain.h"
#include "ehlo/core/reply.h"

struct lua_State;

/* An explanation as a Lua table with fields code, enhanced, cause, retry, acts, provider, about, tag, links, suppress, meaning, fix,
 * evidence, contradiction, text; metatable "ehlo.explanation" (its `__json` writes the object, `tostring` the page's plain text). [-0, +1, m] */
void ehlo_push_explanation(struct lua_State *L, const struct ehlo_explanation *e);
/* What a reply means as the answer to `phase`, pushed as above; nil without a catalogue. Raises when out of memory. [-0, +1, m] */
void ehlo_push_reply_explanation(struct lua_State *L, const struct ehlo_reply *reply, enum ehlo_phase phase);
/* An entry object for a card (cached by code in the registry). [-0, +1, m] */
void ehlo_push_card(struct lua_State *L, const struct ehlo_card *card);
/* From now on look-ups answer from `catalogue`, which must live as long as the state, as must the one before: entries that scripts
 * hold go on reading it. [-0, +0, m] */
void ehlo_catalogue_use(struct lua_State *L, const struct ehlo_catalogue *catalogue);
/* Raises "bad argument #n ..." for keys of the table at `index` that are not in the NULL-terminated list; suggests the nearest. [-0, +0, v] */
void ehlo_check_options(struct lua_State *L, int index, const char *const *known);

#endif
