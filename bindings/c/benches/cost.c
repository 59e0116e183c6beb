/*
 * What C costs over the Rust call: cost [SECONDS]. The typical item is built and encrypted, and a stored one decrypted: by Rust
 * (direct.rs), and by C with handles, through CBOR and through JSON; interleaved in one run, medians of CPU time.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <itemseal.h>

struct direct;
struct direct *direct_new(uint32_t suite);
size_t direct_encrypt(const struct direct *direct);
size_t direct_decrypt(const struct direct *direct);
size_t direct_json(uint8_t *to, size_t length);

#define ROUNDS 4000
#define CALLS 10
enum { RUST, HANDLES, CBOR, JSON, WAYS };
static const char *const way_names[] = {"Rust", "handles", "CBOR", "JSON"};

static void check(itemseal_status status) {
    if (status != ITEMSEAL_STATUS_OK) {
        fprintf(stderr, "cost: status %d\n", (int)status);
        exit(EXIT_FAILURE);
    }
}

static char names_text[121], address_text[301], notes_text[81];
static uint8_t photo[200];

/* --- With handles --- */
#define S(text) ITEMSEAL_STR(text)
#define TEXT(of) {of, sizeof(of) - 1}

static void put(itemseal_value *map, const char *name, itemseal_value *value) {
    check(itemseal_value_set(map, name, strlen(name), value, NULL));
    itemseal_value_free(value);
}

static void push(itemseal_value *list, itemseal_value *value) {
    check(itemseal_value_push(list, value, NULL));
    itemseal_value_free(value);
}

static itemseal_value *string(const char *text, size_t length) {
    itemseal_value *value = NULL;
    check(itemseal_value_string(text, length, &value, NULL));
    return value;
}

static itemseal_value *num(const char *text, size_t length) {
    itemseal_value *value = NULL;
    check(itemseal_value_number(text, length, &value, NULL));
    return value;
}

static itemseal_item *build_item(void) {
    static const itemseal_text tags[] = {TEXT("alpha"), TEXT("beta"), TEXT("gamma")};
    static const itemseal_text codes[] = {TEXT("1"), TEXT("22"), TEXT("333")};
    itemseal_item *item = NULL;
    check(itemseal_item_new(&item, NULL));
    check(itemseal_item_set_string(item, S("pk"), S("customer-4711"), NULL));
    check(itemseal_item_set_number(item, S("sk"), S("20261121"), NULL));
    check(itemseal_item_set_string(item, S("status"), S("shipped"), NULL));
    check(itemseal_item_set_string(item, S("region"), S("eu-west-1"), NULL));
    check(itemseal_item_set_string(item, S("name"), names_text, 120, NULL));
    check(itemseal_item_set_string(item, S("address"), address_text, 300, NULL));
    check(itemseal_item_set_number(item, S("amount"), S("1234567.89"), NULL));
    check(itemseal_item_set_binary(item, S("photo"), photo, sizeof photo, NULL));
    check(itemseal_item_set_bool(item, S("active"), 1, NULL));
    check(itemseal_item_set_null(item, S("nothing"), NULL));
    check(itemseal_item_set_string_set(item, S("tags"), tags, 3, NULL));
    check(itemseal_item_set_number_set(item, S("codes"), codes, 3, NULL));
    itemseal_value *lines = NULL, *line = NULL, *profile = NULL;
    check(itemseal_value_list(&lines, NULL));
    push(lines, string(S("first line")));
    push(lines, num(S("2")));
    check(itemseal_value_map(&line, NULL));
    put(line, "count", num(S("3")));
    put(line, "sku", string(S("A-1")));
    push(lines, line);
    check(itemseal_item_set_value(item, S("lines"), lines, NULL));
    itemseal_value_free(lines);
    check(itemseal_value_map(&profile, NULL));
    put(profile, "language", string(S("en")));
    put(profile, "notes", string(notes_text, 80));
    put(profile, "since", num(S("2019")));
    check(itemseal_item_set_value(item, S("profile"), profile, NULL));
    itemseal_value_free(profile);
    return item;
}

/* --- Through CBOR: what a program writes with a library of its own, or as here --- */
struct writer {
    uint8_t bytes[4096];
    size_t length;
};

static void head(struct writer *to, uint8_t kind, size_t length) {
    if (length < 24) {
        to->bytes[to->length++] = (uint8_t)(kind | length);
    } else if (length < 256) {
        to->bytes[to->length++] = (uint8_t)(kind | 24);
        to->bytes[to->length++] = (uint8_t)length;
    } else {
        to->bytes[to->length++] = (uint8_t)(kind | 25);
        to->bytes[to->length++] = (uint8_t)(length >> 8);
        to->bytes[to->length++] = (uint8_t)length;
    }
}

