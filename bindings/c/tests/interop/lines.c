/*
 * lines encrypt|decrypt CONFIG TABLE: items in DynamoDB JSON, one a line, in and out. Driven by tests/oracle, which compares.
 * Every line goes its own way by its number: through JSON, through handles, or through CBOR.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <itemseal.h>

static itemseal_error *error;
static unsigned long line_number;

static void check(itemseal_status status) {
    if (status == ITEMSEAL_STATUS_OK) return;
    fprintf(stderr, "lines: line %lu: status %" PRIu32 ": %s\n", line_number, (uint32_t)status, itemseal_error_message(error));
    exit(EXIT_FAILURE);
}

static void print(itemseal_buffer *json) {
    itemseal_bytes bytes;
    check(itemseal_buffer_bytes(json, &bytes, &error));
    if (fwrite(bytes.data, 1, bytes.length, stdout) != bytes.length || putchar('\n') == EOF) exit(EXIT_FAILURE);
    itemseal_buffer_free(json);
}

static void through_json(const itemseal_encryptor *encryptor, int encrypts, const char *line, size_t length) {
    itemseal_buffer *out = NULL;
    check(encrypts ? itemseal_encrypt_json(encryptor, line, length, &out, &error)
                   : itemseal_decrypt_json(encryptor, line, length, &out, &error));
    print(out);
}

static void through_handles(const itemseal_encryptor *encryptor, int encrypts, const itemseal_item *item) {
    itemseal_item *done = NULL;
    itemseal_buffer *json = NULL;
    check(encrypts ? itemseal_encrypt_item(encryptor, item, &done, &error)
                   : itemseal_decrypt_item(encryptor, item, &done, &error));
    check(itemseal_item_to_json(done, &json, &error));
    itemseal_item_free(done);
    print(json);
}

static void through_cbor(const itemseal_encryptor *encryptor, int encrypts, const itemseal_item *item) {
    itemseal_buffer *cbor = NULL, *out = NULL, *json = NULL;
    itemseal_bytes bytes;
    itemseal_item *done = NULL;
    check(itemseal_item_to_cbor(item, &cbor, &error));
    check(itemseal_buffer_bytes(cbor, &bytes, &error));
    check(encrypts ? itemseal_encrypt_cbor(encryptor, bytes.data, bytes.length, &out, &error)
                   : itemseal_decrypt_cbor(encryptor, bytes.data, bytes.length, &out, &error));
    check(itemseal_buffer_bytes(out, &bytes, &error));
    check(itemseal_item_from_cbor(bytes.data, bytes.length, &done, &error));
    check(itemseal_item_to_json(done, &json, &error));
    itemseal_buffer_free(cbor);
    itemseal_buffer_free(out);
    itemseal_item_free(done);
    print(json);
}

int main(int count, char **given) {
    if (count != 4) {
        fprintf(stderr, "lines encrypt|decrypt CONFIG TABLE\n");
        return 2;
    }
    int encrypts = strcmp(given[1], "encrypt") == 0;
    itemseal_config_file *file = NULL;
    itemseal_encryptor *encryptor = NULL;
    check(itemseal_config_file_read(given[2], strlen(given[2]), &file, &error));
    check(itemseal_encryptor_from_file(file, given[3], strlen(given[3]), &encryptor, &error));
    itemseal_config_file_free(file);
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        itemseal_item *item = NULL;
        line_number++;
        check(itemseal_item_from_json(line, (size_t)length, &item, &error));
        switch (line_number % 3) {
        case 0: through_json(encryptor, encrypts, line, (size_t)length); break;
        case 1: through_handles(encryptor, encrypts, item); break;
        default: through_cbor(encryptor, encrypts, item);
        }
        itemseal_item_free(item);
    }
    free(line);
    itemseal_encryptor_free(encryptor);
    return EXIT_SUCCESS;
}
