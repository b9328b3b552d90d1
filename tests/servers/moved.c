/* Owns: where Dovecot finds its modules, whose place is compiled in, when its packages were unpacked and not installed: paths below the
 * usual folder are looked for below $EHLO_DOVECOT. Loaded into Dovecot's processes by dovecot.py. */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct room {
  char text[4096];
};

static const char *moved(const char *path, struct room *room) {
  static const char usual[] = "/usr/lib/dovecot/";
  const char *root = getenv("EHLO_DOVECOT");
  if (!path || !root || strncmp(path, usual, sizeof usual - 1) != 0) return path;
  snprintf(room->text, sizeof room->text, "%s%s", root, path);
  return room->text;
}

static void next(const char *name, void *out, size_t size) {
  void *symbol = dlsym(RTLD_NEXT, name);
  memcpy(out, &symbol, size);
}

DIR *opendir(const char *path) {
  struct room room;
  DIR *(*real)(const char *);
  next("opendir", &real, sizeof real);
  return real(moved(path, &room));
}

void *dlopen(const char *path, int flags) {
  struct room room;
  void *(*real)(const char *, int);
  next("dlopen", &real, sizeof real);
  return real(moved(path, &room), flags);
}
