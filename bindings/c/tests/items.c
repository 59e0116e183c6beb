/* Items: set, get, look through, in and out of JSON and CBOR. */
#include "world.h"

static void setters_and_getters(void) {
    itemseal_item *item = NULL;
    OK(itemseal_item_new(&item, &error));
    const uint8_t bytes[] = {0, 1, 255};
    const itemseal_text pq[] = {{"p", 1}, {"q", 1}}, numbers[] = {{"1", 1}, {"22", 2}};
    const uint8_t one = 1, two = 2;
    const itemseal_bytes binaries[] = {{&one, 1}, {&two, 1}};
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("OrderID"), ITEMSEAL_STR("12345"), &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("Status"), ITEMSEAL_STR("Shipped"), &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("s"), ITEMSEAL_STR("before"), &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("s"), ITEMSEAL_STR("text"), &error));
    OK(itemseal_item_set_number(item, ITEMSEAL_STR("n"), ITEMSEAL_STR("-12.5"), &error));
    OK(itemseal_item_set_binary(item, ITEMSEAL_STR("b"), bytes, sizeof bytes, &error));
    OK(itemseal_item_set_bool(item, ITEMSEAL_STR("bool"), 77, &error));
    OK(itemseal_item_set_null(item, ITEMSEAL_STR("null"), &error));
    OK(itemseal_item_set_string_set(item, ITEMSEAL_STR("ss"), pq, 2, &error));
    OK(itemseal_item_set_number_set(item, ITEMSEAL_STR("ns"), numbers, 2, &error));
    OK(itemseal_item_set_binary_set(item, ITEMSEAL_STR("bs"), binaries, 2, &error));

    itemseal_value *list = NULL, *map = NULL, *element = NULL;
    OK(itemseal_value_list(&list, &error));
    OK(itemseal_value_string(ITEMSEAL_STR("x"), &element, &error));
    OK(itemseal_value_push(list, element, &error));
    itemseal_value_free(element);
    OK(itemseal_value_number(ITEMSEAL_STR("2"), &element, &error));
    OK(itemseal_value_push(list, element, &error));
    /* What was moved is null, and may be used again. */
    OK(itemseal_value_map(&map, &error));
    OK(itemseal_value_set(map, ITEMSEAL_STR("z"), element, &error));
    itemseal_value_free(element);
    OK(itemseal_value_string(ITEMSEAL_STR("1"), &element, &error));
    OK(itemseal_value_set(map, ITEMSEAL_STR("a"), element, &error));
    itemseal_value_free(element);
    OK(itemseal_item_set_value(item, ITEMSEAL_STR("l"), list, &error));
    OK(itemseal_item_set_value(item, ITEMSEAL_STR("m"), map, &error));
    itemseal_value_free(list);
    itemseal_value_free(map);
    CHECK(same_json(item, EVERY_TYPE));

    size_t number = 99;
    OK(itemseal_item_count(item, &number, &error));
    CHECK(number == 12);
    OK(itemseal_item_set_int64(item, ITEMSEAL_STR("least"), INT64_MIN, &error));
    itemseal_text text;
    OK(itemseal_item_get_number(item, ITEMSEAL_STR("least"), &text, &error));
    CHECK(is_text(text, "-9223372036854775808"));
    OK(itemseal_item_get_string(item, ITEMSEAL_STR("s"), &text, &error));
    CHECK(is_text(text, "text"));
    itemseal_bytes got;
    OK(itemseal_item_get_binary(item, ITEMSEAL_STR("b"), &got, &error));
    CHECK(is_bytes(got, bytes, sizeof bytes));
    bool flag = false;
    OK(itemseal_item_get_bool(item, ITEMSEAL_STR("bool"), &flag, &error));
    CHECK(flag);
    OK(itemseal_item_set_bool(item, ITEMSEAL_STR("bool"), 0, &error));
    OK(itemseal_item_get_bool(item, ITEMSEAL_STR("bool"), &flag, &error));
    CHECK(!flag);

    OK(itemseal_item_remove(item, ITEMSEAL_STR("least"), &error));
    OK(itemseal_item_remove(item, ITEMSEAL_STR("least"), &error));
    OK(itemseal_item_count(item, &number, &error));
    CHECK(number == 12);
    /* Text may be empty, hold NULs and anything else of Unicode; without length its pointer may be NULL. */
    OK(itemseal_item_set_string(item, "a\0b", 3, "\0\xf0\x9f\x94\x92", 5, &error));
    OK(itemseal_item_get_string(item, "a\0b", 3, &text, &error));
    CHECK(text.length == 5 && memcmp(text.data, "\0\xf0\x9f\x94\x92", 5) == 0);
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("empty"), NULL, 0, &error));
    OK(itemseal_item_get_string(item, ITEMSEAL_STR("empty"), &text, &error));
    CHECK(text.length == 0);
    itemseal_item_free(item);
}

