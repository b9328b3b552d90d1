/* Owns: what the files of the session share among themselves. Callers: src/smtp only. */
#ifndef EHLO_SMTP_SESSION_INNER_H
#define EHLO_SMTP_SESSION_INNER_H

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/address.h"
#include "ehlo/smtp/session.h"

/* Every change of state passes here, so that a trace or a breakpoint sees them all. */
void session_enter(struct ehlo_session *s, enum ehlo_session_state state);
/* Begins the op of `phase`; EHLO_E_BUSY where one is under way. */
int session_begin(struct ehlo_session *s, enum ehlo_phase phase);
/* The op goes on in another phase: its deadline starts anew, within the whole session's. */
void session_extend(struct ehlo_session *s);
/* Ends the op with success; the phase's time is noted. */
void session_done(struct ehlo_session *s);
/* Ends session and op: the record keeps the first cause. The connection is closed. */
void session_fail(struct ehlo_session *s, int error, const char *reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Seconds since the session began. */
double session_at(const struct ehlo_session *s);
void session_note(struct ehlo_session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* session_connect.c */
void session_connected(struct ehlo_session *s);
void session_connect_failed(struct ehlo_session *s);
void session_attempt_over(struct ehlo_timer *t);
void session_greet_after_tls(struct ehlo_session *s);
void session_dial(struct ehlo_session *s); /* the addresses are known */
void session_turn_came(struct ehlo_pace_ticket *t);
/* session_dane.c */
void session_dane_ask(struct ehlo_session *s);      /* for TLSA records; then dials, or fails */
void session_dane_nameless(struct ehlo_session *s); /* the target is an address */
/* session_ptr.c */
void session_ask_ptr(struct ehlo_session *s, const struct ehlo_endpoint *local);
/* session_reply.c */
void session_await(struct ehlo_session *s); /* a reply is due: the phase's clock runs */
void session_read(struct ehlo_session *s);  /* looks at the input */
void session_peer_closed(struct ehlo_session *s);
int session_send(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice line, bool secret);
/* Opens an operation for commands; sets aside what came unasked. */
int session_open(struct ehlo_session *s, enum ehlo_phase phase);
/* Takes what lies here, unasked, out of the way of an answer. */
void session_set_aside_unasked(struct ehlo_session *s);
/* An exchange that waits for its reply, and its line in the transcript. Its index or EHLO_E_MEMORY. */
int session_expect(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice shown);
/* The end of an operation's begin: awaits, or fails with `error`. Returns 0. */
int session_sent(struct ehlo_session *s, int error);
/* session_message.c */
void session_feed(struct ehlo_session *s);                    /* more of the message, as the kernel takes it */
bool session_data_answered(struct ehlo_session *s, int code); /* a reply to DATA came: true when the message follows */
/* auth.c */
struct auth_row;
struct ehlo_auth_options;
int session_auth_start(struct ehlo_session *s, const struct auth_row *row, const struct ehlo_auth_options *o, char *why,
                       size_t why_size);
void session_auth_hear(struct ehlo_session *s, const struct ehlo_reply *reply); /* a reply came: its challenge */
bool session_auth_answered(struct ehlo_session *s, int code);                   /* true when the exchange goes on */
void session_auth_end(struct ehlo_session *s);
/* session_redact.c */
long session_keep(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice received); /* into the transcript */
/* What the transcript shows of a line: credentials that it carries are hidden, and known from then on. `room` may hold the answer. */
struct ehlo_slice session_shown(struct ehlo_session *s, struct ehlo_slice line, char *room, size_t size);
/* session_tls.c */
void session_secure(struct ehlo_session *s);  /* begins the handshake */
void session_secured(struct ehlo_session *s); /* it is complete */
bool session_tls_answered(
    struct ehlo_session *s); /* a reply to STARTTLS came: true when the handshake goes on from here */

#endif
