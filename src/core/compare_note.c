/* Owns: what a postmaster should know of two codes at once and no field of either tells. Callers: the sentences of a comparison.
 * A row's sentence stands after those on kind and moment, so it repeats neither. */
#include <string.h>

#include "compare_private.h"

struct row {
  const char *a, *b, *sentence;
};

static const struct row rows[] = {
    {"211", "214", "Servers of today answer HELP with 214; 211 is rare."},
    {"220", "250", "A session has one greeting, and a 250 for each command that worked."},
    {"221", "421", "221 is a farewell that the client asked for; 421 is the server hanging up on its own."},
    {"250", "251", "251 adds that the server passes the mail on to another place."},
    {"250", "252", "After 252 nobody knows yet whether the mailbox exists."},
    {"250", "354", "354 comes in the middle of DATA: only the 250 after the final dot means that the mail is taken."},
    {"251", "551", "251 forwards the mail by itself; 551 leaves that to the sender."},
    {"334", "235", "334 may come several times before 235 ends the login."},
    {"334", "535", "334 is a question within the login; 535 is its bad end."},
    {"421", "450", "421 ends the session; 450 refuses one command and leaves the session open."},
    {"421", "451", "421 ends the session; 451 refuses one command and leaves the session open."},
    {"421", "452", "421 ends the session; 452 refuses one command and leaves the session open."},
    {"421", "454", "421 ends the session; after 454 the client may go on without TLS or login, if its policy allows."},
    {"421", "554", "As a greeting, 421 asks the client to come back later and 554 sends it away."},
    {"421", "521", "As a greeting, 421 asks the client to come back later and 521 says that coming back is no use."},
    {"421", "550",
     "421 closes the connection and says little about any mailbox; 550 is a verdict on this mail or recipient."},
    {"450", "451", "450 usually names a mailbox or a client that has to wait; 451 names a fault of the server."},
    {"450", "452",
     "450 is about a mailbox or a client that has to wait; 452 is about room or the number of recipients."},
    {"450", "550", "Greylisting hides behind 450, unknown mailboxes behind 550."},
    {"450", "554", "Greylisting hides behind 450, refusals by policy behind 554."},
    {"451", "452", "451 is a fault that the server met; 452 is a limit that it reached."},
    {"451", "550", "451 blames the server's own state; 550 blames the address or the mail."},
    {"451", "554", "451 blames the server's own state; 554 blames the mail or the client."},
    {"452", "552", "With too many recipients RFC 5321 wants 452, and asks clients to take 552 for it."},
    {"454", "530",
     "454 means that the server's own TLS or login is out of order; 530 means that the client has not used it."},
    {"454", "535", "454 says nothing about the password; 535 rejects it."},
    {"500", "501", "500 does not know the verb; 501 knows it and dislikes what follows."},
    {"500", "502", "500 does not know the verb at all; 502 knows it and does not offer it."},
    {"500", "503", "500 does not know the verb; 503 knows it and met it too early or too late."},
    {"501", "504", "501 finds the argument malformed; 504 finds it well-formed and does not support it."},
    {"501", "553", "501 finds the command malformed; 553 can read the address and does not allow it."},
    {"501", "555", "501 finds an argument malformed; 555 does not know a parameter after the address."},
    {"502", "503", "502 never works here; 503 works once the commands before it have been sent."},
    {"502", "504", "502 lacks the whole command; 504 lacks one option of it."},
    {"521", "550", "521 speaks for the whole host; 550 speaks for one mailbox or one mail."},
    {"521", "554", "As a greeting, 521 means no mail from anybody; 554 means no mail from this client."},
    {"521", "556", "521 comes from the host that takes no mail; 556 comes from a relay that knows of such a domain."},
    {"530", "535", "530 wants a login that has not been tried; 535 has seen one and rejects it."},
    {"530", "550", "530 is cured by STARTTLS or a login; 550 is not."},
    {"534", "535", "534 rejects the method; 535 rejects the name or the password."},
    {"535", "550", "535 concerns the sender's own account; 550 concerns the recipient or the mail."},
    {"550", "551", "551 says where to try; 550 does not."},
    {"550", "552", "550 refuses the address or the mail; 552 refuses its size or finds the mailbox full."},
    {"550", "553",
     "550 finds nobody at the address or a rule against it; 553 does not accept the address as it is written."},
    {"550", "554",
     "At RCPT, 550 speaks of one recipient; after DATA both speak of the whole mail, and only the text tells why."},
    {"550", "556", "556 is about the whole domain; 550 is usually about one mailbox."},
    {"552", "554", "552 always has to do with size or room; 554 can have any reason."},
    {"553", "554", "553 blames an address; 554 can have any reason."},
    {"4.2.0", "4.7.1", "Greylisting comes with either."},
    {"4.2.2", "5.2.2", "A full mailbox is often only full for a while, whichever class the server chose."},
    {"4.2.2", "4.3.1", "4.2.2 is one mailbox; 4.3.1 is the disk of the whole server."},
    {"5.1.1", "5.1.2", "5.1.1 looks at what stands before the @; 5.1.2 looks at what stands after it."},
    {"5.1.1", "5.1.10", "5.1.1 misses one mailbox; 5.1.10 finds a domain that takes no mail at all."},
    {"5.1.1", "5.2.1", "5.1.1 knows no such mailbox; 5.2.1 knows it and finds it closed."},
    {"5.1.1", "5.7.1", "Take an address off the list for 5.1.1, never for 5.7.1."},
    {"5.2.1", "5.2.2", "5.2.1 is closed; 5.2.2 is full and may have room again."},
    {"5.2.3", "5.3.4", "5.2.3 is the limit of one mailbox; 5.3.4 is the limit of the whole server."},
    {"5.7.1", "5.7.26", "5.7.1 may have any reason; 5.7.26 has one: SPF and DKIM both failed."},
    {"5.7.23", "5.7.26", "5.7.23 blames SPF alone; 5.7.26 found no other check that passed either."},
    {"5.7.8", "5.7.9", "5.7.8 rejects the name or the password; 5.7.9 rejects the method."},
    {"5.7.25", "5.7.1", "5.7.25 has one reason, the reverse DNS; 5.7.1 may have any."},
};

const char *compare_note(const char *a, const char *b) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (strcmp(rows[i].a, a) == 0 && strcmp(rows[i].b, b) == 0) return rows[i].sentence;
    if (strcmp(rows[i].a, b) == 0 && strcmp(rows[i].b, a) == 0) return rows[i].sentence;
  }
  return NULL;
}
