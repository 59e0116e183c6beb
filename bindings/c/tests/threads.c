/* Eight threads on one encryptor: threads [SECONDS]. Each in its own way: items, JSON, CBOR, batches, refusals, both suites. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "stored.h"
#include "world.h"

#define THREADS 8

/* Counts are each thread's own, and added up at the end. */
struct thread {
    pthread_t id;
    int number;
    const itemseal_encryptor *encryptor;
    const itemseal_item *stored;
    const itemseal_error *error;
    double ends;
    unsigned long calls, wrong;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

#define RIGHT(condition)                                                                                   \
    do {                                                                                                   \
        thread->calls++;                                                                                   \
        if (!(condition)) {                                                                                \
            thread->wrong++;                                                                               \
            fprintf(stderr, "%s:%d: thread %d: not so: %s\n", __FILE__, __LINE__, thread->number, #condition); \
        }                                                                                                  \
    } while (0)
#define GOOD(call) RIGHT(STATUS(call) == ITEMSEAL_STATUS_OK)

static void own_item(struct thread *thread, int64_t round) {
    itemseal_item *item = NULL, *stored = NULL, *opened = NULL;
    itemseal_text text;
    char wanted[32];
    GOOD(itemseal_item_new(&item, NULL));
    GOOD(itemseal_item_set_string(item, ITEMSEAL_STR("OrderID"), ITEMSEAL_STR("1"), NULL));
    GOOD(itemseal_item_set_int64(item, ITEMSEAL_STR("n"), round * THREADS + thread->number, NULL));
    GOOD(itemseal_encrypt_item(thread->encryptor, item, &stored, NULL));
    GOOD(itemseal_decrypt_item(thread->encryptor, stored, &opened, NULL));
    GOOD(itemseal_item_get_number(opened, ITEMSEAL_STR("n"), &text, NULL));
    snprintf(wanted, sizeof wanted, "%" PRId64, round * THREADS + thread->number);
    RIGHT(is_text(text, wanted));
    itemseal_item_free(item);
    itemseal_item_free(stored);
    itemseal_item_free(opened);
}

static void json(struct thread *thread) {
    itemseal_buffer *stored = NULL, *opened = NULL;
    itemseal_bytes bytes;
    GOOD(itemseal_encrypt_json(thread->encryptor, EVERY_TYPE, strlen(EVERY_TYPE), &stored, NULL));
    GOOD(itemseal_buffer_bytes(stored, &bytes, NULL));
    GOOD(itemseal_decrypt_json(thread->encryptor, (const char *)bytes.data, bytes.length, &opened, NULL));
    GOOD(itemseal_buffer_bytes(opened, &bytes, NULL));
    RIGHT(is_bytes(bytes, EVERY_TYPE, strlen(EVERY_TYPE)));
    itemseal_buffer_free(stored);
    itemseal_buffer_free(opened);
}

/* One item that all threads read, an error that all read, and a refusal. */
static void shared(struct thread *thread) {
    itemseal_item *opened = NULL, *altered = NULL;
    itemseal_error *error = NULL;
    itemseal_text text;
    GOOD(itemseal_decrypt_item(thread->encryptor, thread->stored, &opened, NULL));
    GOOD(itemseal_item_get_string(opened, ITEMSEAL_STR("s"), &text, NULL));
    RIGHT(is_text(text, "text"));
    GOOD(itemseal_item_clone(thread->stored, &altered, NULL));
    GOOD(itemseal_item_set_string(altered, ITEMSEAL_STR("Status"), ITEMSEAL_STR("Paid"), NULL));
    itemseal_item_free(opened);
    opened = NULL;
    RIGHT(STATUS(itemseal_decrypt_item(thread->encryptor, altered, &opened, &error)) == ITEMSEAL_STATUS_AUTHENTICATION);
    RIGHT(opened == NULL && strcmp(itemseal_error_message(error), itemseal_error_message(thread->error)) == 0);
    itemseal_error_free(error);
    itemseal_item_free(altered);
}

static void batch(struct thread *thread) {
    const itemseal_item *stored[20];
    itemseal_item *opened[20];
    for (int n = 0; n < 20; n++) stored[n] = thread->stored;
    GOOD(itemseal_decrypt_items(thread->encryptor, stored, 20, opened, NULL, NULL));
    for (int n = 0; n < 20; n++) {
        itemseal_text text;
        GOOD(itemseal_item_get_string(opened[n], ITEMSEAL_STR("s"), &text, NULL));
        RIGHT(is_text(text, "text"));
        itemseal_item_free(opened[n]);
    }
}

static void *work(void *given) {
    struct thread *thread = (struct thread *)given;
    int64_t round = 0;
    /* At least once each, however slow the machine is. */
    do {
        switch ((round + thread->number) % 4) {
        case 0: own_item(thread, round); break;
        case 1: json(thread); break;
        case 2: shared(thread); break;
        default: batch(thread);
        }
        round++;
    } while (round < 4 || now() < thread->ends);
    return NULL;
}

static void run(uint32_t suite, double seconds) {
    itemseal_encryptor *encryptor = encryptor_of(suite, 1);
    itemseal_item *stored = NULL, *none = NULL;
    itemseal_error *error = NULL;
    OK(itemseal_item_from_cbor(STORED_HMAC_ONLY, sizeof STORED_HMAC_ONLY, &stored, &error));
    itemseal_item *altered = NULL;
    OK(itemseal_item_clone(stored, &altered, &error));
    OK(itemseal_item_set_string(altered, ITEMSEAL_STR("Status"), ITEMSEAL_STR("Paid"), &error));
    CHECK(STATUS(itemseal_decrypt_item(encryptor, altered, &none, &error)) == ITEMSEAL_STATUS_AUTHENTICATION);
    itemseal_item_free(altered);
    struct thread threads[THREADS];
    memset(threads, 0, sizeof threads);
    double ends = now() + seconds;
    for (int n = 0; n < THREADS; n++) {
        threads[n].number = n, threads[n].encryptor = encryptor, threads[n].stored = stored;
        threads[n].error = error, threads[n].ends = ends;
        CHECK(pthread_create(&threads[n].id, NULL, work, &threads[n]) == 0);
    }
    unsigned long calls = 0, wrong = 0;
    for (int n = 0; n < THREADS; n++) {
        CHECK(pthread_join(threads[n].id, NULL) == 0);
        calls += threads[n].calls, wrong += threads[n].wrong;
    }
    CHECK(wrong == 0);
    printf("threads: %d on one encryptor, suite 0x%04x, %.1f s: %lu results, %lu wrong\n", THREADS, (unsigned)suite, seconds,
           calls, wrong);
    itemseal_error_free(error);
    itemseal_item_free(stored);
    itemseal_encryptor_free(encryptor);
}

int main(int count, char **given) {
    double seconds = count > 1 ? strtod(given[1], NULL) : 2;
    run(ITEMSEAL_SUITE_HMAC_ONLY, seconds / 2);
    run(ITEMSEAL_SUITE_ECDSA_P384, seconds / 2);
    return checked("threads");
}
