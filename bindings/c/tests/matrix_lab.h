/* What matrix.py's program for itemseal_lab.h stands on: a valid handle of each type, and the checks after each call. */
#ifndef ITEMSEAL_TESTS_MATRIX_LAB_H
#define ITEMSEAL_TESTS_MATRIX_LAB_H

#include <itemseal_lab.h>

#include "matrix_row.h"

static unsigned long checks_made, checks_failed;
static char here[4096];
/* What no function makes: shows that an output was left alone. Never followed. */
static char untouched_place[16];
#define untouched ((itemseal_lab_error *)(void *)untouched_place)

#define OK(call)                                                                                                       \
    do {                                                                                                               \
        itemseal_lab_error *error = NULL;                                                                              \
        checks_made++;                                                                                                 \
        if ((call) != ITEMSEAL_LAB_STATUS_OK) {                                                                        \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, itemseal_lab_error_message(error));          \
            exit(EXIT_FAILURE);                                                                                        \
        }                                                                                                              \
    } while (0)

#define FAULT "{\"fault\":\"skew\",\"region\":\"eu-west-1\",\"by_ms\":5}"

static const itemseal_lab_text three_regions[3] = {
    ITEMSEAL_LAB_TEXT("eu-west-1"), ITEMSEAL_LAB_TEXT("us-east-1"), ITEMSEAL_LAB_TEXT("us-west-2")};

static inline itemseal_lab_builder *fresh_lab_builder(void) {
    itemseal_lab_builder *builder = NULL;
    OK(itemseal_lab_builder_new(&builder, &error));
    for (int n = 0; n < 3; n++) OK(itemseal_lab_builder_region(builder, three_regions[n].data, three_regions[n].length, &error));
    OK(itemseal_lab_builder_slow_keys(builder, 0, 0, &error));
    OK(itemseal_lab_builder_manual(builder, &error));
    return builder;
}

static inline itemseal_lab *fresh_lab(void) {
    itemseal_lab_builder *builder = fresh_lab_builder();
    itemseal_lab *lab = NULL;
    OK(itemseal_lab_start(builder, &lab, &error));
    itemseal_lab_builder_free(builder);
    return lab;
}

/* One for most calls, and its key. */
static itemseal_lab *shared_lab;
static itemseal_lab_string *shared_key;
static char lab_key[128];

static inline void lab_begins(void) {
    shared_lab = fresh_lab();
    OK(itemseal_lab_create_key(shared_lab, three_regions, 3, &shared_key, &error));
    snprintf(lab_key, sizeof lab_key, "%s", strstr(itemseal_lab_string_text(shared_key), "mrk-"));
}

static inline void lab_ends(void) {
    itemseal_lab_free(shared_lab);
    itemseal_lab_string_free(shared_key);
}

static inline itemseal_lab *one_lab(void) { return shared_lab; }

/* After a call that may have stopped it. */
static inline void lab_stopped(void) {
    lab_ends();
    lab_begins();
}

static inline void faults_end(void) { OK(itemseal_lab_restore(shared_lab, NULL, 0, &error)); }

static inline uint64_t new_fault(void) {
    uint64_t id = 0;
    OK(itemseal_lab_skew(shared_lab, ITEMSEAL_LAB_STR("eu-west-1"), 5, &id, &error));
    return id;
}

/* A table's that there is none of yet. */
static inline const char *new_name(void) {
    static char name[32];
    static int count;
    snprintf(name, sizeof name, "Table-%d", count++);
    return name;
}

static inline itemseal_lab_string *fresh_lab_string(void) {
    itemseal_lab_string *string = NULL;
    OK(itemseal_lab_request(shared_lab, ITEMSEAL_LAB_STR("GET"), ITEMSEAL_LAB_STR("faults"), NULL, 0, &string, &error));
    return string;
}

static inline itemseal_lab_error *fresh_lab_error(void) {
    itemseal_lab_error *told = NULL;
    MATRIX(itemseal_lab_builder_new(NULL, &told) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    return told;
}

/* A handle of a type that is not this one. */
static itemseal_lab_builder *other_builder;
static itemseal_lab_string *other_string;

static inline void *other_handle(const char *type) {
    return strcmp(type, "itemseal_lab_string") == 0 ? (void *)other_builder : (void *)other_string;
}

static inline int other_handles_live(void) {
    OK(itemseal_lab_builder_seed(other_builder, 1, &error));
    return itemseal_lab_string_text(other_string)[0] == '{';
}

static inline void matrix_status(int wanted, int got, int ask, itemseal_lab_error *told) {
    const char *says = ask && told != untouched ? itemseal_lab_error_message(told) : "";
    checks_made++;
    if (wanted != ANY && got != wanted) {
        checks_failed++;
        fprintf(stderr, "%s: status %d instead of %d: %s\n", in_case, got, wanted, says);
    }
    MATRIX(got != ITEMSEAL_LAB_STATUS_PANIC && got != ITEMSEAL_LAB_STATUS_INTERNAL);
    MATRIX(!ask || (told == untouched) == (got == ITEMSEAL_LAB_STATUS_OK));
    if (!ask || told == untouched) return;
    MATRIX((int)itemseal_lab_error_status(told) == got && strlen(says) > 10);
    itemseal_lab_error_free(told);
}

static inline int matrix_run(const struct matrix_row *rows, size_t count, int given, char **arguments) {
    snprintf(here, sizeof here, "%s", given > 1 ? arguments[1] : ".");
    lab_begins();
    other_builder = fresh_lab_builder(), other_string = fresh_lab_string();
    for (size_t row = 0; row < count; row++) matrix_call(&rows[row]);
    MATRIX(other_handles_live());
    itemseal_lab_builder_free(other_builder);
    itemseal_lab_string_free(other_string);
    lab_ends();
    printf("matrix_lab: %zu functions, %lu calls\nmatrix_lab: %lu checks, %lu failed\n", count, matrix_calls, checks_made,
           checks_failed);
    return checks_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
