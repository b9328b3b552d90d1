/* Owns: landing a catalogue: ROOT/NAME/VERSION/ holds the files of one version, and the link ROOT/NAME/current names the one in
 * force. A version is written beside, synced and renamed, then the link is: after a kill at any moment the old or the new one is
 * in force, whole. Callers: the bindings of the catalogue's commands. All functions return 0 or an errno. */
#ifndef EHLO_STORE_LANDING_H
#define EHLO_STORE_LANDING_H

#include <stdint.h>

#include "ehlo/base/slice.h"

struct ehlo_landing {
  int folder; /* ROOT; -1 when not open */
  int lock;
};

struct ehlo_landing_file {
  const char *name;
  struct ehlo_slice bytes;
};

enum { EHLO_LANDING_VERSIONS = 64 };

/* Makes ROOT where it is missing and takes its lock; EWOULDBLOCK while another process holds it. */
int ehlo_landing_open(struct ehlo_landing *l, const char *root);
void ehlo_landing_close(struct ehlo_landing *l);

/* `name` is a file name (no slash, no leading dot): EINVAL otherwise. */

/* Removes what a run that was killed left behind. */
int ehlo_landing_clean(struct ehlo_landing *l, const char *name);
/* Writes the files as the version and puts it in force; the one that was in force is kept, all others go. EEXIST where the
 * version is in force already. */
int ehlo_landing_put(struct ehlo_landing *l, const char *name, uint64_t version, const struct ehlo_landing_file *files,
                     size_t n);
/* Puts a version that is here in force. */
int ehlo_landing_switch(struct ehlo_landing *l, const char *name, uint64_t version);
/* Removes all versions. */
int ehlo_landing_remove(struct ehlo_landing *l, const char *name);

/* Without a lock: what is there. At most EHLO_LANDING_VERSIONS versions, in no order; *current is 0 where none is in force. */
int ehlo_landing_versions(const char *root, const char *name, uint64_t versions[EHLO_LANDING_VERSIONS], size_t *n,
                          uint64_t *current);

/* Calls `each` for every catalogue that has a folder. */
int ehlo_landing_names(const char *root, void (*each)(void *arg, const char *name), void *arg);

/* One file, beside any landing: makes the folders, writes beside, syncs, renames. */
int ehlo_landing_write(const char *path, struct ehlo_slice bytes);

#endif
