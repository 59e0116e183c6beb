/* What a handle was made from may be freed before it; what is copied lives on. Memcheck and ASan see whether it is so. */
#include "stored.h"
#include "world.h"

static void encryptors_outlive_what_made_them(void) {
    itemseal_config_builder *builder = builder_of_orders();
    itemseal_config *config = NULL;
    itemseal_keyring *one = keyring_of(1), *two = keyring_of(2), *both = NULL;
    itemseal_encryptor *first = NULL, *second = NULL;
    OK(itemseal_config_builder_build(builder, &config, &error));
    itemseal_config_builder_free(builder);
    const itemseal_keyring *pair[] = {one, two};
    OK(itemseal_keyring_multi(pair, 2, &both, &error));
    itemseal_keyring_free(one);
    pair[0] = NULL;
    OK(itemseal_encryptor_new(config, both, &first, &error));
    OK(itemseal_encryptor_new(config, two, &second, &error));
    itemseal_keyring_free(two);
    itemseal_keyring_free(both);
    itemseal_config_free(config);
    itemseal_item *item = item_of(EVERY_TYPE), *stored = NULL, *opened = NULL;
    OK(itemseal_encrypt_item(first, item, &stored, &error));
    itemseal_item_free(item);
    itemseal_encryptor_free(first);
    OK(itemseal_decrypt_item(second, stored, &opened, &error));
    itemseal_item_free(stored);
    itemseal_encryptor_free(second);
    CHECK(same_json(opened, EVERY_TYPE));
    itemseal_item_free(opened);
}

static void what_was_copied_lives_on(void) {
    itemseal_item *item = item_of(EVERY_TYPE), *clone = NULL, *stored = NULL;
    itemseal_view view;
    itemseal_value *copy = NULL;
    itemseal_buffer *json = NULL;
    OK(itemseal_item_clone(item, &clone, &error));
    OK(itemseal_item_to_json(item, &json, &error));
    OK(itemseal_item_get(item, ITEMSEAL_STR("l"), &view, &error));
    OK(itemseal_value_copy_of(view, &copy, &error));
    itemseal_item_free(item);
    CHECK(same_json(clone, EVERY_TYPE));
    itemseal_bytes bytes;
    OK(itemseal_buffer_bytes(json, &bytes, &error));
    CHECK(is_bytes(bytes, EVERY_TYPE, strlen(EVERY_TYPE)));
    itemseal_buffer_free(json);
    OK(itemseal_value_view(copy, &view, &error));
    size_t count = 0;
    OK(itemseal_view_count(view, &count, &error));
    CHECK(count == 2);
    /* A value that was moved into an item is the item's. */
    OK(itemseal_item_set_value(clone, ITEMSEAL_STR("copy"), copy, &error));
    itemseal_value_free(copy);
    OK(itemseal_item_get(clone, ITEMSEAL_STR("copy"), &view, &error));
    OK(itemseal_view_count(view, &count, &error));
    CHECK(count == 2);
    itemseal_item_free(clone);

    OK(itemseal_item_from_cbor(STORED_ECDSA_P384, sizeof STORED_ECDSA_P384, &stored, &error));
    itemseal_description *description = NULL;
    OK(itemseal_describe_item(stored, &description, &error));
    itemseal_item_free(stored);
    itemseal_text name, value;
    OK(itemseal_description_context(description, 0, &name, &value, &error));
    CHECK(is_text(name, "aws-crypto-public-key"));
    itemseal_description_free(description);
}

static void cursors_may_be_freed_last(void) {
    itemseal_item *item = item_of(EVERY_TYPE);
    itemseal_cursor *cursor = NULL;
    bool found = false;
    itemseal_text name;
    itemseal_view view;
    OK(itemseal_cursor_of_item(item, &cursor, &error));
    OK(itemseal_cursor_next(cursor, &found, &name, &view, &error));
    itemseal_cursor *second = NULL;
    OK(itemseal_cursor_of_item(item, &second, &error));
    itemseal_cursor_free(cursor);
    /* What a cursor gave is the item's, not the cursor's. */
    CHECK(is_text(name, "OrderID"));
    OK(itemseal_view_string(view, &name, &error));
    CHECK(is_text(name, "12345"));
    itemseal_item_free(item);
    itemseal_cursor_free(second);
}

static void errors_outlive_everything(void) {
    itemseal_encryptor *encryptor = encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 1);
    itemseal_item *item = item_of(EVERY_TYPE), *none = NULL;
    itemseal_error *error = NULL;
    OK(itemseal_item_set_number(item, ITEMSEAL_STR("n"), ITEMSEAL_STR("x"), &error));
    CHECK(STATUS(itemseal_encrypt_item(encryptor, item, &none, &error)) == ITEMSEAL_STATUS_MALFORMED);
    itemseal_item_free(item);
    itemseal_encryptor_free(encryptor);
    CHECK(strcmp(itemseal_error_attribute(error), "n") == 0 && strstr(itemseal_error_message(error), "number") != NULL);
    itemseal_error_free(error);
}

int main(void) {
    encryptors_outlive_what_made_them();
    what_was_copied_lives_on();
    cursors_may_be_freed_last();
    errors_outlive_everything();
    return checked("handles");
}