static void raw(struct writer *to, const void *bytes, size_t length) {
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

static void words(struct writer *to, const char *text, size_t length) {
    head(to, 0x60, length);
    raw(to, text, length);
}

/* A name, and the start of its value of this type. */
static void named(struct writer *to, const char *name, const char *type) {
    words(to, name, strlen(name));
    head(to, 0xa0, 1);
    words(to, type, strlen(type));
}

static void typed(struct writer *to, const char *type, const char *text) {
    head(to, 0xa0, 1);
    words(to, type, strlen(type));
    words(to, text, strlen(text));
}

static void build_cbor(struct writer *to) {
    to->length = 0;
    head(to, 0xa0, 14);
    named(to, "pk", "S"), words(to, S("customer-4711"));
    named(to, "sk", "N"), words(to, S("20261121"));
    named(to, "status", "S"), words(to, S("shipped"));
    named(to, "region", "S"), words(to, S("eu-west-1"));
    named(to, "name", "S"), words(to, names_text, 120);
    named(to, "address", "S"), words(to, address_text, 300);
    named(to, "amount", "N"), words(to, S("1234567.89"));
    named(to, "photo", "B"), head(to, 0x40, sizeof photo), raw(to, photo, sizeof photo);
    named(to, "active", "BOOL"), raw(to, "\xf5", 1);
    named(to, "nothing", "NULL"), raw(to, "\xf5", 1);
    named(to, "tags", "SS"), head(to, 0x80, 3), words(to, S("alpha")), words(to, S("beta")), words(to, S("gamma"));
    named(to, "codes", "NS"), head(to, 0x80, 3), words(to, S("1")), words(to, S("22")), words(to, S("333"));
    named(to, "lines", "L"), head(to, 0x80, 3), typed(to, "S", "first line"), typed(to, "N", "2");
    head(to, 0xa0, 1), words(to, S("M")), head(to, 0xa0, 2);
    words(to, S("count")), typed(to, "N", "3"), words(to, S("sku")), typed(to, "S", "A-1");
    named(to, "profile", "M"), head(to, 0xa0, 3), words(to, S("language")), typed(to, "S", "en");
    words(to, S("notes")), typed(to, "S", notes_text), words(to, S("since")), typed(to, "N", "2019");
}

/* --- Through JSON: text that the program has. Making it is not counted, so JSON's figure is the library's part --- */
static char json_text[8192];
static size_t json_length;

struct suite {
    struct direct *direct;
    itemseal_encryptor *encryptor;
    itemseal_item *stored;
    itemseal_buffer *stored_cbor, *stored_json;
};

static void encrypt(const struct suite *suite, int way) {
    itemseal_item *item = NULL, *stored = NULL;
    itemseal_buffer *out = NULL;
    struct writer cbor;
    switch (way) {
    case RUST: direct_encrypt(suite->direct); break;
    case HANDLES:
        item = build_item();
        check(itemseal_encrypt_item(suite->encryptor, item, &stored, NULL));
        itemseal_item_free(item);
        itemseal_item_free(stored);
        break;
    case CBOR:
        build_cbor(&cbor);
        check(itemseal_encrypt_cbor(suite->encryptor, cbor.bytes, cbor.length, &out, NULL));
        itemseal_buffer_free(out);
        break;
    default:
        check(itemseal_encrypt_json(suite->encryptor, json_text, json_length, &out, NULL));
        itemseal_buffer_free(out);
    }
}

static void decrypt(const struct suite *suite, int way) {
    itemseal_item *opened = NULL;
    itemseal_buffer *out = NULL;
    itemseal_bytes bytes;
    switch (way) {
    case RUST: direct_decrypt(suite->direct); break;
    case HANDLES:
        check(itemseal_decrypt_item(suite->encryptor, suite->stored, &opened, NULL));
        itemseal_item_free(opened);
        break;
    case CBOR:
        check(itemseal_buffer_bytes(suite->stored_cbor, &bytes, NULL));
        check(itemseal_decrypt_cbor(suite->encryptor, bytes.data, bytes.length, &out, NULL));
        itemseal_buffer_free(out);
        break;
    default:
        check(itemseal_buffer_bytes(suite->stored_json, &bytes, NULL));
        check(itemseal_decrypt_json(suite->encryptor, (const char *)bytes.data, bytes.length, &out, NULL));
        itemseal_buffer_free(out);
    }
}

static double cpu(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double wall(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static double rounds[WAYS][ROUNDS], medians[WAYS];

static void measure(const struct suite *suite, void (*work)(const struct suite *, int), double seconds) {
    int count = 0;
    double ends = wall() + seconds;
    while (count < ROUNDS && wall() < ends) {
        for (int way = 0; way < WAYS; way++) {
            double start = cpu();
            for (int n = 0; n < CALLS; n++) work(suite, way);
            rounds[way][count] = (cpu() - start) / CALLS;
        }
        count++;
    }
    for (int way = 0; way < WAYS; way++) {
        qsort(rounds[way], (size_t)count, sizeof(double), by_size);
        medians[way] = rounds[way][count / 2];
    }
}

static struct suite suite_of(uint32_t number) {
    struct suite suite = {direct_new(number), NULL, NULL, NULL, NULL};
    itemseal_config_builder *builder = NULL;
    itemseal_config *config = NULL;
    itemseal_keyring *keyring = NULL;
    uint8_t key[32];
    for (uint8_t n = 0; n < 32; n++) key[n] = n;
    check(itemseal_config_builder_new(S("Orders"), &builder, NULL));
    check(itemseal_config_builder_partition_key(builder, S("pk"), NULL));
    check(itemseal_config_builder_sort_key(builder, S("sk"), NULL));
    check(itemseal_config_builder_action(builder, S("status"), ITEMSEAL_ACTION_SIGN_ONLY, NULL));
    check(itemseal_config_builder_action(builder, S("region"), ITEMSEAL_ACTION_SIGN_ONLY, NULL));
    check(itemseal_config_builder_suite(builder, number, NULL));
    check(itemseal_config_builder_build(builder, &config, NULL));
    check(itemseal_keyring_raw_aes(S("bench"), S("key-1"), key, sizeof key, &keyring, NULL));
    check(itemseal_encryptor_new(config, keyring, &suite.encryptor, NULL));
    itemseal_item *item = build_item();
    check(itemseal_encrypt_item(suite.encryptor, item, &suite.stored, NULL));
    check(itemseal_item_to_cbor(suite.stored, &suite.stored_cbor, NULL));
    check(itemseal_item_to_json(suite.stored, &suite.stored_json, NULL));
    itemseal_item_free(item);
    itemseal_config_builder_free(builder);
    itemseal_config_free(config);
    itemseal_keyring_free(keyring);
    return suite;
}

/* All three sides build the same item. */
static void same_items(void) {
    struct writer cbor;
    itemseal_item *items[2] = {build_item(), NULL};
    build_cbor(&cbor);
    check(itemseal_item_from_cbor(cbor.bytes, cbor.length, &items[1], NULL));
    json_length = direct_json((uint8_t *)json_text, sizeof json_text);
    for (int n = 0; n < 2; n++) {
        itemseal_buffer *json = NULL;
        itemseal_bytes bytes;
        check(itemseal_item_to_json(items[n], &json, NULL));
        check(itemseal_buffer_bytes(json, &bytes, NULL));
        if (bytes.length != json_length || memcmp(bytes.data, json_text, json_length) != 0) {
            fprintf(stderr, "cost: not the same item:\n%.*s\n%.*s\n", (int)bytes.length, (const char *)bytes.data, (int)json_length,
                    json_text);
            exit(EXIT_FAILURE);
        }
        itemseal_buffer_free(json);
        itemseal_item_free(items[n]);
    }
}

int main(int count, char **given) {
    double seconds = count > 1 ? strtod(given[1], NULL) : 5;
    memset(names_text, 'n', 120), memset(address_text, 'a', 300), memset(notes_text, 'z', 80), memset(photo, 0x17, sizeof photo);
    same_items();
    static const uint32_t suites[] = {ITEMSEAL_SUITE_ECDSA_P384, ITEMSEAL_SUITE_HMAC_ONLY};
    static const char *const suite_names[] = {"ecdsa-p384", "hmac-only"};
    static const double limits[WAYS] = {0, 5, 15, 0};
    int late = 0;
    printf("%-11s %-18s %9s %9s %9s %9s   over the Rust call: handles, CBOR, JSON\n", "suite", "µs, median CPU time", "Rust",
           way_names[HANDLES], way_names[CBOR], way_names[JSON]);
    for (int n = 0; n < 2; n++) {
        struct suite suite = suite_of(suites[n]);
        for (int way = 0; way < WAYS; way++) encrypt(&suite, way), decrypt(&suite, way);
        for (int step = 0; step < 2; step++) {
            measure(&suite, step == 0 ? encrypt : decrypt, seconds);
            printf("%-11s %-18s", suite_names[n], step == 0 ? "build and encrypt" : "decrypt");
            for (int way = 0; way < WAYS; way++) printf(" %9.1f", medians[way]);
            printf("  ");
            for (int way = 1; way < WAYS; way++) {
                double over = (medians[way] / medians[RUST] - 1) * 100;
                printf(" %+6.1f %%", over);
                late |= n == 0 && limits[way] > 0 && over > limits[way];
            }
            printf("\n");
        }
        itemseal_item_free(suite.stored);
        itemseal_buffer_free(suite.stored_cbor);
        itemseal_buffer_free(suite.stored_json);
        itemseal_encryptor_free(suite.encryptor);
    }
    printf("limits, suite ecdsa-p384: +5 %% with handles, +15 %% through CBOR: %s\n", late ? "PASSED BY" : "kept");
    return late;
}
