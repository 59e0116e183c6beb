/* What matrix.py's program stands on: a valid handle of each type, and the checks after each call. */
#ifndef ITEMSEAL_TESTS_MATRIX_H
#define ITEMSEAL_TESTS_MATRIX_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <sys/stat.h>

#include "aws_here.h"
#include "matrix_row.h"
#include "rsa.h"
#include "world.h"

#define TOML                                                                                             \
    "[table.\"Orders\"]\npartition_key = \"OrderID\"\nsign_only = [\"Status\"]\nregions = [\"eu-west-1\"]\n[keyring]\nkind = \"raw-aes\"\n" \
    "key_file = \"key\"\nnamespace = \"tests\"\nname = \"key-1\"\n"
#define ARN "arn:aws:kms:eu-west-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef"
#define OTHER_ARN(digit) "arn:aws:kms:us-east-1:111122223333:key/mrk-0123456789abcdef0123456789abcde" #digit
#define GET "{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"1\"}}}"
#define SCAN "{\"TableName\":\"Orders\"}"
#define QUERY                                                                   \
    "{\"TableName\":\"Orders\",\"KeyConditionExpression\":\"OrderID = :id\"," \
    "\"ExpressionAttributeValues\":{\":id\":{\"S\":\"1\"}}}"

static char here[4096], toml_path[4200];
static const uint8_t some_bytes[] = {1, 2, 3}, some_key[32] = {1};
enum { length_of_some_bytes = sizeof some_bytes, length_of_some_key = sizeof some_key };
static const uint8_t *plain_cbor, *stored_cbor;
static const char *stored_json;
static size_t length_of_plain_cbor, length_of_stored_cbor, length_of_stored_json;
static const itemseal_text three_texts[3] = {{"1", 1}, {"22", 2}, {"333", 3}};
static const itemseal_text three_regions[3] = {{"eu-west-1", 9}, {"us-east-1", 9}, {"us-west-2", 9}};
static const itemseal_text three_accounts[3] = {{"111122223333", 12}, {"444455556666", 12}, {"777788889999", 12}};
static const itemseal_text three_arns[3] = {
    {ARN, sizeof ARN - 1}, {OTHER_ARN(0), sizeof OTHER_ARN(0) - 1}, {OTHER_ARN(1), sizeof OTHER_ARN(1) - 1}};
static const itemseal_text not_utf8 = {"\xff", 1}, null_text = {NULL, 1};
static const itemseal_context_entry three_entries[3] = {{{"a", 1}, {"1", 1}}, {{"b", 1}, {"2", 1}}, {{"c", 1}, {"3", 1}}};
static const itemseal_bytes three_bytes[3] = {{some_bytes, 1}, {some_bytes, 2}, {some_bytes, 3}};
/* Views are of this one's attributes. */
static itemseal_item *viewed;

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

/* What asks AWS asks a thread of this program. */
static struct aws_here aws_here;
#define aws_url aws_here.url
static int some_userdata;
static itemseal_answer *the_answer;

static void takes_line(void *userdata, uint32_t level, const char *message, size_t length) {
    (void)userdata, (void)level, (void)message, (void)length;
}

static uint32_t takes_item(void *userdata, const itemseal_item *item, bool *go_on, itemseal_answer *answer) {
    (void)userdata, (void)item, (void)go_on, (void)answer;
    return ITEMSEAL_STATUS_OK;
}

static uint32_t keeps_item(void *userdata, itemseal_item *item, bool found, bool *write, itemseal_answer *answer) {
    (void)userdata, (void)item, (void)found, (void)write, (void)answer;
    return ITEMSEAL_STATUS_OK;
}

static uint32_t fails_to_wrap(void *userdata, itemseal_bytes key, const itemseal_context_entry *context, size_t count,
                              itemseal_answer *answer) {
    (void)userdata, (void)key, (void)context, (void)count, (void)answer;
    return ITEMSEAL_STATUS_KEY_UNAVAILABLE;
}

static uint32_t fails_to_unwrap(void *userdata, itemseal_bytes info, itemseal_bytes wrapped, const itemseal_context_entry *context,
                                size_t count, itemseal_answer *answer) {
    (void)userdata, (void)info, (void)wrapped, (void)context, (void)count, (void)answer;
    return ITEMSEAL_STATUS_KEY_UNAVAILABLE;
}

static void destroys(void *userdata) { (void)userdata; }

static const itemseal_kms_options valid_kms_options = {three_texts, 3, 20000, 10000, ITEMSEAL_REGION_ORDER_NEAREST};
static const itemseal_cache_limits valid_cache_limits = {1000, 5, 6};
static const itemseal_branch_key_limits valid_branch_key_limits = {1000, 2000, 6};
static const itemseal_key_provider valid_key_provider = {&some_userdata, fails_to_wrap, fails_to_unwrap, destroys};

