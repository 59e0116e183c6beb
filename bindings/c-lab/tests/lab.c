/* The lab's library as a C program has it: what it makes, every fault, and what it says of what cannot be right. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <itemseal_lab.h>

#define EXPECT(holds) \
    ((holds) ? (void)0 : (fprintf(stderr, "lab.c:%d: %s does not hold\n", __LINE__, #holds), exit(EXIT_FAILURE)))
#define OK(call) EXPECT((call) == ITEMSEAL_LAB_STATUS_OK)
#define S ITEMSEAL_LAB_STR

static const itemseal_lab_text REGIONS[2] = {ITEMSEAL_LAB_TEXT("us-east-1"), ITEMSEAL_LAB_TEXT("eu-west-1")};
static const uint32_t NUMBERS[] = {4, 99, 499, 600, UINT32_MAX};

/* The last failure said this, and is freed. */
static int said(itemseal_lab_error **error, const char *words) {
    int found = strstr(itemseal_lab_error_message(*error), words) != NULL;
    if (!found) fprintf(stderr, "it says: %s\n", itemseal_lab_error_message(*error));
    itemseal_lab_error_free(*error);
    *error = NULL;
    return found;
}

static itemseal_lab *start(int manual) {
    itemseal_lab_builder *builder = NULL;
    itemseal_lab *lab = NULL;
    itemseal_lab_error *error = NULL;
    OK(itemseal_lab_builder_new(&builder, NULL));
    EXPECT(itemseal_lab_start(builder, &lab, &error) == ITEMSEAL_LAB_STATUS_MISUSE && lab == NULL);
    EXPECT(said(&error, "Regions"));
    for (int i = 0; i < 2; i++) OK(itemseal_lab_builder_region(builder, REGIONS[i].data, REGIONS[i].length, NULL));
    OK(itemseal_lab_builder_seed(builder, 7, NULL));
    OK(itemseal_lab_builder_slow_keys(builder, 0, 0, NULL));
    OK(itemseal_lab_builder_credentials(builder, S("id"), S("secret"), NULL));
    if (manual) OK(itemseal_lab_builder_manual(builder, NULL));
    OK(itemseal_lab_start(builder, &lab, NULL));
    itemseal_lab_builder_free(builder);
    EXPECT(strncmp(itemseal_lab_endpoint(lab), "http://127.0.0.1:", 17) == 0);
    return lab;
}

static int faults_are(const itemseal_lab *lab, const char *words) {
    itemseal_lab_string *answer = NULL;
    OK(itemseal_lab_request(lab, S("GET"), S("faults"), NULL, 0, &answer, NULL));
    int found = strstr(itemseal_lab_string_text(answer), words) != NULL;
    if (!found) fprintf(stderr, "the faults are %s\n", itemseal_lab_string_text(answer));
    itemseal_lab_string_free(answer);
    return found;
}

