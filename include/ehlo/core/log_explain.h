/* Owns: what an event of a log means, and the event as JSON. Callers: the mail binding. */
#ifndef EHLO_CORE_LOG_EXPLAIN_H
#define EHLO_CORE_LOG_EXPLAIN_H

#include "ehlo/core/explain.h"
#include "ehlo/core/log_reader.h"

/* As ehlo_explain_text. `said` is room for the reply as it was put together from the line; it must outlive nothing. The provider is taken
 * from the name of the other side where the words name none. */
int ehlo_log_explain(const struct ehlo_catalogue *c, const struct ehlo_log_event *e, struct ehlo_buf *said,
                     struct ehlo_explanation *out);

/* What a host's name says about whose it is: a provider's name in the catalogue's words, or an empty slice. */
struct ehlo_slice ehlo_log_provider(struct ehlo_slice host);

/* Where a delivery is counted: the provider that keeps the mailbox (by the host's name, or by `named`, unless that is but the software that
 * spoke or a list of addresses), else the domain of the address. `is_provider` tells which. */
struct ehlo_slice ehlo_log_place(struct ehlo_slice named, struct ehlo_slice host, struct ehlo_slice address,
                                 bool *is_provider);

/* {"ehlo":1,input,kind,message,recipients:[...],log:{...}} with a line end. `kind` is "log" or "queue"; `said` as ehlo_log_explain left it. */
int ehlo_log_json(const struct ehlo_log_event *e, const struct ehlo_log_past *past,
                  const struct ehlo_explanation *explanation, struct ehlo_slice input, const char *kind,
                  struct ehlo_buf *out);

#endif
