/* What the programs that matrix.py writes have in common, whatever the header. */
#ifndef ITEMSEAL_TESTS_MATRIX_ROW_H
#define ITEMSEAL_TESTS_MATRIX_ROW_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANY (-1)

/* A function of the header, and how many ways there are to call it; `inside` says that it takes an answer, which is there only while the
 * library calls a function of the program's. */
struct matrix_row {
    const char *name;
    void (*call)(int which, int ask);
    int cases, inside;
};

static const char *in_case = "";
static unsigned long matrix_calls;

#define MATRIX(condition)                                             \
    do {                                                              \
        checks_made++;                                                \
        if (!(condition)) {                                           \
            checks_failed++;                                          \
            fprintf(stderr, "%s: not so: %s\n", in_case, #condition); \
        }                                                             \
    } while (0)

/* Whether anything was written where 0xa5 was. */
static inline int was_set(const void *place, size_t size) {
    const uint8_t *bytes = (const uint8_t *)place;
    for (size_t n = 0; n < size; n++) {
        if (bytes[n] != 0xa5) return 1;
    }
    return 0;
}

/* Every call of a function, with a place for the error and without one. */
static inline void matrix_call(const struct matrix_row *row) {
    for (int which = 0; which < row->cases; which++) {
        row->call(which, 1);
        row->call(which, 0);
        matrix_calls += 2;
    }
}

#endif
