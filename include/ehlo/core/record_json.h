/* Owns: the JSON object of a probe, written straight from the record: no tree. Callers: the record's Lua object, bulk output. */
#ifndef EHLO_CORE_RECORD_JSON_H
#define EHLO_CORE_RECORD_JSON_H

#include "ehlo/base/buf.h"
#include "ehlo/core/catalogue.h"
#include "ehlo/core/record.h"

/* {target, host, address, port, source, source_ptr, helo, outcome, exit, phase, reply, explanation, banner, capabilities, tls, timing,
 * anomalies, findings, failure, transcript}, without envelope. Without a catalogue the explanation is null. */
int ehlo_record_json(const struct ehlo_record *r, const struct ehlo_catalogue *catalogue, struct ehlo_buf *out);
/* {code, enhanced, class, lines, seconds, anomalies}. */
int ehlo_reply_json(const struct ehlo_reply *reply, double spent, uint32_t anomalies, struct ehlo_buf *out);

#endif
