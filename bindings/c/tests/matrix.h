/* What matrix.py's program stands on: a valid handle of each type, and the checks after each call. */
#ifndef ITEMSEAL_TESTS_MATRIX_H
#define ITEMSEAL_TESTS_MATRIX_H

#include <sys/stat.h>

#include "rsa.h"
#include "world.h"

#define ANY (-1)
#define TOML                                                                                             \
    "[table.\"Orders\"]\npartition_key = \"OrderID\"\nsign_only = [\"Status\"]\n[keyring]\nkind = \"raw-aes\"\n" \
    "key_file = \"key\"\nnamespace = \"tests\"\nname = \"key-1\"\n"

struct matrix_row {
    const char *name;
    void (*call)(int which, int ask);
    int cases;
};

static const char *in_case = "";
static char here[4096], toml_path[4200];
static const uint8_t some_bytes[] = {1, 2, 3}, some_key[32] = {1};
enum { length_of_some_bytes = sizeof some_bytes, length_of_some_key = sizeof some_key };
static const uint8_t *plain_cbor, *stored_cbor;
static const char *stored_json;
static size_t length_of_plain_cbor, length_of_stored_cbor, length_of_stored_json;
static const itemseal_text three_texts[3] = {{"1", 1}, {"22", 2}, {"333", 3}};
static const itemseal_bytes three_bytes[3] = {{some_bytes, 1}, {some_bytes, 2}, {some_bytes, 3}};
/* Views are of this one's attributes. */
static itemseal_item *viewed;

#define MATRIX(condition)                                             \
    do {                                                              \
        checks_made++;                                                \
        if (!(condition)) {                                           \
            checks_failed++;                                          \
            fprintf(stderr, "%s: not so: %s\n", in_case, #condition); \
        }                                                             \
    } while (0)

static inline itemseal_item *fresh_item(void) { return item_of(EVERY_TYPE); }
static inline itemseal_config_builder *fresh_config_builder(void) { return builder_of_orders(); }
static inline itemseal_config *fresh_config(void) { return config_of(ITEMSEAL_SUITE_HMAC_ONLY); }
static inline itemseal_keyring *fresh_keyring(void) { return keyring_of(1); }
static inline itemseal_encryptor *fresh_encryptor(void) { return encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 1); }

static inline itemseal_item *fresh_stored(void) {
    itemseal_encryptor *encryptor = fresh_encryptor();
    itemseal_item *item = fresh_item(), *stored = NULL;
    OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
    itemseal_item_free(item);
    itemseal_encryptor_free(encryptor);
    return stored;
}

static inline itemseal_config_file *fresh_config_file(void) {
    itemseal_config_file *file = NULL;
    OK(itemseal_config_file_parse(ITEMSEAL_STR(TOML), here, strlen(here), &file, &error));
    return file;
}

static inline itemseal_error *fresh_error(void) {
    itemseal_error *told = NULL;
    itemseal_item *none = NULL;
    CHECK(itemseal_item_from_json(ITEMSEAL_STR("{"), &none, &told) == ITEMSEAL_STATUS_MALFORMED);
    return told;
}

static inline itemseal_buffer *fresh_buffer(void) {
    itemseal_buffer *buffer = NULL;
    itemseal_item *item = fresh_item();
    OK(itemseal_item_to_cbor(item, &buffer, &error));
    itemseal_item_free(item);
    return buffer;
}

static inline itemseal_cursor *fresh_cursor(const itemseal_item *item) {
    itemseal_cursor *cursor = NULL;
    OK(itemseal_cursor_of_item(item, &cursor, &error));
    return cursor;
}

static inline itemseal_value *fresh_value(void) {
    itemseal_value *value = NULL;
    OK(itemseal_value_string(ITEMSEAL_STR("x"), &value, &error));
    return value;
}

static inline itemseal_value *fresh_list(void) {
    itemseal_value *value = NULL;
    OK(itemseal_value_list(&value, &error));
    return value;
}

static inline itemseal_value *fresh_map(void) {
    itemseal_value *value = NULL;
    OK(itemseal_value_map(&value, &error));
    return value;
}

static inline itemseal_description *fresh_description(void) {
    itemseal_item *stored = NULL, *item = fresh_item();
    itemseal_encryptor *encryptor = encryptor_of(ITEMSEAL_SUITE_ECDSA_P384, 1);
    itemseal_description *description = NULL;
    OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
    OK(itemseal_describe_item(stored, &description, &error));
    itemseal_item_free(stored);
    itemseal_item_free(item);
    itemseal_encryptor_free(encryptor);
    return description;
}

