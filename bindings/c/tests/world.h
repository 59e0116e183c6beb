/* Things that most test programs need: a configuration, a keyring, an encryptor, an item of every type. */
#ifndef ITEMSEAL_TESTS_WORLD_H
#define ITEMSEAL_TESTS_WORLD_H

#include "check.h"

/* An item with every type, in JSON, in the order of its names. */
#define EVERY_TYPE                                                                                              \
    "{\"OrderID\":{\"S\":\"12345\"},\"Status\":{\"S\":\"Shipped\"},\"b\":{\"B\":\"AAH/\"},"                     \
    "\"bool\":{\"BOOL\":true},\"bs\":{\"BS\":[\"AQ==\",\"Ag==\"]},\"l\":{\"L\":[{\"S\":\"x\"},{\"N\":\"2\"}]}," \
    "\"m\":{\"M\":{\"a\":{\"S\":\"1\"},\"z\":{\"NULL\":true}}},\"n\":{\"N\":\"-12.5\"},"                        \
    "\"ns\":{\"NS\":[\"1\",\"22\"]},\"null\":{\"NULL\":true},\"s\":{\"S\":\"text\"},\"ss\":{\"SS\":[\"p\",\"q\"]}}"

static inline itemseal_item *item_of(const char *json) {
    itemseal_item *item = NULL;
    OK(itemseal_item_from_json(json, strlen(json), &item, &error));
    return item;
}

static inline itemseal_config_builder *builder_of_orders(void) {
    itemseal_config_builder *builder = NULL;
    OK(itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &builder, &error));
    OK(itemseal_config_builder_partition_key(builder, ITEMSEAL_STR("OrderID"), &error));
    OK(itemseal_config_builder_action(builder, ITEMSEAL_STR("Status"), ITEMSEAL_ACTION_SIGN_ONLY, &error));
    return builder;
}

static inline itemseal_config *config_of(uint32_t suite) {
    itemseal_config_builder *builder = builder_of_orders();
    itemseal_config *config = NULL;
    OK(itemseal_config_builder_suite(builder, suite, &error));
    OK(itemseal_config_builder_build(builder, &config, &error));
    itemseal_config_builder_free(builder);
    return config;
}

static inline itemseal_keyring *keyring_of(uint8_t first_byte) {
    uint8_t key[32] = {0};
    key[0] = first_byte;
    itemseal_keyring *keyring = NULL;
    OK(itemseal_keyring_raw_aes(ITEMSEAL_STR("tests"), ITEMSEAL_STR("key-1"), key, sizeof key, &keyring, &error));
    return keyring;
}

static inline itemseal_encryptor *encryptor_of(uint32_t suite, uint8_t key) {
    itemseal_config *config = config_of(suite);
    itemseal_keyring *keyring = keyring_of(key);
    itemseal_encryptor *encryptor = NULL;
    OK(itemseal_encryptor_new(config, keyring, &encryptor, &error));
    itemseal_keyring_free(keyring);
    itemseal_config_free(config);
    return encryptor;
}

/* An item's JSON with a NUL after it, to be freed. */
static inline char *json_of(const itemseal_item *item) {
    itemseal_buffer *buffer = NULL;
    itemseal_bytes bytes;
    OK(itemseal_item_to_json(item, &buffer, &error));
    OK(itemseal_buffer_bytes(buffer, &bytes, &error));
    char *text = (char *)malloc(bytes.length + 1);
    if (text == NULL) abort();
    memcpy(text, bytes.data, bytes.length);
    text[bytes.length] = '\0';
    itemseal_buffer_free(buffer);
    return text;
}

static inline int same_json(const itemseal_item *item, const char *wanted) {
    char *json = json_of(item);
    int same = strcmp(json, wanted) == 0;
    if (!same) fprintf(stderr, "is     %s\nwanted %s\n", json, wanted);
    free(json);
    return same;
}

#endif
