/* Owns: reading the clocks. Callers: net and to its right; core takes times as
 * arguments so that it can be tested by table. */
#ifndef EHLO_BASE_CLOCK_H
#define EHLO_BASE_CLOCK_H

double ehlo_clock_monotonic(void); /* seconds, never steps back */
double ehlo_clock_wall(void);      /* seconds since 1970, UTC */

#endif