static void what_is_not_there(void) {
    itemseal_item *item = item_of(EVERY_TYPE);
    itemseal_text text = {"sentinel", 8};
    bool flag = true;
    FAILS(ITEMSEAL_STATUS_NOT_FOUND, "nothing", NULL,
          itemseal_item_get_string(item, ITEMSEAL_STR("nothing"), &text, &error));
    FAILS(ITEMSEAL_STATUS_WRONG_TYPE, "n", NULL, itemseal_item_get_string(item, ITEMSEAL_STR("n"), &text, &error));
    FAILS(ITEMSEAL_STATUS_WRONG_TYPE, "s", NULL, itemseal_item_get_number(item, ITEMSEAL_STR("s"), &text, &error));
    FAILS(ITEMSEAL_STATUS_WRONG_TYPE, "s", NULL, itemseal_item_get_bool(item, ITEMSEAL_STR("s"), &flag, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "UTF-8", NULL, itemseal_item_get_string(item, "\xc3\x28", 2, &text, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "out", NULL, itemseal_item_get_string(item, ITEMSEAL_STR("s"), NULL, &error));
    CHECK(is_text(text, "sentinel") && flag);
    CHECK(STATUS(itemseal_item_get_string(item, ITEMSEAL_STR("nothing"), &text, NULL)) == ITEMSEAL_STATUS_NOT_FOUND);
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "UTF-8", NULL,
          itemseal_item_set_string(item, ITEMSEAL_STR("s"), "\xff", 1, &error));
    const itemseal_text bad[] = {{"p", 1}, {"\xff", 1}};
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "UTF-8", NULL,
          itemseal_item_set_string_set(item, ITEMSEAL_STR("ss"), bad, 2, &error));
    CHECK(same_json(item, EVERY_TYPE));
    itemseal_item_free(item);
}

static void looking_through(void) {
    static const char *const names[] = {"OrderID", "Status", "b",  "bool", "bs", "l",
                                        "m",       "n",      "ns", "null", "s",  "ss"};
    static const uint32_t types[] = {
        ITEMSEAL_TYPE_STRING,     ITEMSEAL_TYPE_STRING, ITEMSEAL_TYPE_BINARY, ITEMSEAL_TYPE_BOOL,
        ITEMSEAL_TYPE_BINARY_SET, ITEMSEAL_TYPE_LIST,   ITEMSEAL_TYPE_MAP,    ITEMSEAL_TYPE_NUMBER,
        ITEMSEAL_TYPE_NUMBER_SET, ITEMSEAL_TYPE_NULL,   ITEMSEAL_TYPE_STRING, ITEMSEAL_TYPE_STRING_SET};
    itemseal_item *item = item_of(EVERY_TYPE);
    itemseal_cursor *cursor = NULL;
    OK(itemseal_cursor_of_item(item, &cursor, &error));
    bool found = true;
    itemseal_text name = {"sentinel", 8};
    itemseal_view view;
    for (size_t n = 0; n < 12; n++) {
        itemseal_type type;
        OK(itemseal_cursor_next(cursor, &found, &name, &view, &error));
        OK(itemseal_view_type(view, &type, &error));
        CHECK(found && is_text(name, names[n]) && (uint32_t)type == types[n]);
    }
    name.data = "sentinel", name.length = 8;
    for (int again = 0; again < 2; again++) {
        OK(itemseal_cursor_next(cursor, &found, &name, &view, &error));
        CHECK(!found && is_text(name, "sentinel"));
    }
    itemseal_cursor_free(cursor);

    OK(itemseal_item_get(item, ITEMSEAL_STR("m"), &view, &error));
    OK(itemseal_cursor_of_map(view, &cursor, &error));
    OK(itemseal_cursor_next(cursor, &found, &name, NULL, &error));
    CHECK(found && is_text(name, "a"));
    itemseal_cursor_free(cursor);
    itemseal_item_free(item);
}

