/* Owns: an input as a file that lies in memory, opened as the commands open one. Callers: the fuzz entries that read files. */
#ifndef EHLO_TESTS_FUZZ_MEMORY_FILE_H
#define EHLO_TESTS_FUZZ_MEMORY_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ehlo/base/buf.h"
#include "ehlo/store/source.h"

struct memory_file {
  int fd;
  struct ehlo_source *source;
  struct ehlo_buf why;
};

static inline struct memory_file memory_file_open(const void *bytes, size_t size) {
  struct memory_file file = {.fd = memfd_create("input", MFD_CLOEXEC)};
  char path[64];
  ehlo_buf_init(&file.why, 512);
  if (file.fd < 0 || write(file.fd, bytes, size) != (ssize_t)size) abort();
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file.fd);
  if (ehlo_source_open(path, false, &file.source, &file.why) != 0) abort();
  return file;
}

static inline void memory_file_close(struct memory_file *file) {
  ehlo_source_close(file->source);
  ehlo_buf_fini(&file->why);
  close(file->fd);
}

#endif
