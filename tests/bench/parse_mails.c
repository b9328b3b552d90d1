/* Owns: the measure for the reading of mails: takes each mail of the folders named apart with GMime, and does nothing with it.
 * Called by tests/bench/mails.py: bench_parse_mails FOLDER... */
#include <dirent.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int parse(const char *bytes, size_t len) {
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  g_object_unref(parser);
  if (!message) return 0;
  g_object_unref(message);
  return 1;
}

static int parse_file(const char *path) {
  struct stat facts;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    if (fd >= 0) (void)close(fd);
    return 0;
  }
  char *bytes = malloc((size_t)facts.st_size + 1);
  const ssize_t len = bytes ? read(fd, bytes, (size_t)facts.st_size) : -1;
  (void)close(fd);
  const int parsed = len > 0 ? parse(bytes, (size_t)len) : 0;
  free(bytes);
  return parsed;
}

static int parse_folder(const char *folder) {
  char path[4096];
  int parsed = 0;
  DIR *dir = opendir(folder);
  for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
    const int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (len > 0 && (size_t)len < sizeof path) parsed += parse_file(path);
  }
  if (dir) (void)closedir(dir);
  return parsed;
}

int main(int argc, char **argv) {
  int parsed = 0;
  g_mime_init();
  for (int i = 1; i < argc; i++)
    parsed += parse_folder(argv[i]);
  (void)printf("%d\n", parsed);
  return parsed > 0 ? 0 : 1;
}