static void views(void) {
    itemseal_item *item = item_of(EVERY_TYPE);
    itemseal_view view, inner;
    itemseal_text text = {"sentinel", 8};
    itemseal_bytes bytes;
    size_t count = 0;
    bool flag = false;
    OK(itemseal_item_get(item, ITEMSEAL_STR("s"), &view, &error));
    OK(itemseal_view_string(view, &text, &error));
    CHECK(is_text(text, "text"));
    OK(itemseal_item_get(item, ITEMSEAL_STR("n"), &view, &error));
    OK(itemseal_view_number(view, &text, &error));
    CHECK(is_text(text, "-12.5"));
    FAILS(ITEMSEAL_STATUS_WRONG_TYPE, "type N", NULL, itemseal_view_string(view, &text, &error));
    OK(itemseal_item_get(item, ITEMSEAL_STR("b"), &view, &error));
    OK(itemseal_view_binary(view, &bytes, &error));
    CHECK(is_bytes(bytes, "\0\1\377", 3));
    OK(itemseal_item_get(item, ITEMSEAL_STR("bool"), &view, &error));
    OK(itemseal_view_bool(view, &flag, &error));
    CHECK(flag);
    OK(itemseal_item_get(item, ITEMSEAL_STR("ns"), &view, &error));
    OK(itemseal_view_count(view, &count, &error));
    OK(itemseal_view_text_at(view, 1, &text, &error));
    CHECK(count == 2 && is_text(text, "22"));
    FAILS(ITEMSEAL_STATUS_NOT_FOUND, "2", NULL, itemseal_view_text_at(view, 2, &text, &error));
    CHECK(is_text(text, "22"));
    OK(itemseal_item_get(item, ITEMSEAL_STR("bs"), &view, &error));
    OK(itemseal_view_binary_at(view, 1, &bytes, &error));
    CHECK(is_bytes(bytes, "\2", 1));
    OK(itemseal_item_get(item, ITEMSEAL_STR("l"), &view, &error));
    OK(itemseal_view_at(view, 1, &inner, &error));
    OK(itemseal_view_number(inner, &text, &error));
    CHECK(is_text(text, "2"));
    OK(itemseal_item_get(item, ITEMSEAL_STR("m"), &view, &error));
    OK(itemseal_view_get(view, ITEMSEAL_STR("a"), &inner, &error));
    OK(itemseal_view_string(inner, &text, &error));
    CHECK(is_text(text, "1"));
    FAILS(ITEMSEAL_STATUS_NOT_FOUND, "nothing", NULL, itemseal_view_get(view, ITEMSEAL_STR("nothing"), &inner, &error));

    itemseal_value *copy = NULL;
    OK(itemseal_value_copy_of(view, &copy, &error));
    itemseal_item_free(item); /* The copy lives on. */
    OK(itemseal_value_view(copy, &view, &error));
    OK(itemseal_view_count(view, &count, &error));
    CHECK(count == 2);
    itemseal_value_free(copy);
    memset(&view, 0, sizeof view);
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "never filled in", NULL, itemseal_view_count(view, &count, &error));
}

