/*
 * Garbage through the exported functions: fuzz [COUNT] [SEED] [--only N]
 *
 * Input number N follows from the seed alone, so what is told of a failure replays it. Garbage, truncations at each length,
 * flipped bits, spliced and repeated parts, deep nesting, huge counts: of JSON, CBOR, TOML and encrypted items.
 */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <unistd.h>

#include "stored.h"
#include "world.h"

#define TOML                                                                                                  \
    "[table.\"Orders\"]\npartition_key = \"OrderID\"\nsort_key = \"s\"\nsign_only = [\"Status\"]\nsuite = \"hmac-only\"\n" \
    "[keyring]\nkind = \"raw-aes\"\nkey_file = \"no-such-key\"\nnamespace = \"tests\"\nname = \"key-1\"\n"
#define LONGEST 65536

static uint64_t state;
static unsigned long number;
static unsigned long taken, refused;
/* Of every status, in order: the same for the same seed. */
static uint64_t outcomes = 0xcbf29ce484222325u;

static uint64_t next_random(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(size_t limit) { return limit == 0 ? 0 : (size_t)(next_random() % limit); }

/* A crash says which input it was. */
static void on_crash(int which) {
    char text[64];
    int length = snprintf(text, sizeof text, "fuzz: signal %d at input %lu\n", which, number);
    if (write(2, text, (size_t)length) < 0) _exit(2);
    _exit(1);
}

struct input {
    uint8_t bytes[LONGEST];
    size_t length;
};

struct seed {
    const uint8_t *bytes;
    size_t length;
};

static void append(struct input *to, const void *bytes, size_t length) {
    if (length > LONGEST - to->length) length = LONGEST - to->length;
    if (length > 0) memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

static void repeat(struct input *to, const char *part, size_t times) {
    for (size_t n = 0; n < times; n++) append(to, part, strlen(part));
}

static void deep(struct input *to, int cbor) {
    size_t depth = 1 + below(8000);
    if (cbor) {
        append(to, "\xa1\x61" "a", 3);
        for (size_t n = 0; n < depth; n++) append(to, below(2) ? "\xa1\x61L\x81" : "\xa1\x61M\xa1\x61k", below(2) ? 4 : 5);
    } else {
        append(to, "{\"a\":", 5);
        repeat(to, below(2) ? "{\"L\":[" : "{\"M\":{\"k\":", depth);
    }
}

/* Lengths and counts that no input can have. */
static void huge(struct input *to, int cbor) {
    static const uint8_t kinds[] = {0x40, 0x60, 0x80, 0xa0, 0xc0, 0x00, 0x20, 0xe0};
    if (cbor) {
        append(to, "\xa1\x61" "a\xa1\x61L", 6);
        uint8_t head[9] = {(uint8_t)(kinds[below(8)] | (24 + below(8)))};
        for (int n = 1; n < 9; n++) head[n] = below(3) ? 0xff : (uint8_t)next_random();
        append(to, head, sizeof head);
        repeat(to, "\x61p", below(40));
    } else {
        append(to, "{\"a\":{\"N\":\"", 11);
        repeat(to, "9", below(5000));
        append(to, "\"}}", 3);
    }
}

static void mutate(struct input *to, const struct seed *seeds, size_t count, int cbor) {
    const struct seed *from = &seeds[below(count)];
    to->length = 0;
    switch (below(10)) {
    case 0: { /* garbage */
        size_t length = below(300);
        for (size_t n = 0; n < length; n++) to->bytes[n] = (uint8_t)next_random();
        to->length = length;
        return;
    }
    case 1: deep(to, cbor); return;
    case 2: huge(to, cbor); return;
    case 3: /* truncated at each length in turn */
        append(to, from->bytes, number % (from->length + 1));
        return;
    case 4: { /* one seed's start and another's end */
        const struct seed *other = &seeds[below(count)];
        size_t at = below(other->length);
        append(to, from->bytes, below(from->length));
        append(to, other->bytes + at, other->length - at);
        return;
    }
    case 5: { /* a part of it again and again */
        size_t at = below(from->length), length = below(from->length - at);
        append(to, from->bytes, at);
        for (size_t n = below(30); n > 0; n--) append(to, from->bytes + at, length);
        append(to, from->bytes + at, from->length - at);
        return;
    }
    case 6: { /* something put in or taken out */
        size_t at = below(from->length), skip = below(2) ? 0 : below(8);
        append(to, from->bytes, at);
        if (skip == 0) {
            uint64_t some = next_random();
            append(to, &some, 1 + below(7));
        }
        if (at + skip < from->length) append(to, from->bytes + at + skip, from->length - at - skip);
        return;
    }
    default: { /* bits and bytes changed; now and then none */
        append(to, from->bytes, from->length);
        for (size_t n = below(6); n > 0 && to->length > 0; n--) {
            uint8_t *byte = &to->bytes[below(to->length)];
            *byte = below(2) ? (uint8_t)(*byte ^ (1u << below(8))) : (uint8_t)next_random();
        }
    }
    }
}

/* What holds of every call, whatever went in. */
static int fine(uint32_t status, const itemseal_error *told, const void *out, const void *before) {
    outcomes = (outcomes ^ status) * 0x100000001b3u;
    CHECK(status != ITEMSEAL_STATUS_PANIC && status != ITEMSEAL_STATUS_INTERNAL);
    CHECK((status == ITEMSEAL_STATUS_OK) == (told == untouched));
    CHECK((status == ITEMSEAL_STATUS_OK) == (out != before));
    if (told != untouched) {
        CHECK(STATUS(itemseal_error_status(told)) == status && itemseal_error_message(told)[0] != '\0');
        refused++;
    } else {
        taken++;
    }
    return status == ITEMSEAL_STATUS_OK;
}

#define TRY(type, out, call)                                                            \
    type *out = UNTOUCHED(type);                                                        \
    itemseal_error *error = untouched;                                                  \
    uint32_t status = STATUS(call);                                                     \
    int good = fine(status, error, out, UNTOUCHED(type));                               \
    if (error != untouched) itemseal_error_free(error)

/* An item that was taken can be looked through, and is the same after CBOR. */
static void use(itemseal_item *item) {
    itemseal_cursor *cursor = NULL;
    OK(itemseal_cursor_of_item(item, &cursor, &error));
    bool found = true;
    while (found) {
        itemseal_view view;
        itemseal_text name;
        OK(itemseal_cursor_next(cursor, &found, &name, &view, &error));
        if (found) (void)itemseal_view_count(view, &(size_t){0}, NULL);
    }
    itemseal_cursor_free(cursor);
    itemseal_buffer *cbor = NULL;
    itemseal_bytes bytes;
    OK(itemseal_item_to_cbor(item, &cbor, &error));
    OK(itemseal_buffer_bytes(cbor, &bytes, &error));
    itemseal_item *again = NULL;
    OK(itemseal_item_from_cbor(bytes.data, bytes.length, &again, &error));
    char *json = json_of(item);
    CHECK(same_json(again, json));
    free(json);
    itemseal_item_free(again);
    itemseal_buffer_free(cbor);
    TRY(itemseal_description, description, itemseal_describe_item(item, &description, &error));
    if (good) itemseal_description_free(description);
}

static struct input input;
static itemseal_encryptor *encryptor;

static void as_json(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 0);
    TRY(itemseal_item, item, itemseal_item_from_json((const char *)input.bytes, input.length, &item, &error));
    if (!good) return;
    use(item);
    itemseal_item_free(item);
}

static void as_cbor(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 1);
    TRY(itemseal_item, item, itemseal_item_from_cbor(input.bytes, input.length, &item, &error));
    if (!good) return;
    use(item);
    itemseal_item_free(item);
}

