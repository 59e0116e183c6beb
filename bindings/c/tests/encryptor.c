/* Encryptors: items, JSON, CBOR, descriptions, refusals. */
#include "world.h"

static void every_form(uint32_t suite) {
    itemseal_encryptor *encryptor = encryptor_of(suite, 1);
    itemseal_item *item = item_of(EVERY_TYPE), *stored = NULL, *opened = NULL;
    OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
    CHECK(same_json(item, EVERY_TYPE));
    size_t count = 0;
    OK(itemseal_item_count(stored, &count, &error));
    CHECK(count == 14);
    itemseal_text text;
    itemseal_bytes bytes;
    OK(itemseal_item_get_string(stored, ITEMSEAL_STR("Status"), &text, &error));
    CHECK(is_text(text, "Shipped"));
    OK(itemseal_item_get_binary(stored, ITEMSEAL_STR("s"), &bytes, &error));
    OK(itemseal_item_get_binary(stored, ITEMSEAL_STR("aws_dbe_head"), &bytes, &error));
    CHECK(bytes.length > 20);
    OK(itemseal_decrypt_item(encryptor, stored, &opened, &error));
    CHECK(same_json(opened, EVERY_TYPE));
    itemseal_item_free(opened);

    itemseal_buffer *in = NULL, *out = NULL;
    char *json = json_of(stored);
    OK(itemseal_decrypt_json(encryptor, json, strlen(json), &out, &error));
    free(json);
    OK(itemseal_buffer_bytes(out, &bytes, &error));
    CHECK(is_bytes(bytes, EVERY_TYPE, strlen(EVERY_TYPE)));
    itemseal_buffer_free(out);
    OK(itemseal_encrypt_json(encryptor, EVERY_TYPE, strlen(EVERY_TYPE), &in, &error));
    OK(itemseal_buffer_bytes(in, &bytes, &error));
    itemseal_item *from_json = NULL, *from_cbor = NULL;
    OK(itemseal_item_from_json((const char *)bytes.data, bytes.length, &from_json, &error));
    itemseal_buffer_free(in);
    OK(itemseal_decrypt_item(encryptor, from_json, &opened, &error));
    CHECK(same_json(opened, EVERY_TYPE));
    itemseal_item_free(opened);
    itemseal_item_free(from_json);

    OK(itemseal_item_to_cbor(item, &in, &error));
    OK(itemseal_buffer_bytes(in, &bytes, &error));
    OK(itemseal_encrypt_cbor(encryptor, bytes.data, bytes.length, &out, &error));
    itemseal_buffer_free(in);
    OK(itemseal_buffer_bytes(out, &bytes, &error));
    OK(itemseal_decrypt_cbor(encryptor, bytes.data, bytes.length, &in, &error));
    itemseal_buffer_free(out);
    OK(itemseal_buffer_bytes(in, &bytes, &error));
    OK(itemseal_item_from_cbor(bytes.data, bytes.length, &from_cbor, &error));
    CHECK(same_json(from_cbor, EVERY_TYPE));
    itemseal_buffer_free(in);
    itemseal_item_free(from_cbor);

    itemseal_description *description = NULL;
    itemseal_description_numbers numbers;
    OK(itemseal_describe_item(stored, &description, &error));
    itemseal_item_free(stored);
    OK(itemseal_description_get_numbers(description, &numbers, &error));
    CHECK(numbers.format_version == 1 && numbers.suite == suite && numbers.data_keys == 1);
    CHECK(numbers.encrypted_attributes == 10 && numbers.signed_attributes == 2 && numbers.overhead_bytes > 100);
    CHECK(numbers.context_entries == (suite == ITEMSEAL_SUITE_ECDSA_P384 ? 1u : 0u));
    OK(itemseal_description_data_key(description, 0, &text, &bytes, &error));
    CHECK(is_text(text, "tests") && bytes.length >= 5 && memcmp(bytes.data, "key-1", 5) == 0);
    FAILS(ITEMSEAL_STATUS_NOT_FOUND, "1", NULL, itemseal_description_data_key(description, 1, &text, &bytes, &error));
    itemseal_text value = {"sentinel", 8};
    if (numbers.context_entries == 1) {
        OK(itemseal_description_context(description, 0, &text, &value, &error));
        CHECK(is_text(text, "aws-crypto-public-key") && value.length > 20);
    } else {
        FAILS(ITEMSEAL_STATUS_NOT_FOUND, "0", NULL, itemseal_description_context(description, 0, &text, &value, &error));
        CHECK(is_text(text, "tests") && is_text(value, "sentinel"));
    }
    itemseal_description_free(description);
    itemseal_item_free(item);
    itemseal_encryptor_free(encryptor);
}

