/* A panic inside comes back as a status; handles are usable after it. Needs the library with what is in hooks/. */
#include "world.h"

/* In no header. */
itemseal_status itemseal_test_panic(itemseal_error **error);

int main(void) {
    itemseal_encryptor *encryptor = encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 1);
    itemseal_item *item = item_of(EVERY_TYPE);
    for (int n = 0; n < 3; n++) {
        FAILS(ITEMSEAL_STATUS_PANIC, "defect", NULL, itemseal_test_panic(&error));
        CHECK(STATUS(itemseal_test_panic(NULL)) == ITEMSEAL_STATUS_PANIC);
        itemseal_item *stored = NULL, *opened = NULL;
        OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
        OK(itemseal_decrypt_item(encryptor, stored, &opened, &error));
        CHECK(same_json(opened, EVERY_TYPE));
        itemseal_item_free(stored);
        itemseal_item_free(opened);
    }
    itemseal_item_free(item);
    itemseal_encryptor_free(encryptor);
    return checked("panic");
}