static void as_toml(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 0);
    TRY(itemseal_config_file, file,
        itemseal_config_file_parse((const char *)input.bytes, input.length, NULL, 0, &file, &error));
    if (!good) return;
    itemseal_keyring *keyring = NULL;
    if (itemseal_config_file_keyring(file, &keyring, NULL) == ITEMSEAL_STATUS_OK) itemseal_keyring_free(keyring);
    itemseal_config_file_free(file);
}

/* Whether it says the same as the item that the encrypted seeds were made of. */
static void decrypt_json(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 0);
    TRY(itemseal_buffer, out, itemseal_decrypt_json(encryptor, (const char *)input.bytes, input.length, &out, &error));
    if (good) {
        itemseal_bytes bytes;
        OK(itemseal_buffer_bytes(out, &bytes, &error));
        CHECK(is_bytes(bytes, EVERY_TYPE, strlen(EVERY_TYPE)));
        itemseal_buffer_free(out);
    }
}

static void decrypt_cbor(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 1);
    TRY(itemseal_buffer, out, itemseal_decrypt_cbor(encryptor, input.bytes, input.length, &out, &error));
    if (good) {
        itemseal_bytes bytes;
        itemseal_item *item = NULL;
        OK(itemseal_buffer_bytes(out, &bytes, &error));
        OK(itemseal_item_from_cbor(bytes.data, bytes.length, &item, &error));
        CHECK(same_json(item, EVERY_TYPE));
        itemseal_item_free(item);
        itemseal_buffer_free(out);
    }
}

