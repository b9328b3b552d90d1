/* Owns: finding the reply of a server in what a report says about a recipient. Callers: the readers of bounces. */
#ifndef EHLO_CORE_MAIL_REPLY_H
#define EHLO_CORE_MAIL_REPLY_H

#include "ehlo/core/enhanced.h"
#include "ehlo/core/phase.h"
#include "mail_text.h"

struct said {
  int code;                      /* 0 for none */
  struct ehlo_enhanced enhanced; /* class 0 for none */
  size_t at;                     /* where the reply begins, its code included; 0 where there is none */
  size_t text;                   /* where its words begin */
};

/* The reply in `s`: the code that reads most like one, and the enhanced code beside it or alone. */
struct said reply_in(struct ehlo_slice s);
/* The command that was answered, as the words around `at` tell. EHLO_PHASES for unknown. */
enum ehlo_phase reply_phase(struct ehlo_slice s, size_t at);
/* The first enhanced code of a failure that stands by itself; `class` 0 for any. */
struct ehlo_enhanced enhanced_in(struct ehlo_slice s, int class);

#endif
