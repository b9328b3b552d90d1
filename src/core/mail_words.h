/* Owns: the words by which the reports of mail servers are known. Callers: the readers of bounces. Each list ends with NULL. */
#ifndef EHLO_CORE_MAIL_WORDS_H
#define EHLO_CORE_MAIL_WORDS_H

extern const char *const words_servers[];         /* in the From line of servers */
extern const char *const words_bounce_subjects[]; /* in the subjects of bounces */
extern const char *const words_bounce_texts[];    /* in the first lines of bounces */
extern const char *const words_auto_subjects[];   /* in the subjects of automatic replies */
extern const char *const words_auto_texts[];      /* in their first lines, where somebody says it of himself */
extern const char *const words_labels[];          /* behind which the address that failed stands */
extern const char *const words_no_labels[];       /* that make a line one about somebody else */
extern const char *const words_copies[];          /* that open the copy of the returned mail */
extern const char *const words_copies_marked[];   /* that do so behind dashes and the like */

#endif
