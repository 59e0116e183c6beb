/* An item is encrypted in one Region under a multi-Region key, and opened in another: also while the first is down. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <itemseal.h>
#include <itemseal_lab.h>

static void check(itemseal_status status, itemseal_error *error) {
    if (status != ITEMSEAL_STATUS_OK) {
        fprintf(stderr, "status %" PRIu32 ": %s\n", (uint32_t)status, itemseal_error_message(error));
        exit(EXIT_FAILURE);
    }
}

static void check_lab(itemseal_lab_status status, itemseal_lab_error *error) {
    if (status != ITEMSEAL_LAB_STATUS_OK) {
        fprintf(stderr, "lab: status %" PRIu32 ": %s\n", (uint32_t)status, itemseal_lab_error_message(error));
        exit(EXIT_FAILURE);
    }
}

/* An encryptor as a program in `home` has it: its own Region is asked first, the other one if that does not answer. */
static itemseal_encryptor *encryptor_in(const char *home, const char *other, const char *key, const char *endpoint) {
    itemseal_error *error = NULL;
    itemseal_aws_builder *builder = NULL;
    itemseal_aws_config *aws = NULL;
    check(itemseal_aws_builder_new(&builder, &error), error);
    check(itemseal_aws_builder_endpoint_url(builder, endpoint, strlen(endpoint), &error), error);
    check(itemseal_aws_builder_credentials(builder, ITEMSEAL_STR(ITEMSEAL_LAB_ACCESS_KEY),
                                           ITEMSEAL_STR(ITEMSEAL_LAB_ACCESS_KEY), NULL, 0, &error), error);
    check(itemseal_aws_builder_build(builder, &aws, &error), error);
    itemseal_aws_builder_free(builder);

    itemseal_text regions[2] = {{home, strlen(home)}, {other, strlen(other)}};
    itemseal_keyring *keyring = NULL;
    check(itemseal_keyring_mrk(aws, key, strlen(key), regions, 2, NULL, &keyring, &error), error);
    itemseal_aws_config_free(aws);

    itemseal_config_builder *table = NULL;
    itemseal_config *config = NULL;
    itemseal_encryptor *encryptor = NULL;
    check(itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &table, &error), error);
    check(itemseal_config_builder_partition_key(table, ITEMSEAL_STR("OrderID"), &error), error);
    check(itemseal_config_builder_build(table, &config, &error), error);
    check(itemseal_encryptor_new(config, keyring, &encryptor, &error), error);
    itemseal_config_builder_free(table);
    itemseal_config_free(config);
    itemseal_keyring_free(keyring);
    return encryptor;
}

int main(void) {
    itemseal_lab_error *lab_error = NULL;
    itemseal_lab_builder *builder = NULL;
    itemseal_lab *lab = NULL;
    itemseal_lab_string *key = NULL;
    const itemseal_lab_text regions[2] = {ITEMSEAL_LAB_TEXT("us-east-1"), ITEMSEAL_LAB_TEXT("eu-west-1")};
    check_lab(itemseal_lab_builder_new(&builder, &lab_error), lab_error);
    check_lab(itemseal_lab_builder_region(builder, ITEMSEAL_LAB_STR("us-east-1"), &lab_error), lab_error);
    check_lab(itemseal_lab_builder_region(builder, ITEMSEAL_LAB_STR("eu-west-1"), &lab_error), lab_error);
    check_lab(itemseal_lab_start(builder, &lab, &lab_error), lab_error);
    itemseal_lab_builder_free(builder);
    check_lab(itemseal_lab_create_key(lab, regions, 2, &key, &lab_error), lab_error);

    const char *arn = itemseal_lab_string_text(key), *endpoint = itemseal_lab_endpoint(lab);
    itemseal_encryptor *virginia = encryptor_in("us-east-1", "eu-west-1", arn, endpoint);
    itemseal_encryptor *ireland = encryptor_in("eu-west-1", "us-east-1", arn, endpoint);

    itemseal_error *error = NULL;
    itemseal_item *order = NULL, *stored = NULL, *opened = NULL, *failed_over = NULL;
    check(itemseal_item_from_json(ITEMSEAL_STR("{\"OrderID\":{\"S\":\"1\"},\"Card\":{\"S\":\"4111\"}}"), &order, &error), error);
    check(itemseal_encrypt_item(virginia, order, &stored, &error), error);
    check(itemseal_decrypt_item(ireland, stored, &opened, &error), error);
    puts("encrypted in us-east-1, opened in eu-west-1");

    /* The first Region is down: the program there is served by the other one. */
    check_lab(itemseal_lab_outage(lab, ITEMSEAL_LAB_STR("us-east-1"), ITEMSEAL_LAB_SERVICE_ALL,
                                  ITEMSEAL_LAB_OUTAGE_MODE_REFUSE, NULL, &lab_error), lab_error);
    check(itemseal_decrypt_item(virginia, stored, &failed_over, &error), error);
    uint64_t calls = 0;
    check_lab(itemseal_lab_kms_calls(lab, ITEMSEAL_LAB_STR("eu-west-1"), ITEMSEAL_LAB_STR("Decrypt"), &calls, &lab_error), lab_error);
    printf("with us-east-1 down, eu-west-1 has answered %" PRIu64 " calls\n", calls);

    itemseal_item_free(failed_over), itemseal_item_free(opened), itemseal_item_free(stored), itemseal_item_free(order);
    itemseal_encryptor_free(ireland), itemseal_encryptor_free(virginia);
    itemseal_lab_string_free(key), itemseal_lab_free(lab);
    return calls == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
