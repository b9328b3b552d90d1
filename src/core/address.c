/* Owns: reading targets, mailboxes and host names as people and scripts write them. Callers: commands, sessions.
 * What is refused here cannot split a command line or smuggle a parameter into one. */
#include "ehlo/core/address.h"

#include <arpa/inet.h>

#include "ehlo/base/error.h"
#include "ehlo/base/scan.h"
#include "ehlo/core/escape.h"

enum { LABEL_MAX = 63, NAME_MAX_BYTES = 253, LOCAL_MAX = 64, DOMAIN_MAX = 255, PATH_MAX_BYTES = 254 };

static int refuse(const char **why, const char *sentence) {
  *why = sentence;
  return EHLO_E_SYNTAX;
}

/* 4 or 6 for an address, 0 for anything else. */
static int address_family(struct ehlo_slice s) {
  char text[INET6_ADDRSTRLEN];
  unsigned char parsed[sizeof(struct in6_addr)];
  if (s.len == 0 || s.len >= sizeof text || memchr(s.ptr, '\0', s.len)) return 0;
  memcpy(text, s.ptr, s.len);
  text[s.len] = '\0';
  if (inet_pton(AF_INET, text, parsed) == 1) return 4;
  return inet_pton(AF_INET6, text, parsed) == 1 ? 6 : 0;
}

/* The inside of brackets: an IPv4 address, or an IPv6 address with or without the tag of RFC 5321 4.1.3. */
static int literal_family(struct ehlo_slice *inside) {
  struct ehlo_scan c = ehlo_scan_of(*inside);
  if (!ehlo_scan_word_nocase(&c, "IPv6:")) return address_family(*inside);
  const struct ehlo_slice address = ehlo_slice_of(c.at, ehlo_scan_left(&c));
  if (address_family(address) != 6) return 0;
  *inside = address;
  return 6;
}

/* One character of a name or mailbox: its length, or 0 with the reason. ASCII controls and C1 have no place in either. */
static size_t character(struct ehlo_slice s, const char **why) {
  unsigned c;
  const size_t len = ehlo_utf8_decode(s, &c);
  if (len == 0)
    *why = "It is not valid UTF-8.";
  else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
    *why = "It holds a control character.";
  else
    return len;
  return 0;
}

static const char *why_not_in_name(char c) {
  switch (c) {
  case ' ': return "It holds a blank.";
  case '@': return "It is a mail address; give the host or the domain alone.";
  case '/': return "It is a URL or a path; give the host name alone.";
  default: return "It holds a character that no host name has.";
  }
}

static bool is_name_byte(char c) {
  const unsigned char byte = (unsigned char)c;
  return ehlo_is_digit(byte) || ehlo_is_alpha(byte) || c == '-' || c == '_' || c == '.' || byte >= 0x80;
}

/* The characters of a name. Underscores pass: DNS carries them, and servers are called so. */
static int check_name_bytes(struct ehlo_slice s, const char **why) {
  for (size_t i = 0; i < s.len;) {
    const size_t len = character(ehlo_slice_of(s.ptr + i, s.len - i), why);
    if (len == 0) return EHLO_E_SYNTAX;
    if (!is_name_byte(s.ptr[i])) return refuse(why, why_not_in_name(s.ptr[i]));
    i += len;
  }
  return 0;
}

static int check_name(struct ehlo_slice s, const char **why) {
  if (s.len == 0) return refuse(why, "It is empty.");
  const int error = check_name_bytes(s, why);
  if (error) return error;
  if (s.len > NAME_MAX_BYTES) return refuse(why, "It is longer than the 253 bytes of a host name.");
  bool numeric = true;
  struct ehlo_scan c = ehlo_scan_of(s);
  for (;;) {
    const struct ehlo_slice label = ehlo_scan_until(&c, '.');
    if (label.len == 0) return refuse(why, "It has an empty label: two dots in a row, or a dot at its start or end.");
    if (label.len > LABEL_MAX) return refuse(why, "It has a label longer than 63 bytes.");
    struct ehlo_scan digits = ehlo_scan_of(label);
    (void)ehlo_scan_while(&digits, ehlo_is_digit);
    numeric = numeric && ehlo_scan_done(&digits);
    if (!ehlo_scan_char(&c, '.')) break;
  }
  return numeric ? refuse(why, "It looks like an IPv4 address, but is none.") : 0;
}

