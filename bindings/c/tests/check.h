/* What every test program checks with: it counts, tells what is wrong and where, and goes on. */
#ifndef ITEMSEAL_TESTS_CHECK_H
#define ITEMSEAL_TESTS_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <itemseal.h>

static unsigned long checks_made, checks_failed;

/* C++ knows no cast between an enumeration and what C makes of it. */
#define STATUS(call) ((uint32_t)(call))

#define CHECK(condition)                                                            \
    do {                                                                            \
        checks_made++;                                                              \
        if (!(condition)) {                                                         \
            checks_failed++;                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                           \
    } while (0)

/* A call that has to succeed, and leaves its error alone. Its last argument is `&error`. */
#define OK(call)                                                                             \
    do {                                                                                     \
        itemseal_error *error = untouched;                                                   \
        uint32_t got_ = STATUS(call);                                                        \
        checks_made++;                                                                       \
        if (got_ != ITEMSEAL_STATUS_OK) {                                                    \
            checks_failed++;                                                                 \
            fprintf(stderr, "%s:%d: %s: status %" PRIu32 ", %s\n", __FILE__, __LINE__, #call, \
                    got_, error == untouched ? "no error" : itemseal_error_message(error));  \
            exit(EXIT_FAILURE);                                                              \
        }                                                                                    \
        if (error != untouched) {                                                            \
            checks_failed++;                                                                 \
            fprintf(stderr, "%s:%d: %s: an error beside success\n", __FILE__, __LINE__, #call); \
        }                                                                                    \
    } while (0)

/* A call that has to fail so, with this in its message, and this attribute's name or NULL. */
#define FAILS(status, part, attribute, call)                                                  \
    do {                                                                                      \
        itemseal_error *error = untouched;                                                    \
        uint32_t got_ = STATUS(call);                                                         \
        check_error(__FILE__, __LINE__, #call, got_, (uint32_t)(status), error, part, attribute); \
    } while (0)

/* What no function makes: shows that an output was left alone. Never followed. */
static char untouched_place[16];
#define untouched ((itemseal_error *)(void *)untouched_place)
#define UNTOUCHED(type) ((type *)(void *)untouched_place)

static inline void check_error(const char *file, int line, const char *call, uint32_t got, uint32_t wanted,
                               itemseal_error *error, const char *part, const char *attribute) {
    checks_made++;
    const char *wrong = NULL;
    if (error == untouched) {
        wrong = "no error was made";
        error = NULL;
    } else if (got != wanted) {
        wrong = "another status";
    } else if (STATUS(itemseal_error_status(error)) != got) {
        wrong = "the error has another status";
    } else if (strstr(itemseal_error_message(error), part) == NULL) {
        wrong = "the message does not say so";
    } else {
        const char *about = itemseal_error_attribute(error);
        int same = attribute == NULL ? about == NULL : about != NULL && strcmp(about, attribute) == 0;
        if (!same) wrong = "it is about another attribute";
    }
    if (wrong != NULL) {
        checks_failed++;
        const char *about = itemseal_error_attribute(error);
        fprintf(stderr, "%s:%d: %s: %s: status %" PRIu32 ", attribute %s, message: %s\n", file, line, call, wrong, got,
                about == NULL ? "none" : about, itemseal_error_message(error));
    }
    itemseal_error_free(error);
}

/* Whether borrowed text is this. */
static inline int is_text(itemseal_text text, const char *wanted) {
    return text.length == strlen(wanted) && (text.length == 0 || memcmp(text.data, wanted, text.length) == 0);
}

static inline int is_bytes(itemseal_bytes bytes, const void *wanted, size_t length) {
    return bytes.length == length && (length == 0 || memcmp(bytes.data, wanted, length) == 0);
}

/* A program's last line and exit code. */
static inline int checked(const char *program) {
    printf("%s: %lu checks, %lu failed\n", program, checks_made, checks_failed);
    return checks_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
