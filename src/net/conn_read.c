/* Owns: moving bytes from the socket or from TLS into a connection's bounded input. Callers: conn.c. */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include "conn_private.h"
#include "ehlo/base/error.h"

/* Bytes read, or 0 with what it means noted in `got` and the connection. */
static size_t read_plain(struct ehlo_conn_inner *in, char *into, size_t room, struct conn_got *got) {
  for (;;) {
    ssize_t n = recv(in->fd, into, room, 0);
    if (n > 0) return (size_t)n;
    if (n == 0) {
      in->ended = true;
      return 0;
    }
    if (errno == EINTR) continue;
    in->readable = false;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    got->error = EHLO_E_SYSTEM;
    got->number = errno;
    return 0;
  }
}

/* Many servers close the socket without close_notify: replies of SMTP say themselves where they end, so that is
 * noted, no failure. */
static bool ended_without_notify(int ssl_error) {
  return ssl_error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

static size_t read_tls(struct ehlo_conn_inner *in, char *into, size_t room, struct conn_got *got) {
  size_t n = 0;
  ERR_clear_error();
  errno = 0;
  if (SSL_read_ex(in->ssl, into, room, &n)) return n;
  int number = errno;
  int ssl_error = SSL_get_error(in->ssl, 0);
  if (ssl_error == SSL_ERROR_WANT_WRITE) return 0; /* goes on with the next edge, whichever that is */
  in->readable = false;
  if (ssl_error == SSL_ERROR_WANT_READ) return 0;
  if (ssl_error == SSL_ERROR_ZERO_RETURN) {
    in->ended = true;
  } else if (ended_without_notify(ssl_error)) {
    in->ended = in->cut = true;
    ERR_clear_error();
  } else if (ssl_error == SSL_ERROR_SYSCALL && number) {
    got->error = EHLO_E_SYSTEM;
    got->number = number;
  } else {
    got->error = EHLO_E_TLS;
    got->number = ssl_error;
  }
  return 0;
}

struct conn_got ehlo_conn_take(struct ehlo_conn_inner *in) {
  struct ehlo_buf *input = &in->conn->input;
  struct conn_got got = {0};
  char bytes[CONN_TURN_MAX];
  size_t turn = 0;
  while (in->readable && !in->ended && !got.error) {
    size_t room = input->max - input->len;
    if (room == 0) break; /* paused until ehlo_conn_resume */
    if (turn == CONN_TURN_MAX) {
      got.more = true;
      break;
    }
    if (room > CONN_TURN_MAX - turn) room = CONN_TURN_MAX - turn;
    size_t n = in->ssl ? read_tls(in, bytes, room, &got) : read_plain(in, bytes, room, &got);
    if (n == 0) break;
    turn += n;
    if (ehlo_buf_add(input, bytes, n)) {
      got.error = input->error;
    } else {
      got.grew = true;
    }
  }
  return got;
}
