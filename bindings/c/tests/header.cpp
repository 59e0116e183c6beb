// The header compiles as C++, alone and first, and its functions link from there.
#include <itemseal.h>

#include <cstdio>
#include <cstring>

static_assert(ITEMSEAL_STATUS_OK == 0 && sizeof(itemseal_status) == 4, "the status has C's size");

int main() {
    itemseal_item *item = nullptr;
    itemseal_error *error = nullptr;
    itemseal_status status = itemseal_item_from_json(ITEMSEAL_STR("{"), &item, &error);
    bool right = status == ITEMSEAL_STATUS_MALFORMED && item == nullptr && std::strlen(itemseal_error_message(error)) > 0;
    itemseal_error_free(error);
    std::printf("header: C++, %s\n", right ? "right" : "WRONG");
    return right ? 0 : 1;
}