static void refusals(void) {
    itemseal_encryptor *encryptor = encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 1);
    itemseal_encryptor *other = encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 2);
    itemseal_item *item = item_of(EVERY_TYPE), *stored = NULL, *altered = NULL, *none = UNTOUCHED(itemseal_item);
    itemseal_buffer *no_buffer = UNTOUCHED(itemseal_buffer);
    itemseal_description *no_description = UNTOUCHED(itemseal_description);
    OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
    OK(itemseal_item_clone(stored, &altered, &error));
    OK(itemseal_item_set_string(altered, ITEMSEAL_STR("Status"), ITEMSEAL_STR("Paid"), &error));
    FAILS(ITEMSEAL_STATUS_AUTHENTICATION, "", NULL, itemseal_decrypt_item(encryptor, altered, &none, &error));
    itemseal_item_free(altered);
    FAILS(ITEMSEAL_STATUS_AUTHENTICATION, "", NULL, itemseal_decrypt_item(other, stored, &none, &error));
    FAILS(ITEMSEAL_STATUS_NOT_ENCRYPTED, "", NULL, itemseal_decrypt_item(encryptor, item, &none, &error));
    FAILS(ITEMSEAL_STATUS_NOT_ENCRYPTED, "", NULL, itemseal_describe_item(item, &no_description, &error));
    FAILS(ITEMSEAL_STATUS_NOT_ENCRYPTED, "", NULL,
          itemseal_decrypt_json(encryptor, EVERY_TYPE, strlen(EVERY_TYPE), &no_buffer, &error));
    /* Encrypting twice, without the key attribute, and what DynamoDB would refuse: the attribute is named. */
    FAILS(ITEMSEAL_STATUS_MISUSE, "aws_dbe_foot", "aws_dbe_foot", itemseal_encrypt_item(encryptor, stored, &none, &error));
    OK(itemseal_item_set_number(item, ITEMSEAL_STR("n"), ITEMSEAL_STR("one"), &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "not a number", "n", itemseal_encrypt_item(encryptor, item, &none, &error));
    OK(itemseal_item_remove(item, ITEMSEAL_STR("OrderID"), &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "OrderID", "OrderID", itemseal_encrypt_item(encryptor, item, &none, &error));
    OK(itemseal_item_set_binary(stored, ITEMSEAL_STR("aws_dbe_head"), (const uint8_t *)"\x01", 1, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", "aws_dbe_head", itemseal_describe_item(stored, &no_description, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", NULL, itemseal_encrypt_json(encryptor, ITEMSEAL_STR("{"), &no_buffer, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", NULL, itemseal_encrypt_cbor(encryptor, (const uint8_t *)"\xa1", 1, &no_buffer, &error));
    CHECK(none == UNTOUCHED(itemseal_item) && no_buffer == UNTOUCHED(itemseal_buffer));
    CHECK(no_description == UNTOUCHED(itemseal_description));
    itemseal_item_free(item);
    itemseal_item_free(stored);
    itemseal_encryptor_free(encryptor);
    itemseal_encryptor_free(other);
}

/* An error that is not asked for, and one that is: what it says of itself. */
static void errors(void) {
    itemseal_error *error = NULL;
    itemseal_item *none = UNTOUCHED(itemseal_item);
    CHECK(STATUS(itemseal_item_from_json(ITEMSEAL_STR("{"), &none, NULL)) == ITEMSEAL_STATUS_MALFORMED);
    CHECK(STATUS(itemseal_item_from_json(ITEMSEAL_STR("{"), &none, &error)) == ITEMSEAL_STATUS_MALFORMED);
    CHECK(STATUS(itemseal_error_status(error)) == ITEMSEAL_STATUS_MALFORMED && !itemseal_error_is_retryable(error));
    CHECK(itemseal_error_region(error) == NULL && itemseal_error_code(error) == NULL);
    CHECK(itemseal_error_request_id(error) == NULL && itemseal_error_attribute(error) == NULL);
    itemseal_error_free(error);
    CHECK(STATUS(itemseal_error_status(NULL)) == ITEMSEAL_STATUS_OK && itemseal_error_message(NULL)[0] == '\0');
    CHECK(!itemseal_error_is_retryable(NULL) && itemseal_error_attribute(NULL) == NULL);
}

int main(void) {
    every_form(ITEMSEAL_SUITE_HMAC_ONLY);
    every_form(ITEMSEAL_SUITE_ECDSA_P384);
    refusals();
    errors();
    return checked("encryptor");
}