static inline itemseal_aws_builder *fresh_aws_builder(void) {
    itemseal_aws_builder *builder = NULL;
    OK(itemseal_aws_builder_new(&builder, &error));
    OK(itemseal_aws_builder_region(builder, ITEMSEAL_STR("eu-west-1"), &error));
    OK(itemseal_aws_builder_endpoint_url(builder, aws_url, strlen(aws_url), &error));
    OK(itemseal_aws_builder_credentials(builder, ITEMSEAL_STR("id"), ITEMSEAL_STR("secret"), NULL, 0, &error));
    return builder;
}

static inline itemseal_aws_config *fresh_aws_config(void) {
    itemseal_aws_builder *builder = fresh_aws_builder();
    itemseal_aws_config *aws = NULL;
    OK(itemseal_aws_builder_build(builder, &aws, &error));
    itemseal_aws_builder_free(builder);
    return aws;
}

static itemseal_aws_config *shared_aws;
static itemseal_key_store *shared_key_store;
static itemseal_table *shared_table;

static inline itemseal_aws_config *one_aws_config(void) { return shared_aws; }

static inline itemseal_key_store *fresh_key_store(void) {
    itemseal_key_store *store = NULL;
    OK(itemseal_key_store_new(shared_aws, ITEMSEAL_STR("Keys"), NULL, 0, ITEMSEAL_STR(ARN), NULL, 0, NULL, &store, &error));
    return store;
}

static inline itemseal_key_store *one_key_store(void) { return shared_key_store; }

static inline itemseal_table_builder *fresh_table_builder(void) {
    itemseal_config_file *file = fresh_config_file();
    itemseal_table_builder *builder = NULL;
    OK(itemseal_table_builder_from_file(file, NULL, shared_aws, &builder, &error));
    OK(itemseal_table_builder_timeouts(builder, 20000, 10000, &error));
    itemseal_config_file_free(file);
    return builder;
}

static inline itemseal_table *fresh_table(void) {
    itemseal_table_builder *builder = fresh_table_builder();
    itemseal_table *table = NULL;
    OK(itemseal_table_builder_open(builder, shared_aws, &table, &error));
    itemseal_table_builder_free(builder);
    return table;
}

static inline itemseal_table *one_table(void) { return shared_table; }

static inline itemseal_items *fresh_items(void) {
    itemseal_items *items = NULL;
    OK(itemseal_table_query(shared_table, ITEMSEAL_CALL_OPTION_NONE, ITEMSEAL_STR(QUERY), &items, &error));
    return items;
}

static inline itemseal_item *fresh_key(void) { return item_of("{\"OrderID\":{\"S\":\"1\"}}"); }
static inline itemseal_answer *one_answer(void) { return the_answer; }

/* Calls a function that takes an answer, where there is one. */
static uint32_t calls_inside(void *userdata, itemseal_item *item, bool found, bool *write, itemseal_answer *answer) {
    (void)item, (void)found;
    *write = false;
    the_answer = answer;
    matrix_call((const struct matrix_row *)userdata);
    return ITEMSEAL_STATUS_OK;
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
    aws_here_begins(&aws_here);
    shared_aws = fresh_aws_config(), shared_key_store = fresh_key_store(), shared_table = fresh_table();
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
    itemseal_item *key = fresh_key();
    for (size_t row = 0; row < count; row++) {
        if (!rows[row].inside) {
            matrix_call(&rows[row]);
            continue;
        }
        unsigned long before = matrix_calls;
        struct matrix_row copy = rows[row];
        OK(itemseal_table_update(shared_table, ITEMSEAL_STR("Orders"), key, calls_inside, &copy, NULL, &error));
        MATRIX(matrix_calls > before);
    }
    itemseal_item_free(key);
    itemseal_table_free(shared_table);
    itemseal_key_store_free(shared_key_store);
    itemseal_aws_config_free(shared_aws);
    MATRIX(same_json(viewed, EVERY_TYPE) && other_handles_live());
    itemseal_item_free(viewed);
    itemseal_item_free(other_item);
    itemseal_item_free(stored);
    itemseal_keyring_free(other_keyring);
    itemseal_buffer_free(plain);
    itemseal_buffer_free(cbor);
    free(json);
    aws_here_ends(&aws_here);
    printf("matrix: %zu functions, %lu calls, %lu requests\n", count, matrix_calls, aws_here.requests);
    return checked("matrix");
}

#endif