static inline itemseal_view view_of(const char *name) {
    itemseal_view view;
    OK(itemseal_item_get(viewed, name, strlen(name), &view, &error));
    return view;
}

/* A handle of a type that is not this one. */
static itemseal_keyring *other_keyring;
static itemseal_item *other_item;

static inline void *other_handle(const char *type) {
    return strcmp(type, "itemseal_item") == 0 ? (void *)other_keyring : (void *)other_item;
}

static inline int other_handles_live(void) {
    itemseal_config *config = fresh_config();
    itemseal_encryptor *encryptor = NULL;
    OK(itemseal_encryptor_new(config, other_keyring, &encryptor, &error));
    itemseal_encryptor_free(encryptor);
    itemseal_config_free(config);
    return same_json(other_item, EVERY_TYPE);
}

/* Whether anything was written where 0xa5 was. */
static inline int was_set(const void *place, size_t size) {
    const uint8_t *bytes = (const uint8_t *)place;
    for (size_t n = 0; n < size; n++) {
        if (bytes[n] != 0xa5) return 1;
    }
    return 0;
}

static inline void matrix_status(int wanted, int got, int ask, itemseal_error *told) {
    checks_made++;
    if (wanted != ANY && got != wanted) {
        checks_failed++;
        fprintf(stderr, "%s: status %d instead of %d%s%s\n", in_case, got, wanted, ask && told != untouched ? ": " : "",
                ask && told != untouched ? itemseal_error_message(told) : "");
    }
    MATRIX(got != ITEMSEAL_STATUS_PANIC && got != ITEMSEAL_STATUS_INTERNAL);
    MATRIX(!ask || (told == untouched) == (got == ITEMSEAL_STATUS_OK));
    if (!ask || told == untouched) return;
    MATRIX((int)itemseal_error_status(told) == got && strlen(itemseal_error_message(told)) > 10);
    itemseal_error_free(told);
}

static inline void matrix_files(const char *where) {
    char path[4200];
    snprintf(here, sizeof here, "%s", where);
    snprintf(path, sizeof path, "%s/key", here);
    snprintf(toml_path, sizeof toml_path, "%s/itemseal.toml", here);
    FILE *key = fopen(path, "wb"), *toml = fopen(toml_path, "wb");
    if (key == NULL || toml == NULL || fwrite(some_key, 1, 32, key) != 32 || fputs(TOML, toml) < 0) abort();
    if (fclose(key) != 0 || fclose(toml) != 0 || chmod(path, 0600) != 0) abort();
}

static inline int matrix_run(const struct matrix_row *rows, size_t count, int given, char **arguments) {
    matrix_files(given > 1 ? arguments[1] : ".");
    itemseal_buffer *plain = fresh_buffer(), *cbor = NULL;
    itemseal_item *stored = fresh_stored();
    itemseal_bytes bytes;
    OK(itemseal_buffer_bytes(plain, &bytes, &error));
    plain_cbor = bytes.data, length_of_plain_cbor = bytes.length;
    OK(itemseal_item_to_cbor(stored, &cbor, &error));
    OK(itemseal_buffer_bytes(cbor, &bytes, &error));
    stored_cbor = bytes.data, length_of_stored_cbor = bytes.length;
    char *json = json_of(stored);
    stored_json = json, length_of_stored_json = strlen(json);
    viewed = fresh_item(), other_item = fresh_item(), other_keyring = keyring_of(77);
    unsigned long calls = 0;
    for (size_t row = 0; row < count; row++) {
        for (int which = 0; which < rows[row].cases; which++) {
            rows[row].call(which, 1);
            rows[row].call(which, 0);
            calls += 2;
        }
    }
    MATRIX(same_json(viewed, EVERY_TYPE) && other_handles_live());
    itemseal_item_free(viewed);
    itemseal_item_free(other_item);
    itemseal_item_free(stored);
    itemseal_keyring_free(other_keyring);
    itemseal_buffer_free(plain);
    itemseal_buffer_free(cbor);
    free(json);
    printf("matrix: %zu functions, %lu calls\n", count, calls);
    return checked("matrix");
}

#endif