/* The header, the footer or a value of an encrypted item, changed where it is: past what JSON and CBOR catch. */
static void decrypt_item(const struct seed *seeds, size_t count) {
    static const char *const names[] = {"aws_dbe_head", "aws_dbe_foot", "s", "m", "Status"};
    const char *name = names[below(5)];
    const struct seed *from = &seeds[below(count)];
    itemseal_item *item = NULL;
    OK(itemseal_item_from_cbor(from->bytes, from->length, &item, &error));
    itemseal_bytes bytes = {(const uint8_t *)"Shipped", 7};
    int binary = strcmp(name, "Status") != 0;
    if (binary) OK(itemseal_item_get_binary(item, name, strlen(name), &bytes, &error));
    uint8_t value[4096];
    if (bytes.length > sizeof value) abort();
    memcpy(value, bytes.data, bytes.length);
    const struct seed one = {value, bytes.length};
    mutate(&input, &one, 1, 1);
    int same = input.length == one.length && memcmp(input.bytes, value, one.length) == 0;
    OK(itemseal_item_set_binary(item, name, strlen(name), input.bytes, input.length, &error));
    {
        TRY(itemseal_description, description, itemseal_describe_item(item, &description, &error));
        if (good) itemseal_description_free(description);
    }
    TRY(itemseal_item, opened, itemseal_decrypt_item(encryptor, item, &opened, &error));
    CHECK(good == (binary && same));
    if (good) {
        CHECK(same_json(opened, EVERY_TYPE));
        itemseal_item_free(opened);
    }
    itemseal_item_free(item);
}

static void encrypt_cbor(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 1);
    TRY(itemseal_buffer, out, itemseal_encrypt_cbor(encryptor, input.bytes, input.length, &out, &error));
    if (good) itemseal_buffer_free(out);
}

static void encrypt_json(const struct seed *seeds, size_t count) {
    mutate(&input, seeds, count, 0);
    TRY(itemseal_buffer, out, itemseal_encrypt_json(encryptor, (const char *)input.bytes, input.length, &out, &error));
    if (good) itemseal_buffer_free(out);
}

int main(int given, char **arguments) {
    unsigned long count = 100000, seed = 1, only = 0;
    int one = 0, place = 0;
    for (int n = 1; n < given; n++) {
        if (strcmp(arguments[n], "--only") == 0 && n + 1 < given) {
            only = strtoul(arguments[++n], NULL, 10), one = 1;
        } else if (place++ == 0) {
            count = strtoul(arguments[n], NULL, 10);
        } else {
            seed = strtoul(arguments[n], NULL, 10);
        }
    }
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_crash;
    /* Sanitizers tell more of a crash than this can. */
    if (getenv("ITEMSEAL_SANITIZED") == NULL) {
        const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
        for (int n = 0; n < 5; n++) sigaction(signals[n], &action, NULL);
    }

    encryptor = encryptor_of(ITEMSEAL_SUITE_HMAC_ONLY, 1);
    itemseal_item *item = item_of(EVERY_TYPE), *stored = NULL, *signed_item = NULL;
    OK(itemseal_item_from_cbor(STORED_HMAC_ONLY, sizeof STORED_HMAC_ONLY, &stored, &error));
    OK(itemseal_item_from_cbor(STORED_ECDSA_P384, sizeof STORED_ECDSA_P384, &signed_item, &error));
    itemseal_buffer *buffers[6];
    itemseal_item *items[3] = {item, stored, signed_item};
    struct seed json[3], cbor[3];
    for (int n = 0; n < 3; n++) {
        itemseal_bytes bytes;
        OK(itemseal_item_to_json(items[n], &buffers[n], &error));
        OK(itemseal_buffer_bytes(buffers[n], &bytes, &error));
        json[n].bytes = bytes.data, json[n].length = bytes.length;
        OK(itemseal_item_to_cbor(items[n], &buffers[3 + n], &error));
        OK(itemseal_buffer_bytes(buffers[3 + n], &bytes, &error));
        cbor[n].bytes = bytes.data, cbor[n].length = bytes.length;
    }
    const struct seed toml = {(const uint8_t *)TOML, strlen(TOML)};
    unsigned long failed_before = 0;
    for (number = one ? only : 0; number < (one ? only + 1 : count); number++) {
        state = seed * 0x100000001b3u ^ number * 0x9e3779b97f4a7c15u;
        switch (number % 8) {
        case 0: as_json(json, 3); break;
        case 1: as_cbor(cbor, 3); break;
        case 2: as_toml(&toml, 1); break;
        case 3: decrypt_json(json + 1, 2); break;
        case 4: decrypt_cbor(cbor + 1, 2); break;
        case 5: decrypt_item(cbor + 1, 2); break;
        case 6: encrypt_cbor(cbor, 1); break;
        default: encrypt_json(json, 1);
        }
        if (checks_failed != failed_before) {
            failed_before = checks_failed;
            fprintf(stderr, "fuzz: at input %lu; again: fuzz %lu %lu --only %lu\n", number, count, seed, number);
            if (checks_failed > 50) break;
        }
    }
    for (int n = 0; n < 6; n++) itemseal_buffer_free(buffers[n]);
    for (int n = 0; n < 3; n++) itemseal_item_free(items[n]);
    itemseal_encryptor_free(encryptor);
    printf("fuzz: seed %lu, %lu inputs, %lu calls succeeded, %lu were refused, outcomes %016" PRIx64 "\n", seed,
           one ? 1 : number, taken, refused, outcomes);
    return checked("fuzz");
}
