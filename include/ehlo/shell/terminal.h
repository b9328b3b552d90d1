/* Owns: what the terminal is and can. Callers: the shell's Lua side, as the table `terminal`. */
#ifndef EHLO_SHELL_TERMINAL_H
#define EHLO_SHELL_TERMINAL_H

struct lua_State;
/* Leaves a table: is_tty(fd), width() in columns or nil, height() in lines or nil, utf8() whether the locale is UTF-8, files(folder)
 * names of the .lua files of a folder. */
int ehlo_terminal_open(struct lua_State *L);
/* secret(prompt): what the person types at standard input, unseen; nil when cancelled or where that is no terminal. */
int ehlo_terminal_secret(struct lua_State *L);

#endif