static void faults(const itemseal_lab *lab) {
    itemseal_lab_error *error = NULL;
    uint64_t first = 0, id = 0;
    OK(itemseal_lab_outage(lab, S("us-east-1"), ITEMSEAL_LAB_SERVICE_KMS, ITEMSEAL_LAB_OUTAGE_MODE_HANG, &first, NULL));
    EXPECT(faults_are(lab, "\"mode\":\"hang\"") && faults_are(lab, "\"service\":\"kms\""));
    OK(itemseal_lab_outage(lab, S("eu-west-1"), ITEMSEAL_LAB_SERVICE_ALL, 503, &id, NULL));
    EXPECT(id > first && faults_are(lab, "\"error\":503"));
    OK(itemseal_lab_throttle(lab, S("us-east-1"), ITEMSEAL_LAB_SERVICE_DYNAMODB, 2, S("PutItem"), NULL, NULL));
    EXPECT(faults_are(lab, "\"operations\":[\"PutItem\"]") && faults_are(lab, "\"per_second\":2"));
    OK(itemseal_lab_lag(lab, S("us-east-1"), NULL, 0, 10, 20, NULL, NULL));
    EXPECT(faults_are(lab, "\"max_ms\":20") && faults_are(lab, "\"from\":\"us-east-1\""));
    OK(itemseal_lab_cut(lab, S("us-east-1"), S("eu-west-1"), NULL, NULL));
    EXPECT(faults_are(lab, "\"fault\":\"partition\""));
    OK(itemseal_lab_stale_reads(lab, S("eu-west-1"), 500, 0.5, NULL, NULL));
    EXPECT(faults_are(lab, "\"by_ms\":500") && faults_are(lab, "\"share\":0.5"));
    OK(itemseal_lab_unprocessed(lab, S("eu-west-1"), 1, NULL, NULL));
    EXPECT(faults_are(lab, "\"fault\":\"unprocessed\""));
    OK(itemseal_lab_skew(lab, S("eu-west-1"), -250, NULL, NULL));
    EXPECT(faults_are(lab, "\"by_ms\":-250"));

    OK(itemseal_lab_end_fault(lab, first, NULL));
    EXPECT(itemseal_lab_end_fault(lab, first, &error) == ITEMSEAL_LAB_STATUS_NOT_FOUND && said(&error, "no fault"));
    OK(itemseal_lab_restore(lab, S("us-east-1"), NULL));
    EXPECT(faults_are(lab, "\"region\":\"eu-west-1\"") && faults_are(lab, "skew"));
    OK(itemseal_lab_restore(lab, NULL, 0, NULL));
    EXPECT(faults_are(lab, "\"faults\":[]"));

    /* What would never be felt, or cannot be. */
    EXPECT(itemseal_lab_cut(lab, S("eu-west-2"), NULL, 0, NULL, &error) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(said(&error, "no Region \"eu-west-2\""));
    EXPECT(itemseal_lab_unprocessed(lab, S("eu-west-1"), 2, NULL, &error) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(said(&error, "share"));
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        EXPECT(itemseal_lab_outage(lab, S("us-east-1"), NUMBERS[i], 1, NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
        EXPECT(itemseal_lab_outage(lab, S("us-east-1"), 0, NUMBERS[i], NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    }
    EXPECT(faults_are(lab, "\"faults\":[]"));
}

static void keys_and_tables(const itemseal_lab *lab) {
    itemseal_lab_error *error = NULL;
    itemseal_lab_string *key = NULL;
    uint64_t calls = 1;
    OK(itemseal_lab_create_key(lab, REGIONS, 2, &key, NULL));
    const char *arn = itemseal_lab_string_text(key), *id = strstr(arn, "mrk-");
    EXPECT(strncmp(arn, "arn:aws:kms:us-east-1:", 22) == 0 && id != NULL);
    OK(itemseal_lab_set_key_enabled(lab, S("eu-west-1"), id, strlen(id), 0, NULL));
    OK(itemseal_lab_set_key_enabled(lab, S("eu-west-1"), id, strlen(id), 1, NULL));
    EXPECT(itemseal_lab_set_key_enabled(lab, S("eu-west-1"), S("mrk-0"), 0, &error) == ITEMSEAL_LAB_STATUS_SERVICE);
    EXPECT(strcmp(itemseal_lab_error_code(error), "NotFoundException") == 0 && said(&error, "mrk-0"));
    OK(itemseal_lab_kms_calls(lab, S("us-east-1"), S("Decrypt"), &calls, NULL));
    EXPECT(calls == 0);
    itemseal_lab_string_free(key);
    key = NULL;
    EXPECT(itemseal_lab_create_key(lab, NULL, 0, &key, &error) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT && key == NULL);
    EXPECT(said(&error, "regions is empty"));

    OK(itemseal_lab_create_table(lab, S("Orders"), S("Id"), ITEMSEAL_LAB_KEY_TYPE_STRING, S("At"),
                                 ITEMSEAL_LAB_KEY_TYPE_NUMBER, REGIONS, 2, NULL));
    EXPECT(itemseal_lab_create_table(lab, S("Orders"), S("Id"), ITEMSEAL_LAB_KEY_TYPE_BINARY, NULL, 0, 0, REGIONS, 2, &error) ==
           ITEMSEAL_LAB_STATUS_SERVICE);
    EXPECT(strcmp(itemseal_lab_error_code(error), "ResourceInUseException") == 0 && said(&error, "Orders"));
    EXPECT(itemseal_lab_create_table(lab, S("T"), S("Id"), 0, NULL, 0, 0, REGIONS, 2, &error) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(said(&error, "key_type"));
    OK(itemseal_lab_converge(lab, NULL));
    OK(itemseal_lab_deliver(lab, S("us-east-1"), S("eu-west-1"), 5, &calls, NULL));
    EXPECT(calls == 0);
    OK(itemseal_lab_reset(lab, 1, NULL));
}

/* Nothing is read through NULL, and a handle of another type is known. */
static void nulls(const itemseal_lab *lab) {
    itemseal_lab_string *string = NULL;
    itemseal_lab_builder *builder = NULL;
    const itemseal_lab *other = NULL;
    OK(itemseal_lab_builder_new(&builder, NULL));
    const itemseal_lab *wrong[2] = {NULL, (const itemseal_lab *)(const void *)builder};
    for (int i = 0; i < 2; i++) {
        other = wrong[i];
        EXPECT(itemseal_lab_outage(other, S("us-east-1"), 0, 1, NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
        EXPECT(itemseal_lab_create_key(other, REGIONS, 2, &string, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
        EXPECT(itemseal_lab_converge(other, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
        EXPECT(itemseal_lab_stop(other, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
        EXPECT(*itemseal_lab_endpoint(other) == 0);
    }
    EXPECT(itemseal_lab_create_key(lab, NULL, 2, &string, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(itemseal_lab_create_key(lab, REGIONS, SIZE_MAX, &string, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(itemseal_lab_create_key(lab, REGIONS, 2, NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(itemseal_lab_cut(lab, NULL, 3, NULL, 0, NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(itemseal_lab_cut(lab, S("\xff"), NULL, 0, NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(itemseal_lab_request(lab, S("GET"), S("nothing"), NULL, 0, &string, NULL) == ITEMSEAL_LAB_STATUS_NOT_FOUND);
    EXPECT(itemseal_lab_request(lab, S("POST"), S("faults"), S("{"), &string, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(itemseal_lab_builder_new(NULL, NULL) == ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT);
    EXPECT(string == NULL && *itemseal_lab_string_text(NULL) == 0 && itemseal_lab_error_code(NULL) == NULL);
    itemseal_lab_builder_free(builder);
    itemseal_lab_free(NULL), itemseal_lab_string_free(NULL), itemseal_lab_error_free(NULL), itemseal_lab_builder_free(NULL);
}

int main(void) {
    itemseal_lab_error *error = NULL;
    EXPECT(itemseal_lab_abi_version() == ITEMSEAL_LAB_ABI_VERSION && *itemseal_lab_version() != 0);
    itemseal_lab *lab = start(0), *by_hand = start(1);
    faults(lab);
    keys_and_tables(lab);
    nulls(lab);
    EXPECT(itemseal_lab_advance(lab, 5, &error) == ITEMSEAL_LAB_STATUS_CONFLICT && said(&error, "clock"));
    OK(itemseal_lab_advance(by_hand, 5, NULL));
    /* Two labs are two; stopping one twice is once. */
    EXPECT(strcmp(itemseal_lab_endpoint(lab), itemseal_lab_endpoint(by_hand)) != 0);
    OK(itemseal_lab_stop(lab, NULL));
    OK(itemseal_lab_stop(lab, NULL));
    itemseal_lab_free(lab);
    itemseal_lab_free(by_hand);
    puts("itemseal_lab.h: all hold");
    return EXIT_SUCCESS;
}
