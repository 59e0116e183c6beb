/* An item is encrypted under a key that the program has, and opened again. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <itemseal.h>

/* Tells what is wrong, and ends. */
static void check(itemseal_status status, itemseal_error *error) {
    if (status != ITEMSEAL_STATUS_OK) {
        fprintf(stderr, "status %" PRIu32 ": %s\n", (uint32_t)status, itemseal_error_message(error));
        itemseal_error_free(error);
        exit(EXIT_FAILURE);
    }
}

int main(void) {
    itemseal_error *error = NULL;

    /* What is not named is encrypted and signed. */
    itemseal_config_builder *builder = NULL;
    itemseal_config *config = NULL;
    check(itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &builder, &error), error);
    check(itemseal_config_builder_partition_key(builder, ITEMSEAL_STR("OrderID"), &error), error);
    check(itemseal_config_builder_action(builder, ITEMSEAL_STR("Status"),
                                         ITEMSEAL_ACTION_SIGN_ONLY, &error), error);
    check(itemseal_config_builder_build(builder, &config, &error), error);
    itemseal_config_builder_free(builder);

    /* A program reads its key from where only it can. */
    const uint8_t key[32] = {7};
    itemseal_keyring *keyring = NULL;
    check(itemseal_keyring_raw_aes(ITEMSEAL_STR("example"), ITEMSEAL_STR("key-1"), key, sizeof key,
                                   &keyring, &error), error);

    itemseal_encryptor *encryptor = NULL;
    check(itemseal_encryptor_new(config, keyring, &encryptor, &error), error);
    itemseal_keyring_free(keyring);
    itemseal_config_free(config);

    itemseal_item *order = NULL, *stored = NULL, *opened = NULL;
    check(itemseal_item_new(&order, &error), error);
    check(itemseal_item_set_string(order, ITEMSEAL_STR("OrderID"), ITEMSEAL_STR("12345"), &error), error);
    check(itemseal_item_set_string(order, ITEMSEAL_STR("Status"), ITEMSEAL_STR("Shipped"), &error), error);
    check(itemseal_item_set_string(order, ITEMSEAL_STR("Card"), ITEMSEAL_STR("4111 1111"), &error), error);
    check(itemseal_encrypt_item(encryptor, order, &stored, &error), error);

    /* In the stored form the card is bytes that nobody reads; the status is readable. */
    itemseal_bytes card;
    itemseal_text text;
    check(itemseal_item_get_binary(stored, ITEMSEAL_STR("Card"), &card, &error), error);
    check(itemseal_item_get_string(stored, ITEMSEAL_STR("Status"), &text, &error), error);
    printf("stored: Card is %zu bytes, Status is %.*s\n", card.length, (int)text.length, text.data);

    check(itemseal_decrypt_item(encryptor, stored, &opened, &error), error);
    check(itemseal_item_get_string(opened, ITEMSEAL_STR("Card"), &text, &error), error);
    printf("opened: Card is %.*s\n", (int)text.length, text.data);

    /* What was altered does not open. */
    check(itemseal_item_set_string(stored, ITEMSEAL_STR("Status"), ITEMSEAL_STR("Paid"), &error), error);
    itemseal_item *altered = NULL;
    itemseal_status status = itemseal_decrypt_item(encryptor, stored, &altered, &error);
    printf("altered: %s\n", itemseal_error_message(error));
    itemseal_error_free(error);

    itemseal_item_free(opened);
    itemseal_item_free(stored);
    itemseal_item_free(order);
    itemseal_encryptor_free(encryptor);
    return status == ITEMSEAL_STATUS_AUTHENTICATION ? EXIT_SUCCESS : EXIT_FAILURE;
}
