/* Owns: writing a file that belongs to one person. Callers: the prompt. */
#ifndef EHLO_STORE_PRIVATE_FILE_H
#define EHLO_STORE_PRIVATE_FILE_H

#include <stddef.h>

/* Both make the missing folders (mode 0700) and the file (0600), and return 0 or an errno. `append` writes in one piece, so
 * that two prompts at once do not mix their lines; `replace` puts a whole new file in the place of the old one. */
int ehlo_private_file_append(const char *path, const char *text, size_t len);
int ehlo_private_file_replace(const char *path, const char *text, size_t len);

#endif