static int read_port(struct ehlo_scan *c, uint16_t *out, const char **why) {
  uint64_t port;
  if (ehlo_scan_done(c)) return 0;
  if (!ehlo_scan_char(c, ':')) return refuse(why, "After the bracket, only a colon and a port may follow.");
  if (!ehlo_scan_number(c, 5, 65535, &port) || port == 0 || !ehlo_scan_done(c)) {
    return refuse(why, "The port is not a number from 1 to 65535.");
  }
  *out = (uint16_t)port;
  return 0;
}

static int bracketed(struct ehlo_slice s, struct ehlo_target *t, const char **why) {
  struct ehlo_scan c = ehlo_scan_of(s);
  c.at++;
  t->host = ehlo_scan_until(&c, ']');
  if (!ehlo_scan_char(&c, ']')) return refuse(why, "The closing bracket is missing.");
  t->family = literal_family(&t->host);
  if (t->family == 0) return refuse(why, "What stands in the brackets is no IP address.");
  return read_port(&c, &t->port, why);
}

static int named(struct ehlo_slice s, struct ehlo_target *t, const char **why) {
  struct ehlo_scan c = ehlo_scan_of(s);
  t->host = ehlo_scan_until(&c, ':');
  if (ehlo_scan_left(&c) > 1 && memchr(c.at + 1, ':', ehlo_scan_left(&c) - 1)) {
    const int error = check_name_bytes(t->host, why);
    return error ? error : refuse(why, "It holds several colons, but is no IPv6 address.");
  }
  t->family = address_family(t->host);
  if (t->host.len > 1 && t->host.ptr[t->host.len - 1] == '.') t->host.len--; /* the root's, as in zone files */
  const int error = t->family == 0 ? check_name(t->host, why) : 0;
  return error ? error : read_port(&c, &t->port, why);
}

int ehlo_address_target(struct ehlo_slice s, struct ehlo_target *out, const char **why) {
  *out = (struct ehlo_target){0};
  *why = NULL;
  struct ehlo_target t = {0};
  int error = 0;
  if (s.len == 0) return refuse(why, "It is empty.");
  if (address_family(s) == 6) {
    t = (struct ehlo_target){.host = s, .family = 6};
  } else {
    error = s.ptr[0] == '[' ? bracketed(s, &t, why) : named(s, &t, why);
  }
  if (error == 0) *out = t;
  return error;
}

/* RFC 5321 4.1.2. The cursor moves beyond the closing quote. */
static int quoted_local(struct ehlo_scan *c, const char **why) {
  c->at++;
  while (!ehlo_scan_done(c)) {
    if (ehlo_scan_char(c, '"')) return 0;
    if (ehlo_scan_char(c, '\\') && ehlo_scan_done(c)) break;
    const size_t len = character(ehlo_slice_of(c->at, ehlo_scan_left(c)), why);
    if (len == 0) return EHLO_E_SYNTAX;
    c->at += len;
  }
  return refuse(why, "The closing quote is missing.");
}

/* Dots may stand anywhere: telephone companies have given out such addresses, and they work. */
static int plain_local(struct ehlo_scan *c, const char **why) {
  while (!ehlo_scan_done(c) && *c->at != '@') {
    const size_t len = character(ehlo_slice_of(c->at, ehlo_scan_left(c)), why);
    if (len == 0) return EHLO_E_SYNTAX;
    if (*c->at == ' ') return refuse(why, "It holds a blank outside quotes.");
    if (strchr("()<>,:;[]\\\"", *c->at)) return refuse(why, "It holds a character that needs quotes before the @.");
    c->at += len;
  }
  return 0;
}