static void values_keep_to_their_type_and_depth(void) {
    itemseal_value *deep = NULL, *element = NULL, *set = NULL;
    const itemseal_text pq[] = {{"p", 1}, {"q", 1}};
    const itemseal_bytes binary = {(const uint8_t *)"x", 1};
    OK(itemseal_value_string_set(pq, 2, &set, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "itself", NULL, itemseal_value_push(set, set, &error));
    OK(itemseal_value_null(&element, &error));
    FAILS(ITEMSEAL_STATUS_WRONG_TYPE, "a list", NULL, itemseal_value_push(set, element, &error));
    FAILS(ITEMSEAL_STATUS_WRONG_TYPE, "a map", NULL, itemseal_value_set(set, ITEMSEAL_STR("a"), element, &error));
    itemseal_value_free(set);
    itemseal_value_free(element);
    OK(itemseal_value_number_set(pq, 2, &set, &error));
    itemseal_value_free(set);
    OK(itemseal_value_binary_set(&binary, 1, &set, &error));
    itemseal_value_free(set);
    OK(itemseal_value_binary((const uint8_t *)"x", 1, &deep, &error));
    itemseal_value_free(deep);
    OK(itemseal_value_bool(1, &deep, &error));
    int levels = 1;
    for (;;) {
        itemseal_value *outer = NULL;
        OK(itemseal_value_list(&outer, &error));
        if (STATUS(itemseal_value_push(outer, deep, NULL)) != ITEMSEAL_STATUS_OK) {
            FAILS(ITEMSEAL_STATUS_TOO_LARGE, "32 levels", NULL, itemseal_value_push(outer, deep, &error));
            itemseal_value_free(outer);
            break;
        }
        itemseal_value_free(deep);
        deep = outer;
        levels++;
    }
    CHECK(levels == 32);
    itemseal_value_free(deep);
}

static void text_forms(void) {
    itemseal_item *item = item_of(EVERY_TYPE), *again = NULL, *clone = NULL;
    itemseal_buffer *cbor = NULL;
    itemseal_bytes bytes;
    OK(itemseal_item_to_cbor(item, &cbor, &error));
    OK(itemseal_buffer_bytes(cbor, &bytes, &error));
    OK(itemseal_item_from_cbor(bytes.data, bytes.length, &again, &error));
    itemseal_buffer_free(cbor);
    CHECK(same_json(again, EVERY_TYPE));
    size_t size = 0, size_again = 1;
    OK(itemseal_item_size_bytes(item, &size, &error));
    OK(itemseal_item_size_bytes(again, &size_again, &error));
    CHECK(size == size_again && size > 60 && size < 200);
    OK(itemseal_item_clone(item, &clone, &error));
    itemseal_item_free(item);
    CHECK(same_json(clone, EVERY_TYPE));
    itemseal_item_free(clone);
    itemseal_item_free(again);

    itemseal_item *none = UNTOUCHED(itemseal_item);
    FAILS(ITEMSEAL_STATUS_MALFORMED, "line 2", NULL, itemseal_item_from_json(ITEMSEAL_STR("{\n!"), &none, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", NULL, itemseal_item_from_json(ITEMSEAL_STR("{\"a\":{\"X\":1}}"), &none, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", NULL, itemseal_item_from_json(ITEMSEAL_STR("{\"a\":{\"S\":\"\xff\"}}"), &none, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", NULL, itemseal_item_from_json(NULL, 0, &none, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, "", NULL, itemseal_item_from_cbor((const uint8_t *)"\xa1", 1, &none, &error));
    CHECK(none == UNTOUCHED(itemseal_item));
}

int main(void) {
    setters_and_getters();
    what_is_not_there();
    looking_through();
    views();
    values_keep_to_their_type_and_depth();
    text_forms();
    CHECK(itemseal_abi_version() == ITEMSEAL_ABI_VERSION);
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", ITEMSEAL_VERSION_MAJOR, ITEMSEAL_VERSION_MINOR, ITEMSEAL_VERSION_PATCH);
    CHECK(strcmp(itemseal_version(), version) == 0);
    return checked("items");
}
