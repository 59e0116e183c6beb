/* The program wraps keys itself: here a toy "key service" stands for the program's own HSM or KMS. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <itemseal.h>

static void check(itemseal_status status, itemseal_error *error) {
    if (status != ITEMSEAL_STATUS_OK) {
        fprintf(stderr, "status %" PRIu32 ": %s\n", (uint32_t)status, itemseal_error_message(error));
        exit(EXIT_FAILURE);
    }
}

/* What the functions get as userdata. They run on several threads at the same time: it changes only while no call is under way. */
struct service {
    uint8_t secret[32];
    int is_down;
};

/* A stand-in for a call of the key service, and no encryption: it authenticates nothing, and shows how the functions are called. */
static void mask(const struct service *service, const uint8_t *from, uint8_t *to) {
    for (size_t i = 0; i < 32; i++) to[i] = (uint8_t)(from[i] ^ service->secret[i]);
}

static uint32_t wrap_key(void *userdata, itemseal_bytes key, const itemseal_context_entry *context, size_t count,
                         itemseal_answer *answer) {
    const struct service *service = userdata;
    uint8_t wrapped[32];
    (void)context, (void)count; /* A real service binds the context to the wrapped key. */
    if (key.length != 32) return ITEMSEAL_STATUS_INTERNAL;
    mask(service, key.data, wrapped);
    return itemseal_answer_key(answer, (const uint8_t *)"v1", 2, wrapped, sizeof wrapped, NULL);
}

/* `info` and `wrapped` come from the table: whoever can write it chooses them. */
static uint32_t unwrap_key(void *userdata, itemseal_bytes info, itemseal_bytes wrapped, const itemseal_context_entry *context,
                           size_t count, itemseal_answer *answer) {
    const struct service *service = userdata;
    uint8_t key[32];
    (void)context, (void)count;
    if (info.length != 2 || memcmp(info.data, "v1", 2) != 0 || wrapped.length != 32) {
        return ITEMSEAL_STATUS_AUTHENTICATION;
    }
    if (service->is_down) {
        itemseal_answer_message(answer, ITEMSEAL_STR("the key service does not answer"), true, NULL);
        return ITEMSEAL_STATUS_KEY_UNAVAILABLE;
    }
    mask(service, wrapped.data, key);
    return itemseal_answer_key(answer, NULL, 0, key, sizeof key, NULL);
}

int main(void) {
    static struct service service = {.secret = {1, 2, 3}};
    const itemseal_key_provider provider = {&service, wrap_key, unwrap_key, NULL};
    itemseal_error *error = NULL;
    itemseal_keyring *keyring = NULL;
    check(itemseal_keyring_callback(ITEMSEAL_STR("example"), &provider, &keyring, &error), error);

    itemseal_config_builder *table = NULL;
    itemseal_config *config = NULL;
    itemseal_encryptor *encryptor = NULL;
    check(itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &table, &error), error);
    check(itemseal_config_builder_partition_key(table, ITEMSEAL_STR("OrderID"), &error), error);
    check(itemseal_config_builder_build(table, &config, &error), error);
    check(itemseal_encryptor_new(config, keyring, &encryptor, &error), error);
    itemseal_config_builder_free(table);
    itemseal_config_free(config);
    itemseal_keyring_free(keyring);

    itemseal_item *order = NULL, *stored = NULL, *opened = NULL, *again = NULL;
    check(itemseal_item_from_json(ITEMSEAL_STR("{\"OrderID\":{\"S\":\"1\"},\"Card\":{\"S\":\"4111\"}}"), &order, &error), error);
    check(itemseal_encrypt_item(encryptor, order, &stored, &error), error);
    check(itemseal_decrypt_item(encryptor, stored, &opened, &error), error);
    puts("encrypted and opened by the program's own service");

    service.is_down = 1;
    const itemseal_status status = itemseal_decrypt_item(encryptor, stored, &again, &error);
    printf("without the service: %s\n", itemseal_error_message(error));
    const int told = status == ITEMSEAL_STATUS_KEY_UNAVAILABLE && itemseal_error_is_retryable(error);
    itemseal_error_free(error);
    itemseal_item_free(opened), itemseal_item_free(stored), itemseal_item_free(order);
    itemseal_encryptor_free(encryptor);
    return told ? EXIT_SUCCESS : EXIT_FAILURE;
}
