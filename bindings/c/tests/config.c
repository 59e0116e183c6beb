/* Configurations, built and from files, and keyrings. Takes a folder that it may write to. */
#include <sys/stat.h>

#include "rsa.h"
#include "world.h"

#define TABLE "[table.\"Orders\"]\npartition_key = \"OrderID\"\nsign_only = [\"Status\"]\n"
#define OTHER "[table.\"Customers\"]\npartition_key = \"id\"\n"
#define KEYRING "[keyring]\nkind = \"raw-aes\"\nkey_file = \"key\"\nnamespace = \"tests\"\nname = \"key-1\"\n"

static void builder(void) {
    itemseal_config_builder *builder = builder_of_orders();
    itemseal_config *config = NULL, *none = UNTOUCHED(itemseal_config);
    OK(itemseal_config_builder_sort_key(builder, ITEMSEAL_STR("sort"), &error));
    OK(itemseal_config_builder_unsigned_prefix(builder, ITEMSEAL_STR(":"), &error));
    OK(itemseal_config_builder_build(builder, &config, &error));
    itemseal_text name;
    OK(itemseal_config_logical_name(config, &name, &error));
    CHECK(is_text(name, "Orders"));
    itemseal_config_free(config);
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "77 is no itemseal_action", NULL,
          itemseal_config_builder_action(builder, ITEMSEAL_STR("x"), 77, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "1 is no itemseal_suite", NULL, itemseal_config_builder_suite(builder, 1, &error));
    OK(itemseal_config_builder_action(builder, ITEMSEAL_STR("Status"), ITEMSEAL_ACTION_DO_NOTHING, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "Status", "Status", itemseal_config_builder_build(builder, &none, &error));
    itemseal_config_builder_free(builder);
    OK(itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &builder, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "partition key", NULL, itemseal_config_builder_build(builder, &none, &error));
    CHECK(none == UNTOUCHED(itemseal_config));
    itemseal_config_builder_free(builder);
}

static void write_file(const char *folder, const char *name, const char *text, size_t length) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(text, 1, length, file) != length || fclose(file) != 0 || chmod(path, 0600) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

static void file(const char *folder) {
    static const char toml[] = TABLE OTHER KEYRING;
    char key[32] = {9}, path[4096];
    write_file(folder, "key", key, sizeof key);
    write_file(folder, "itemseal.toml", toml, sizeof toml - 1);
    snprintf(path, sizeof path, "%s/itemseal.toml", folder);
    itemseal_config_file *file = NULL, *parsed = NULL, *no_file = UNTOUCHED(itemseal_config_file);
    OK(itemseal_config_file_read(path, strlen(path), &file, &error));
    OK(itemseal_config_file_parse(toml, sizeof toml - 1, folder, strlen(folder), &parsed, &error));
    size_t count = 0;
    OK(itemseal_config_file_table_count(file, &count, &error));
    itemseal_text name;
    OK(itemseal_config_file_table_name(file, 0, &name, &error));
    CHECK(count == 2 && is_text(name, "Customers"));
    FAILS(ITEMSEAL_STATUS_NOT_FOUND, "2", NULL, itemseal_config_file_table_name(file, 2, &name, &error));
    CHECK(is_text(name, "Customers"));

    itemseal_config *config = NULL, *none = UNTOUCHED(itemseal_config);
    OK(itemseal_config_file_table(file, ITEMSEAL_STR("Orders"), &config, &error));
    itemseal_config_free(config);
    FAILS(ITEMSEAL_STATUS_MISUSE, "Orders", NULL, itemseal_config_file_table(file, NULL, 0, &none, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "Payments", NULL, itemseal_config_file_table(file, ITEMSEAL_STR("Payments"), &none, &error));
    CHECK(none == UNTOUCHED(itemseal_config));

    /* What the file makes outlives it, and is the same as what is built. */
    itemseal_keyring *keyring = NULL;
    itemseal_encryptor *encryptor = NULL, *built = encryptor_of(ITEMSEAL_SUITE_ECDSA_P384, 9);
    OK(itemseal_config_file_keyring(parsed, &keyring, &error));
    OK(itemseal_encryptor_from_file(parsed, ITEMSEAL_STR("Orders"), &encryptor, &error));
    itemseal_config_file_free(parsed);
    itemseal_item *item = item_of(EVERY_TYPE), *stored = NULL, *opened = NULL;
    OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
    OK(itemseal_decrypt_item(built, stored, &opened, &error));
    CHECK(same_json(opened, EVERY_TYPE));
    itemseal_item_free(item);
    itemseal_item_free(stored);
    itemseal_item_free(opened);
    itemseal_encryptor_free(encryptor);
    itemseal_encryptor_free(built);
    itemseal_keyring_free(keyring);

    /* What is wrong is said with the field; the folder has no such file. */
    FAILS(ITEMSEAL_STATUS_MISUSE, "partition_key", NULL,
          itemseal_config_file_parse(ITEMSEAL_STR("[table.\"T\"]\n" KEYRING), NULL, 0, &no_file, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "line", NULL, itemseal_config_file_parse(ITEMSEAL_STR("= 1"), NULL, 0, &no_file, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "cannot be read", NULL, itemseal_config_file_read(ITEMSEAL_STR("/no/such"), &no_file, &error));
    CHECK(no_file == UNTOUCHED(itemseal_config_file));
    chmod(path, 0600);
    snprintf(path, sizeof path, "%s/key", folder);
    chmod(path, 0644);
    itemseal_keyring *no_keyring = UNTOUCHED(itemseal_keyring);
    FAILS(ITEMSEAL_STATUS_MISUSE, "keyring.key_file", NULL, itemseal_config_file_keyring(file, &no_keyring, &error));
    CHECK(no_keyring == UNTOUCHED(itemseal_keyring));
    itemseal_config_file_free(file);
}

/* Whether what one keyring writes opens with the other. */
static uint32_t opens(const itemseal_keyring *writes, const itemseal_keyring *reads) {
    itemseal_config *config = config_of(ITEMSEAL_SUITE_HMAC_ONLY);
    itemseal_encryptor *writer = NULL, *reader = NULL;
    itemseal_item *item = item_of(EVERY_TYPE), *stored = NULL, *opened = NULL;
    OK(itemseal_encryptor_new(config, writes, &writer, &error));
    OK(itemseal_encryptor_new(config, reads, &reader, &error));
    OK(itemseal_encrypt_item(writer, item, &stored, &error));
    uint32_t status = STATUS(itemseal_decrypt_item(reader, stored, &opened, NULL));
    if (status == ITEMSEAL_STATUS_OK) CHECK(same_json(opened, EVERY_TYPE));
    itemseal_item_free(item);
    itemseal_item_free(stored);
    itemseal_item_free(opened);
    itemseal_encryptor_free(writer);
    itemseal_encryptor_free(reader);
    itemseal_config_free(config);
    return status;
}

static void keyrings(void) {
    itemseal_keyring *one = keyring_of(1), *two = keyring_of(2), *both = NULL, *none = UNTOUCHED(itemseal_keyring);
    const itemseal_keyring *pair[] = {one, two};
    OK(itemseal_keyring_multi(pair, 2, &both, &error));
    CHECK(opens(both, one) == ITEMSEAL_STATUS_OK);
    CHECK(opens(one, both) == ITEMSEAL_STATUS_OK);
    CHECK(opens(one, two) != ITEMSEAL_STATUS_OK);
    FAILS(ITEMSEAL_STATUS_MISUSE, "", NULL, itemseal_keyring_multi(NULL, 0, &none, &error));
    itemseal_keyring_free(both);
    itemseal_keyring_free(two);
    uint8_t key[33] = {0};
    FAILS(ITEMSEAL_STATUS_MISUSE, "32", NULL,
          itemseal_keyring_raw_aes(ITEMSEAL_STR("n"), ITEMSEAL_STR("k"), key, 33, &none, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "aws-kms", NULL,
          itemseal_keyring_raw_aes(ITEMSEAL_STR("aws-kms"), ITEMSEAL_STR("k"), key, 32, &none, &error));

    for (uint32_t padding = ITEMSEAL_RSA_PADDING_PKCS1; padding <= ITEMSEAL_RSA_PADDING_OAEP_SHA512; padding++) {
        itemseal_keyring *writes = NULL, *reads = NULL;
        OK(itemseal_keyring_raw_rsa(ITEMSEAL_STR("n"), ITEMSEAL_STR("k"), padding, RSA_PUBLIC, strlen(RSA_PUBLIC), NULL, 0,
                                    &writes, &error));
        OK(itemseal_keyring_raw_rsa(ITEMSEAL_STR("n"), ITEMSEAL_STR("k"), padding, NULL, 0, RSA_PRIVATE, strlen(RSA_PRIVATE),
                                    &reads, &error));
        CHECK(opens(writes, reads) == ITEMSEAL_STATUS_OK);
        CHECK(opens(writes, one) != ITEMSEAL_STATUS_OK);
        itemseal_keyring_free(writes);
        itemseal_keyring_free(reads);
    }
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, "6 is no itemseal_rsa_padding", NULL,
          itemseal_keyring_raw_rsa(ITEMSEAL_STR("n"), ITEMSEAL_STR("k"), 6, RSA_PUBLIC, strlen(RSA_PUBLIC), NULL, 0, &none, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "public_key", NULL,
          itemseal_keyring_raw_rsa(ITEMSEAL_STR("n"), ITEMSEAL_STR("k"), 1, NULL, 0, NULL, 0, &none, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, "PKCS #8", NULL,
          itemseal_keyring_raw_rsa(ITEMSEAL_STR("n"), ITEMSEAL_STR("k"), 1, NULL, 0, ITEMSEAL_STR("no key"), &none, &error));
    CHECK(none == UNTOUCHED(itemseal_keyring));
    itemseal_keyring_free(one);
}

int main(int count, char **given) {
    builder();
    file(count > 1 ? given[1] : ".");
    keyrings();
    return checked("config");
}
