/* Batches: order, none at all, and the first that fails. */
#include "world.h"

#define MANY 100

int main(void) {
    itemseal_encryptor *encryptor = encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 1);
    const itemseal_item *plain[MANY], *stored[MANY];
    itemseal_item *made[MANY], *out[MANY], *opened[MANY];
    for (int64_t n = 0; n < MANY; n++) {
        itemseal_item *item = item_of(EVERY_TYPE);
        OK(itemseal_item_set_int64(item, ITEMSEAL_STR("n"), n, &error));
        plain[n] = item;
        made[n] = item;
        out[n] = UNTOUCHED(itemseal_item);
    }
    size_t failed = 4711;
    OK(itemseal_encrypt_items(encryptor, plain, MANY, out, &failed, &error));
    for (int n = 0; n < MANY; n++) stored[n] = out[n];
    OK(itemseal_decrypt_items(encryptor, stored, MANY, opened, NULL, &error));
    CHECK(failed == 4711);
    for (int n = 0; n < MANY; n++) {
        char *before = json_of(made[n]);
        CHECK(same_json(opened[n], before));
        free(before);
        itemseal_item_free(opened[n]);
        opened[n] = UNTOUCHED(itemseal_item);
    }
    OK(itemseal_encrypt_items(encryptor, NULL, 0, NULL, NULL, &error));

    /* Two are bad: the first of them is told, and nothing is given. */
    OK(itemseal_item_set_string(out[61], ITEMSEAL_STR("Status"), ITEMSEAL_STR("Paid"), &error));
    OK(itemseal_item_set_string(out[90], ITEMSEAL_STR("Status"), ITEMSEAL_STR("Paid"), &error));
    FAILS(ITEMSEAL_STATUS_AUTHENTICATION, "", NULL,
          itemseal_decrypt_items(encryptor, stored, MANY, opened, &failed, &error));
    CHECK(failed == 61);
    stored[7] = NULL;
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "NULL", NULL,
          itemseal_decrypt_items(encryptor, stored, MANY, opened, &failed, &error));
    CHECK(failed == 7);
    OK(itemseal_item_set_number(made[33], ITEMSEAL_STR("n"), ITEMSEAL_STR("x"), &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "not a number", "n", itemseal_encrypt_items(encryptor, plain, MANY, opened, &failed, &error));
    CHECK(failed == 33);
    for (int n = 0; n < MANY; n++) {
        CHECK(opened[n] == UNTOUCHED(itemseal_item));
        itemseal_item_free(made[n]);
        itemseal_item_free(out[n]);
    }
    itemseal_encryptor_free(encryptor);
    return checked("batch");
}
