/* Owns: what every unit test includes, in the order that cmocka wants. Callers: tests. */
#ifndef EHLO_TESTS_UNIT_H
#define EHLO_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define assert_slice(slice, text)                                                                                      \
  do {                                                                                                                 \
    const struct ehlo_slice slice_seen = (slice);                                                                      \
    assert_int_equal(slice_seen.len, strlen(text));                                                                    \
    assert_memory_equal(slice_seen.len > 0 ? slice_seen.ptr : "", text, strlen(text));                                 \
  } while (0)

#endif
