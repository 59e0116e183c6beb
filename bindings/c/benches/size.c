/* Encrypts one item with a raw AES key, as tests/oracle/size does with AWS's crate: two programs to be weighed (`make c-size`). */
#include <string.h>

#include <itemseal.h>

int main(void) {
    itemseal_error *error = NULL;
    itemseal_config_builder *table = NULL;
    itemseal_config *config = NULL;
    itemseal_keyring *keyring = NULL;
    itemseal_encryptor *encryptor = NULL;
    itemseal_item *item = NULL, *stored = NULL;
    size_t attributes = 0;
    uint8_t key[32];
    memset(key, 7, sizeof key);

    itemseal_status status = itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &table, &error);
    if (!status) status = itemseal_config_builder_partition_key(table, ITEMSEAL_STR("OrderID"), &error);
    if (!status) status = itemseal_config_builder_build(table, &config, &error);
    if (!status) status = itemseal_keyring_raw_aes(ITEMSEAL_STR("shop"), ITEMSEAL_STR("key-1"), key, sizeof key, &keyring, &error);
    if (!status) status = itemseal_encryptor_new(config, keyring, &encryptor, &error);
    if (!status) status = itemseal_item_new(&item, &error);
    if (!status) status = itemseal_item_set_string(item, ITEMSEAL_STR("OrderID"), ITEMSEAL_STR("12345"), &error);
    if (!status) status = itemseal_item_set_number(item, ITEMSEAL_STR("Total"), ITEMSEAL_STR("99.95"), &error);
    if (!status) status = itemseal_encrypt_item(encryptor, item, &stored, &error);
    if (!status) status = itemseal_item_count(stored, &attributes, &error);

    itemseal_error_free(error);
    itemseal_item_free(stored);
    itemseal_item_free(item);
    itemseal_encryptor_free(encryptor);
    itemseal_keyring_free(keyring);
    itemseal_config_free(config);
    itemseal_config_builder_free(table);
    /* The item's two, header and footer. */
    return !status && attributes == 4 ? 0 : 1;
}
