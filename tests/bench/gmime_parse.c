/* Owns: what it costs GMime merely to parse each mail of a folder: the peer beside which explaining them is measured. Called by bench_mails.py. */
#include <dirent.h>
#include <gmime/gmime.h>
#include <stdio.h>

static int parse(const char *path) {
  GMimeStream *stream = g_mime_stream_fs_open(path, 0, 0, NULL);
  if (!stream) return 0;
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  g_object_unref(parser);
  if (message) g_object_unref(message);
  return message != NULL;
}

int main(int argc, char **argv) {
  char path[4096];
  int n = 0;
  DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
  if (!folder) return 2;
  g_mime_init();
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
    n += parse(path);
  }
  (void)closedir(folder);
  printf("%d\n", n);
  return 0;
}