static int check_domain(struct ehlo_slice domain, const char **why) {
  if (domain.len == 0) return refuse(why, "There is no domain after the @.");
  if (domain.len > DOMAIN_MAX) return refuse(why, "The domain is longer than 255 bytes.");
  if (domain.ptr[0] != '[') return check_name(domain, why);
  if (domain.ptr[domain.len - 1] != ']') return refuse(why, "The closing bracket is missing.");
  struct ehlo_slice inside = ehlo_slice_of(domain.ptr + 1, domain.len - 2);
  if (address_family(inside) == 6) return refuse(why, "In mail, an IPv6 address is written as [IPv6:...].");
  return literal_family(&inside) ? 0 : refuse(why, "What stands in the brackets is no IP address.");
}

static int without_brackets(struct ehlo_slice *s, const char **why) {
  if (s->len == 0 || s->ptr[0] != '<') return 0;
  if (s->len < 2 || s->ptr[s->len - 1] != '>') return refuse(why, "The closing angle bracket is missing.");
  *s = ehlo_slice_of(s->ptr + 1, s->len - 2);
  return 0;
}

static bool has_high_byte(struct ehlo_slice s) {
  for (size_t i = 0; i < s.len; i++) {
    if ((unsigned char)s.ptr[i] >= 0x80) return true;
  }
  return false;
}

static int read_mailbox(struct ehlo_mailbox *m, const char **why) {
  struct ehlo_scan c = ehlo_scan_of(m->whole);
  if (*c.at == '@') return refuse(why, "There is nothing before the @.");
  const int error = *c.at == '"' ? quoted_local(&c, why) : plain_local(&c, why);
  if (error) return error;
  m->local = ehlo_slice_of(m->whole.ptr, (size_t)(c.at - m->whole.ptr));
  if (m->local.len > LOCAL_MAX) return refuse(why, "The part before the @ is longer than 64 bytes.");
  m->utf8 = has_high_byte(m->whole);
  m->utf8_local = has_high_byte(m->local);
  if (ehlo_scan_done(&c)) {
    /* RFC 5321 4.5.1: the one mailbox without a domain */
    if (ehlo_slice_equal_nocase(m->whole, ehlo_slice_str("postmaster"))) return 0;
    return refuse(why, "There is no @ in it.");
  }
  if (!ehlo_scan_char(&c, '@')) return refuse(why, "After the closing quote, only an @ may follow.");
  m->domain = ehlo_slice_of(c.at, ehlo_scan_left(&c));
  if (memchr(c.at, '@', m->domain.len))
    return refuse(why, "It holds a second @; quote what stands before the last one.");
  return check_domain(m->domain, why);
}

int ehlo_address_mailbox(struct ehlo_slice s, int null_allowed, struct ehlo_mailbox *out, const char **why) {
  *out = (struct ehlo_mailbox){0};
  *why = NULL;
  int error = without_brackets(&s, why);
  if (error) return error;
  struct ehlo_mailbox m = {.whole = s, .local = {s.ptr, 0}, .domain = {s.ptr, 0}};
  if (s.len > PATH_MAX_BYTES) return refuse(why, "It is longer than the 254 bytes of a mail address.");
  if (s.len > 0)
    error = read_mailbox(&m, why);
  else if (!null_allowed)
    error = refuse(why, "It is empty; the null address can only be a sender.");
  if (error == 0) *out = m;
  return error;
}

int ehlo_address_helo(struct ehlo_slice s, const char **why) {
  *why = NULL;
  if (s.len == 0) return refuse(why, "It is empty.");
  if (s.ptr[0] == '[') return check_domain(s, why);
  if (address_family(s)) return refuse(why, "It is an IP address; put it in brackets, an IPv6 address as [IPv6:...].");
  if (has_high_byte(s)) return refuse(why, "It holds characters beyond ASCII; write it in its xn-- form.");
  return check_name(s, why);
}

int ehlo_address_line_safe(struct ehlo_slice s) {
  if (s.len == 0) return 1;
  return !memchr(s.ptr, '\r', s.len) && !memchr(s.ptr, '\n', s.len) && !memchr(s.ptr, '\0', s.len);
}
