/* Owns: what a reply means: cause, retry, who acts, what to do, and the evidence. Callers: bindings, probe reports.
 * Bounces and log lines will be cut into such replies elsewhere. */
#ifndef EHLO_CORE_EXPLAIN_H
#define EHLO_CORE_EXPLAIN_H

#include "ehlo/core/code.h"
#include "ehlo/core/phase.h"
#include "ehlo/core/reply.h"

enum { EHLO_EXPLAIN_PLACES = 8 };

/* Strings are static, or slices of the catalogue or of the reply's own text in `text`. */
struct ehlo_explanation {
  int code;                      /* 0 where the input had none */
  struct ehlo_enhanced enhanced; /* class 0 where none */
  struct ehlo_slice cause;       /* of the closed list */
  struct ehlo_slice retry, acts;
  struct ehlo_slice provider; /* empty where unknown */
  struct ehlo_slice meaning, fix;
  struct ehlo_slice suppress;                   /* yes, no, after-repeats */
  struct ehlo_entry phrase;                     /* that decided; may not exist */
  const char *evidence_kind;                    /* "phrase", "enhanced", "reply", "digits" */
  struct ehlo_buf evidence;                     /* a sentence: Known by the phrase "..." with 5.7.26 */
  struct ehlo_buf contradiction;                /* a sentence, or empty */
  struct ehlo_slice about[EHLO_EXPLAIN_PLACES]; /* accused addresses, IPs, domains, URLs in the text */
  int n_about;
  struct ehlo_slice links[EHLO_EXPLAIN_PLACES];
  int n_links;
  struct ehlo_slice verdicts[EHLO_EXPLAIN_PLACES]; /* "Spf= Fail", as the text has them */
  int n_verdicts;
  struct ehlo_slice tag;      /* "TSS04", or empty */
  struct ehlo_buf text;       /* the reply unfolded: what was matched */
  struct ehlo_buf scratch[2]; /* meaning and fix where they are composed from digits */
  /* what JSON says before and after what the text names, where a memory has it; it holds while nothing is changed by hand */
  struct ehlo_slice json_head, json_tail;
};
void ehlo_explanation_init(struct ehlo_explanation *e, const struct ehlo_catalogue *c);
void ehlo_explanation_fini(struct ehlo_explanation *e);

/* The cause words, in the order of the design; NULL after the last. */
const char *const *ehlo_explain_causes(void);

/* `phase` is the command that the reply answered, EHLO_PHASES where unknown. Order of trust: phrase in context, enhanced code,
 * reply code with the phase, digits; the reply code's first digit decides retry when they contradict, and the contradiction is said.
 * The explanation is always complete; it is to be ended with _fini, after an error as well. */
int ehlo_explain_reply(const struct ehlo_catalogue *c, const struct ehlo_reply *reply, enum ehlo_phase phase,
                       struct ehlo_explanation *out);
/* The parts of a reply apart, as reports and logs have them; 0, class 0 and an empty text for what is unknown. */
int ehlo_explain_parts(const struct ehlo_catalogue *c, struct ehlo_code code, enum ehlo_phase phase,
                       struct ehlo_slice text, struct ehlo_explanation *out);
/* As a person pastes it: "550 5.1.1 <a@b>: no such user", several lines, "550", "5.1.1", or a text without any code.
 * EHLO_E_SYNTAX for empty input. */
int ehlo_explain_text(const struct ehlo_catalogue *c, struct ehlo_slice text, enum ehlo_phase phase,
                      struct ehlo_explanation *out);
/* {code, enhanced, cause, retry, acts, provider, about, tag, verdicts, suppress, links, meaning, fix, evidence} */
int ehlo_explanation_json(const struct ehlo_explanation *e, struct ehlo_buf *out);
/* The same, naming the recipient. */
int ehlo_explanation_json_of(const struct ehlo_explanation *e, struct ehlo_slice address, struct ehlo_buf *out);

/* The best phrase of the catalogue in an unfolded text, given code, enhanced code and phase (0 or EHLO_PHASES for unknown). */
struct ehlo_entry ehlo_phrase_match(const struct ehlo_catalogue *c, struct ehlo_slice text, int code,
                                    struct ehlo_enhanced enhanced, enum ehlo_phase phase);

#endif
