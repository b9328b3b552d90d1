/* Owns: listing the names in a folder. Callers: bindings. */
#ifndef EHLO_STORE_FOLDER_H
#define EHLO_STORE_FOLDER_H

struct ehlo_buf;
struct ehlo_folder;

/* EHLO_E_MEMORY, or EHLO_E_SYSTEM with errno as it was. */
int ehlo_folder_open(const char *path, struct ehlo_folder **out);
void ehlo_folder_close(struct ehlo_folder *folder); /* NULL is legal */
/* The next name, hidden ones left out, in no order; NULL after the last. Good until the next call. */
const char *ehlo_folder_next(struct ehlo_folder *folder);

/* The whole of a file that is smaller than the buffer's maximum; EHLO_E_NOT_FOUND for any that is not, or is no file, or cannot be read. */
int ehlo_folder_read_small(const char *path, struct ehlo_buf *out);

#endif
