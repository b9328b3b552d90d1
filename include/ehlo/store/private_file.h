/* Owns: writing a file that belongs to one person. Callers: the prompt. */
#ifndef EHLO_STORE_PRIVATE_FILE_H
#define EHLO_STORE_PRIVATE_FILE_H

#include <stddef.h>

/* Both make the missing folders (mode 0700) and the file (0600; append takes others' leave to read it away), and return 0 or an
 * errno. `append` writes in one piece under the file's lock, so that two prompts at once lose none of their lines; `replace` puts
 * a whole new file in the place of the old one. */
int ehlo_private_file_append(const char *path, const char *text, size_t len);
int ehlo_private_file_replace(const char *path, const char *text, size_t len);

/* The last `max` bytes of a regular file, from the beginning of a line; `*text` is the caller's, for ehlo_memory_free. 0 or an
 * errno; EINVAL for what is no regular file. */
int ehlo_private_file_tail(const char *path, size_t max, char **text, size_t *len);
/* Leaves the last `max` bytes, from the beginning of a line, where the file is larger than `limit`; under its lock. 0 or an errno. */
int ehlo_private_file_shorten(const char *path, size_t limit, size_t max);

#endif
