/* The client for encrypted tables, the doctor and the log, against a lab. client ENDPOINT (or AWS_ENDPOINT_URL): exits with 0 if all is as it
 * should be. against_lab.sh makes the key (KEY_ARN) and the tables, and says where the command is that ends a Region (ITEMSEAL). */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <itemseal.h>

static itemseal_error *error;

#define CHECK(holds)                                                       \
    do {                                                                   \
        if (!(holds)) {                                                    \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #holds, \
                    itemseal_error_message(error));                        \
            exit(EXIT_FAILURE);                                            \
        }                                                                  \
    } while (0)
#define OK(call) CHECK((call) == ITEMSEAL_STATUS_OK)
#define FAILS(status, call)                              \
    do {                                                 \
        CHECK((call) == (status));                       \
        CHECK(itemseal_error_status(error) == (status)); \
        itemseal_error_free(error);                      \
        error = NULL;                                    \
    } while (0)

#define ORDERS ITEMSEAL_STR("Orders")
#define COUNTED ITEMSEAL_STR("Counted")

static const char *endpoint, *key_arn;
/* A loaded machine, or memcheck, answers later than Regions are waited for. What fails over here fails at once. */
enum { DEADLINE_MS = 30000, MOST_PER_REGION_MS = 10000 };
static const itemseal_text regions[2] = {{"eu-west-1", 9}, {"us-east-1", 9}};
/* Fewer rounds where each takes long. */
static bool slow;

static itemseal_item *key_of(const char *id, int line) {
    char number[16];
    int length = snprintf(number, sizeof number, "%d", line);
    itemseal_item *item = NULL;
    OK(itemseal_item_new(&item, &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("OrderID"), id, strlen(id), &error));
    OK(itemseal_item_set_number(item, ITEMSEAL_STR("Line"), number, (size_t)length, &error));
    return item;
}

static itemseal_item *order(const char *id, int line, const char *card) {
    itemseal_item *item = key_of(id, line);
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("Card"), card, strlen(card), &error));
    return item;
}

static void has_card(const itemseal_item *item, const char *card) {
    itemseal_text text;
    OK(itemseal_item_get_string(item, ITEMSEAL_STR("Card"), &text, &error));
    CHECK(text.length == strlen(card) && memcmp(text.data, card, text.length) == 0);
}

/* What is in a buffer, as C's text; both are freed by the caller and here. */
static char *text_of(itemseal_buffer *buffer) {
    itemseal_bytes bytes;
    OK(itemseal_buffer_bytes(buffer, &bytes, &error));
    char *text = calloc(1, bytes.length + 1);
    memcpy(text, bytes.data, bytes.length);
    itemseal_buffer_free(buffer);
    return text;
}

static itemseal_status try_call(itemseal_table *table, uint32_t operation, uint32_t options, const char *request,
                                char **answer) {
    itemseal_buffer *buffer = NULL;
    itemseal_status status =
        itemseal_table_call(table, operation, options, request, strlen(request), &buffer, &error);
    CHECK((status == ITEMSEAL_STATUS_OK) == (buffer != NULL));
    if (buffer) *answer = text_of(buffer);
    return status;
}

/* While everything is done for the first time, it may take longer than anybody waits. */
static void warm_up(itemseal_table *table) {
    itemseal_item *item = order("w", 1, "1"), *key = key_of("w", 1), *found = NULL;
    itemseal_status status = ITEMSEAL_STATUS_OK;
    for (int attempt = 0; attempt < 10; attempt++) {
        itemseal_error_free(error);
        error = NULL;
        status = itemseal_table_put(table, ORDERS, item, NULL, &error);
        if (status == ITEMSEAL_STATUS_OK) status = itemseal_table_get(table, ORDERS, key, true, &found, &error);
        if (status == ITEMSEAL_STATUS_OK) break;
    }
    CHECK(status == ITEMSEAL_STATUS_OK);
    itemseal_item_free(found);
    itemseal_item_free(item);
    itemseal_item_free(key);
}

/* A call that succeeds, and what its answer has. */
static void call(itemseal_table *table, uint32_t operation, const char *request, const char *has) {
    char *answer = NULL;
    OK(try_call(table, operation, ITEMSEAL_CALL_OPTION_NONE, request, &answer));
    /* Batches are several requests, and have no id. */
    const char *id = strstr(request, "RequestItems") ? "" : "\"ResponseMetadata\":{\"RequestId\":\"";
    const char *all[] = {has, "\"Region\":\"eu-west-1\"", id};
    for (int i = 0; i < 3; i++) {
        if (!strstr(answer, all[i])) fprintf(stderr, "%s\n", answer);
        CHECK(strstr(answer, all[i]));
    }
    free(answer);
}

static void lab(const char *says) {
    char command[512];
    snprintf(command, sizeof command, "%s lab fault %s --endpoint %s >/dev/null", getenv("ITEMSEAL"), says, endpoint);
    CHECK(system(command) == 0);
}

static itemseal_config_file *file_of_tables(void) {
    char toml[1024];
    int length = snprintf(toml, sizeof toml,
                          "[table.\"Orders\"]\npartition_key = \"OrderID\"\nsort_key = \"Line\"\n"
                          "unsigned = [\"Views\"]\n"
                          "[table.\"Counted\"]\npartition_key = \"OrderID\"\nsort_key = \"Line\"\n"
                          "sign_only = [\"Version\"]\nversion_attribute = \"Version\"\n"
                          "[keyring]\nkind = \"kms-mrk\"\nkey_arn = \"%s\"\nregions = [\"eu-west-1\", \"us-east-1\"]\n",
                          key_arn);
    itemseal_config_file *file = NULL;
    OK(itemseal_config_file_parse(toml, (size_t)length, NULL, 0, &file, &error));
    return file;
}

static itemseal_keyring *patient_keyring(void) {
    itemseal_kms_options options = {NULL, 0, DEADLINE_MS, MOST_PER_REGION_MS, ITEMSEAL_REGION_ORDER_AS_GIVEN};
    itemseal_keyring *keyring = NULL;
    OK(itemseal_keyring_mrk(NULL, key_arn, strlen(key_arn), regions, 2, &options, &keyring, &error));
    return keyring;
}

/* The file's tables, in the first `count` of these Regions, with time enough. */
static itemseal_table *patient_table(const itemseal_config_file *file, const itemseal_aws_config *aws, const itemseal_text *of,
                                     size_t count) {
    itemseal_keyring *keyring = patient_keyring();
    itemseal_table_builder *builder = NULL;
    itemseal_table *table = NULL;
    OK(itemseal_table_builder_from_file(file, keyring, aws, &builder, &error));
    itemseal_keyring_free(keyring);
    OK(itemseal_table_builder_regions(builder, of, count, &error));
    OK(itemseal_table_builder_timeouts(builder, DEADLINE_MS, MOST_PER_REGION_MS, &error));
    OK(itemseal_table_builder_open(builder, aws, &table, &error));
    itemseal_table *again = NULL;
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_table_builder_open(builder, aws, &again, &error));
    itemseal_table_builder_free(builder);
    return table;
}

static void one_item(itemseal_table *table) {
    itemseal_item *item = order("one", 1, "4111"), *key = key_of("one", 1), *found = NULL;
    uint64_t version = 7;
    OK(itemseal_table_put(table, ORDERS, item, &version, &error));
    CHECK(version == 0);
    OK(itemseal_table_get(table, ORDERS, key, true, &found, &error));
    has_card(found, "4111");
    itemseal_item_free(found);
    OK(itemseal_table_delete(table, ORDERS, key, &error));
    OK(itemseal_table_delete(table, ORDERS, key, &error));
    found = item;
    OK(itemseal_table_get(table, ORDERS, key, true, &found, &error));
    CHECK(found == NULL);
    CHECK(itemseal_table_put(table, ITEMSEAL_STR("Nowhere"), item, NULL, &error) == ITEMSEAL_STATUS_MISUSE);
    CHECK(strstr(itemseal_error_message(error), "Nowhere"));
    itemseal_error_free(error);
    error = NULL;
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_table_put(NULL, ORDERS, item, NULL, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_table_get(table, ORDERS, NULL, false, &found, &error));
    /* A key has nothing but key attributes. */
    CHECK(itemseal_table_get(table, ORDERS, item, true, &found, &error) != ITEMSEAL_STATUS_OK);
    itemseal_error_free(error);
    error = NULL;
    itemseal_item_free(item);
    itemseal_item_free(key);
}

static void versions(itemseal_table *table) {
    itemseal_item *item = order("v", 1, "1"), *key = key_of("v", 1), *found = NULL;
    uint64_t version = 0;
    OK(itemseal_table_put(table, COUNTED, item, &version, &error));
    CHECK(version == 1);
    FAILS(ITEMSEAL_STATUS_CONFLICT, itemseal_table_put(table, COUNTED, item, &version, &error));
    CHECK(version == 1);
    OK(itemseal_table_get(table, COUNTED, key, true, &found, &error));
    OK(itemseal_table_put(table, COUNTED, found, &version, &error));
    CHECK(version == 2);
    itemseal_item_free(found);
    itemseal_item_free(key);
    itemseal_item_free(item);
}

struct change {
    itemseal_table *table;
    int calls;
    bool interferes, keeps;
    uint32_t fails_with;
};

static uint32_t change(void *userdata, itemseal_item *item, bool found, bool *write, itemseal_answer *answer) {
    struct change *how = userdata;
    how->calls++;
    CHECK(*write);
    if (how->fails_with) {
        OK(itemseal_answer_message(answer, ITEMSEAL_STR("it was enough"), true, &error));
        return how->fails_with;
    }
    if (how->keeps) {
        *write = false;
        return ITEMSEAL_STATUS_OK;
    }
    if (how->interferes && how->calls == 1) {
        /* Somebody else is faster, through the same client. */
        itemseal_item *other = order("u", 1, "other");
        OK(itemseal_table_put(how->table, ORDERS, other, NULL, &error));
        itemseal_item_free(other);
    }
    char card[32];
    snprintf(card, sizeof card, "%s %d", found ? "changed" : "new", how->calls);
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("Card"), card, strlen(card), &error));
    return ITEMSEAL_STATUS_OK;
}

static void updates(itemseal_table *table) {
    struct change how = {table, 0, false, false, 0};
    itemseal_item *key = key_of("u", 1), *now = NULL;
    how.keeps = true;
    now = key;
    OK(itemseal_table_update(table, ORDERS, key, change, &how, &now, &error));
    CHECK(now == NULL && how.calls == 1);
    how.keeps = false;
    OK(itemseal_table_update(table, ORDERS, key, change, &how, &now, &error));
    has_card(now, "new 2");
    itemseal_item_free(now);
    how.calls = 0;
    how.interferes = true;
    OK(itemseal_table_update(table, ORDERS, key, change, &how, &now, &error));
    has_card(now, "changed 2");
    itemseal_item_free(now);
    how.fails_with = ITEMSEAL_STATUS_REFUSED;
    CHECK(itemseal_table_update(table, ORDERS, key, change, &how, NULL, &error) == ITEMSEAL_STATUS_REFUSED);
    CHECK(strstr(itemseal_error_message(error), "it was enough") && itemseal_error_is_retryable(error));
    itemseal_error_free(error);
    error = NULL;
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT,
          itemseal_table_update(table, ORDERS, key, NULL, NULL, &now, &error));
    itemseal_item_free(key);
}

struct seen {
    int items, most;
    uint32_t fails_with;
};

static uint32_t see(void *userdata, const itemseal_item *item, bool *go_on, itemseal_answer *answer) {
    struct seen *seen = userdata;
    (void)answer;
    has_card(item, "page");
    seen->items++;
    if (seen->items == seen->most) *go_on = false;
    return seen->fails_with;
}

static void pages(itemseal_table *table) {
    for (int line = 1; line <= 12; line++) {
        itemseal_item *item = order("p", line, "page");
        OK(itemseal_table_put(table, ORDERS, item, NULL, &error));
        itemseal_item_free(item);
    }
    const char query[] = "{\"TableName\":\"Orders\",\"KeyConditionExpression\":\"OrderID = :id\",\"Limit\":5,"
                         "\"ExpressionAttributeValues\":{\":id\":{\"S\":\"p\"}}}";
    itemseal_items *items = NULL;
    itemseal_item *item = NULL;
    OK(itemseal_table_query(table, ITEMSEAL_CALL_OPTION_NONE, query, sizeof query - 1, &items, &error));
    for (int line = 1; line <= 12; line++) {
        char number[16];
        itemseal_text found;
        OK(itemseal_items_next(items, &item, &error));
        CHECK(item != NULL);
        OK(itemseal_item_get_number(item, ITEMSEAL_STR("Line"), &found, &error));
        CHECK((size_t)snprintf(number, sizeof number, "%d", line) == found.length);
        CHECK(memcmp(found.data, number, found.length) == 0);
        itemseal_item_free(item);
    }
    OK(itemseal_items_next(items, &item, &error));
    CHECK(item == NULL);
    OK(itemseal_items_next(items, &item, &error));
    CHECK(item == NULL);
    itemseal_items_free(items);

    const char scan[] = "{\"TableName\":\"Orders\",\"FilterExpression\":\"OrderID = :id\",\"Limit\":4,"
                        "\"ExpressionAttributeValues\":{\":id\":{\"S\":\"p\"}}}";
    struct seen seen = {0, 5, 0};
    OK(itemseal_table_scan(table, ITEMSEAL_CALL_OPTION_REPORT_BAD_ITEMS, scan, sizeof scan - 1, 3, &items, &error));
    OK(itemseal_items_each(items, see, &seen, &error));
    CHECK(seen.items == 5);
    seen.fails_with = ITEMSEAL_STATUS_REFUSED;
    FAILS(ITEMSEAL_STATUS_REFUSED, itemseal_items_each(items, see, &seen, &error));
    seen.fails_with = 0;
    OK(itemseal_items_each(items, see, &seen, &error));
    CHECK(seen.items == 12);
    itemseal_buffer *bad = NULL;
    OK(itemseal_items_take_bad(items, &bad, &error));
    char *told = text_of(bad);
    CHECK(strcmp(told, "[]") == 0);
    free(told);
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_items_each(items, NULL, NULL, &error));
    itemseal_items_free(items);
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_table_scan(table, 0, scan, sizeof scan - 1, 0, &items, &error));
    FAILS(ITEMSEAL_STATUS_MALFORMED, itemseal_table_query(table, 0, ITEMSEAL_STR("{"), &items, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_table_query(table, 99, query, sizeof query - 1, &items, &error));
}

static void operations(itemseal_table *table) {
    char *answer = NULL;
    call(table, ITEMSEAL_OPERATION_PUT_ITEM,
         "{\"TableName\":\"Orders\",\"Item\":{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"},\"Card\":{\"S\":\"secret\"},"
         "\"Views\":{\"N\":\"1\"}},\"ReturnConsumedCapacity\":\"TOTAL\"}",
         "\"ConsumedCapacity\":{\"TableName\":\"Orders\"");
    call(table, ITEMSEAL_OPERATION_GET_ITEM,
         "{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"}},\"ConsistentRead\":true}",
         "\"Card\":{\"S\":\"secret\"}");
    call(table, ITEMSEAL_OPERATION_UPDATE_ITEM,
         "{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"}},"
         "\"UpdateExpression\":\"ADD #v :one\",\"ExpressionAttributeNames\":{\"#v\":\"Views\"},"
         "\"ExpressionAttributeValues\":{\":one\":{\"N\":\"1\"}},\"ReturnValues\":\"UPDATED_NEW\"}",
         "\"Attributes\":{\"Views\":{\"N\":\"2\"}}");
    /* A signed attribute would no longer fit its signature. */
    CHECK(try_call(table, ITEMSEAL_OPERATION_UPDATE_ITEM, 0,
                   "{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"}},"
                   "\"UpdateExpression\":\"SET Card = :c\",\"ExpressionAttributeValues\":{\":c\":{\"S\":\"x\"}}}",
                   &answer) == ITEMSEAL_STATUS_REFUSED);
    CHECK(strcmp(itemseal_error_attribute(error), "Card") == 0);
    itemseal_error_free(error);
    error = NULL;
    /* A condition that does not hold: what was found comes back, opened. */
    CHECK(try_call(table, ITEMSEAL_OPERATION_DELETE_ITEM, 0,
                   "{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"}},"
                   "\"ConditionExpression\":\"#v = :v\",\"ExpressionAttributeNames\":{\"#v\":\"Views\"},"
                   "\"ExpressionAttributeValues\":{\":v\":{\"N\":\"9\"}},"
                   "\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}",
                   &answer) == ITEMSEAL_STATUS_CONFLICT);
    itemseal_bytes found = itemseal_error_found(error);
    CHECK(found.length > 8 && memcmp(found.data, "{\"Item\":{", 9) == 0);
    char *told = calloc(1, found.length + 1);
    memcpy(told, found.data, found.length);
    CHECK(strstr(told, "\"Card\":{\"S\":\"secret\"}"));
    free(told);
    CHECK(!strstr(itemseal_error_message(error), "secret"));
    itemseal_error_free(error);
    error = NULL;
    CHECK(itemseal_error_found(NULL).length == 0);

    call(table, ITEMSEAL_OPERATION_BATCH_WRITE_ITEM,
         "{\"RequestItems\":{\"Orders\":[{\"PutRequest\":{\"Item\":{\"OrderID\":{\"S\":\"b\"},\"Line\":{\"N\":\"1\"},"
         "\"Card\":{\"S\":\"b1\"}}}},{\"DeleteRequest\":{\"Key\":{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"}}}}]}}",
         "\"UnprocessedItems\":{}");
    call(table, ITEMSEAL_OPERATION_BATCH_GET_ITEM,
         "{\"RequestItems\":{\"Orders\":{\"ConsistentRead\":true,\"Keys\":[{\"OrderID\":{\"S\":\"b\"},\"Line\":{\"N\":\"1\"}},"
         "{\"OrderID\":{\"S\":\"o\"},\"Line\":{\"N\":\"1\"}}]}}}",
         "\"Responses\":{\"Orders\":[{\"Card\":{\"S\":\"b1\"},\"Line\":{\"N\":\"1\"},\"OrderID\":{\"S\":\"b\"}}]}");
    call(table, ITEMSEAL_OPERATION_TRANSACT_WRITE_ITEMS,
         "{\"TransactItems\":[{\"Put\":{\"TableName\":\"Orders\",\"Item\":{\"OrderID\":{\"S\":\"t\"},\"Line\":{\"N\":\"1\"},"
         "\"Card\":{\"S\":\"t1\"}}}},{\"Delete\":{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"b\"},\"Line\":{\"N\":\"1\"}}}}],"
         "\"ClientRequestToken\":\"token-1\"}",
         "\"Region\"");
    call(table, ITEMSEAL_OPERATION_TRANSACT_GET_ITEMS,
         "{\"TransactItems\":[{\"Get\":{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"t\"},\"Line\":{\"N\":\"1\"}}}},"
         "{\"Get\":{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"b\"},\"Line\":{\"N\":\"1\"}}}}]}",
         "\"Responses\":[{\"Item\":{\"Card\":{\"S\":\"t1\"},\"Line\":{\"N\":\"1\"},\"OrderID\":{\"S\":\"t\"}}},{}]");
    CHECK(try_call(table, ITEMSEAL_OPERATION_TRANSACT_WRITE_ITEMS, 0,
                   "{\"TransactItems\":[{\"ConditionCheck\":{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"t\"},"
                   "\"Line\":{\"N\":\"1\"}},\"ConditionExpression\":\"attribute_not_exists(OrderID)\","
                   "\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}},"
                   "{\"Update\":{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"x\"},\"Line\":{\"N\":\"1\"}},"
                   "\"UpdateExpression\":\"ADD #v :one\",\"ExpressionAttributeNames\":{\"#v\":\"Views\"},"
                   "\"ExpressionAttributeValues\":{\":one\":{\"N\":\"1\"}}}},"
                   "{\"Delete\":{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"y\"},\"Line\":{\"N\":\"1\"}}}}]}",
                   &answer) == ITEMSEAL_STATUS_CONFLICT);
    found = itemseal_error_found(error);
    told = calloc(1, found.length + 1);
    memcpy(told, found.data, found.length);
    CHECK(strstr(told, "{\"CancellationReasons\":[{\"Code\":\"ConditionalCheckFailed\",\"Item\":{\"Card\":{\"S\":\"t1\"}"));
    CHECK(strstr(told, "{\"Code\":\"None\"}]"));
    free(told);
    itemseal_error_free(error);
    error = NULL;
    call(table, ITEMSEAL_OPERATION_QUERY,
         "{\"TableName\":\"Orders\",\"KeyConditionExpression\":\"OrderID = :id\",\"ScanIndexForward\":false,"
         "\"ExpressionAttributeValues\":{\":id\":{\"S\":\"p\"}},\"Limit\":1}",
         "\"Count\":1,\"ScannedCount\":1,\"LastEvaluatedKey\":{\"Line\":{\"N\":\"12\"},\"OrderID\":{\"S\":\"p\"}}");
    call(table, ITEMSEAL_OPERATION_SCAN, "{\"TableName\":\"Orders\",\"Select\":\"COUNT\"}", "\"Count\":");

    /* What is not known is refused, and what was found is not repeated: it may be a secret. */
    const char *wrong[] = {"", "[]", "{\"TableName\":\"Orders\"}", "{\"TableName\":\"Orders\",\"Key\":{},\"Expected\":{}}",
                           "{\"TableName\":\"Orders\",\"Key\":\"hunter2\"}", "{\"TableName\":\"Orders\",\"Key\":{\"a\":{\"S\":1}}}",
                           "{\"TableName\":\"Orders\",\"Key\":{},\"ReturnConsumedCapacity\":\"hunter2\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(try_call(table, ITEMSEAL_OPERATION_GET_ITEM, 0, wrong[i], &answer) == ITEMSEAL_STATUS_MALFORMED);
        CHECK(!strstr(itemseal_error_message(error), "hunter2"));
        itemseal_error_free(error);
        error = NULL;
    }
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, try_call(table, 77, 0, "{}", &answer));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, try_call(table, 1, 64, "{}", &answer));
}

struct lines {
    pthread_mutex_t lock;
    int lines, kms, puts, reads_elsewhere, secrets, refused;
};

static void line(void *userdata, uint32_t level, const char *message, size_t length) {
    struct lines *lines = userdata;
    pthread_mutex_lock(&lines->lock);
    lines->lines++;
    lines->kms += strstr(message, "service=kms") != NULL;
    lines->puts += strstr(message, "operation=PutItem region=eu-west-1") != NULL;
    lines->reads_elsewhere += strstr(message, "another Region answered") != NULL;
    lines->secrets += strstr(message, "4111") != NULL;
    if (strlen(message) != length || level < ITEMSEAL_LOG_LEVEL_ERROR || level > ITEMSEAL_LOG_LEVEL_TRACE) {
        lines->secrets = -1000;
    }
    /* Waiting here is refused, not a deadlock. */
    lines->refused += itemseal_log_set(NULL, NULL, 0, NULL) == ITEMSEAL_STATUS_MISUSE;
    pthread_mutex_unlock(&lines->lock);
}

static void logs_and_failover(itemseal_table *table) {
    struct lines lines;
    memset(&lines, 0, sizeof lines);
    pthread_mutex_init(&lines.lock, NULL);
    itemseal_item *item = order("l", 1, "4111"), *key = key_of("l", 1), *found = NULL;
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_log_set(line, &lines, 0, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_log_set(line, &lines, 6, &error));
    OK(itemseal_log_set(line, &lines, ITEMSEAL_LOG_LEVEL_INFO, &error));
    OK(itemseal_table_put(table, ORDERS, item, NULL, &error));
    CHECK(lines.lines == 0);
    OK(itemseal_log_set(line, &lines, ITEMSEAL_LOG_LEVEL_DEBUG, &error));
    OK(itemseal_table_put(table, ORDERS, item, NULL, &error));
    CHECK(lines.kms >= 1 && lines.puts == 1 && lines.refused == lines.lines);

    /* Replicated first. */
    const char *elsewhere = "{\"TableName\":\"Orders\",\"Key\":{\"OrderID\":{\"S\":\"l\"},\"Line\":{\"N\":\"1\"}}}";
    itemseal_aws_builder *builder = NULL;
    itemseal_aws_config *aws = NULL;
    itemseal_config_file *file = file_of_tables();
    OK(itemseal_aws_builder_new(&builder, &error));
    OK(itemseal_aws_builder_build(builder, &aws, &error));
    itemseal_aws_builder_free(builder);
    itemseal_table *there = patient_table(file, aws, &regions[1], 1);
    itemseal_aws_config_free(aws);
    itemseal_config_file_free(file);
    for (char *answer = NULL;;) {
        OK(try_call(there, ITEMSEAL_OPERATION_GET_ITEM, 0, elsewhere, &answer));
        bool arrived = strstr(answer, "4111") != NULL;
        CHECK(strstr(answer, "\"Region\":\"us-east-1\""));
        free(answer);
        if (arrived) break;
    }
    itemseal_table_free(there);

    /* The home Region is gone: reads go on elsewhere, consistent ones and writes do not. */
    lab("outage eu-west-1");
    char *answer = NULL;
    OK(try_call(table, ITEMSEAL_OPERATION_GET_ITEM, 0, elsewhere, &answer));
    CHECK(strstr(answer, "\"Region\":\"us-east-1\"") && strstr(answer, "4111"));
    free(answer);
    CHECK(lines.reads_elsewhere >= 1);
    CHECK(itemseal_table_get(table, ORDERS, key, true, &found, &error) != ITEMSEAL_STATUS_OK);
    CHECK(strcmp(itemseal_error_region(error), "eu-west-1") == 0 && itemseal_error_is_retryable(error));
    itemseal_error_free(error);
    error = NULL;
    CHECK(itemseal_table_put(table, ORDERS, item, NULL, &error) != ITEMSEAL_STATUS_OK);
    CHECK(itemseal_error_is_retryable(error));
    itemseal_error_free(error);
    error = NULL;
    lab("end");

    /* Unset, it is silent. */
    OK(itemseal_log_set(NULL, NULL, 0, &error));
    int before = lines.lines;
    CHECK(lines.secrets == 0);
    CHECK(itemseal_table_get(table, ORDERS, key, false, &found, &error) == ITEMSEAL_STATUS_OK);
    CHECK(lines.lines == before);
    itemseal_item_free(found);
    itemseal_item_free(item);
    itemseal_item_free(key);
    pthread_mutex_destroy(&lines.lock);
}

static void builders(void) {
    itemseal_config_builder *says = NULL;
    itemseal_config *config = NULL;
    itemseal_keyring *keyring = NULL;
    itemseal_table_builder *builder = NULL;
    itemseal_table *table = NULL;
    OK(itemseal_config_builder_new(ORDERS, &says, &error));
    OK(itemseal_config_builder_partition_key(says, ITEMSEAL_STR("OrderID"), &error));
    OK(itemseal_config_builder_sort_key(says, ITEMSEAL_STR("Line"), &error));
    OK(itemseal_config_builder_action(says, ITEMSEAL_STR("Version"), ITEMSEAL_ACTION_SIGN_ONLY, &error));
    OK(itemseal_config_builder_build(says, &config, &error));
    itemseal_config_builder_free(says);
    keyring = patient_keyring();

    OK(itemseal_table_builder_new(NULL, 0, config, keyring, &builder, &error));
    OK(itemseal_table_builder_table(builder, COUNTED, config, keyring, &error));
    OK(itemseal_table_builder_regions(builder, regions, 2, &error));
    OK(itemseal_table_builder_allowed_regions(builder, regions, 2, &error));
    OK(itemseal_table_builder_timeouts(builder, DEADLINE_MS, MOST_PER_REGION_MS, &error));
    OK(itemseal_table_builder_read_order(builder, ITEMSEAL_REGION_ORDER_NEAREST, &error));
    for (uint32_t option = ITEMSEAL_TABLE_OPTION_WRITES_FAIL_OVER; option <= ITEMSEAL_TABLE_OPTION_HAND_BACK_UNPROCESSED; option++) {
        OK(itemseal_table_builder_option(builder, option, &error));
    }
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_table_builder_option(builder, 6, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_table_builder_read_order(builder, 2, &error));
    OK(itemseal_table_builder_version_attribute(builder, ORDERS, ITEMSEAL_STR("Version"), &error));
    OK(itemseal_table_builder_plaintext_table(builder, ITEMSEAL_STR("Plain"), &error));
    OK(itemseal_table_builder_plaintext_reads(builder, COUNTED, &error));
    OK(itemseal_table_builder_open(builder, NULL, &table, &error));
    itemseal_table_builder_free(builder);

    /* The home Region may have carried the write out before it went: only a write that may be made twice goes on elsewhere. */
    const char *put = "{\"TableName\":\"Counted\",\"Item\":{\"OrderID\":{\"S\":\"f\"},\"Line\":{\"N\":\"1\"}}}";
    char *answer = NULL;
    lab("outage eu-west-1 --service dynamodb");
    OK(try_call(table, ITEMSEAL_OPERATION_PUT_ITEM, ITEMSEAL_CALL_OPTION_IDEMPOTENT, put, &answer));
    CHECK(strstr(answer, "\"Region\":\"us-east-1\""));
    free(answer);
    lab("end");
    itemseal_table_free(table);

    /* A Region that is not allowed. */
    OK(itemseal_table_builder_new(NULL, 0, config, keyring, &builder, &error));
    OK(itemseal_table_builder_allowed_regions(builder, regions, 1, &error));
    CHECK(itemseal_table_builder_open(builder, NULL, &table, &error) == ITEMSEAL_STATUS_MISUSE);
    CHECK(strcmp(itemseal_error_region(error), "us-east-1") == 0);
    itemseal_error_free(error);
    error = NULL;
    itemseal_table_builder_free(builder);
    itemseal_keyring_free(keyring);
    itemseal_config_free(config);
}

static void doctor(const itemseal_config_file *file) {
    itemseal_buffer *report = NULL;
    OK(itemseal_doctor(file, NULL, &report, &error));
    char *told = text_of(report);
    CHECK(strstr(told, "\"Well\":true") && strstr(told, "\"Region\":\"us-east-1\"") && strstr(told, "\"Says\":\""));
    free(told);
    lab("outage us-east-1");
    OK(itemseal_doctor(file, NULL, &report, &error));
    told = text_of(report);
    CHECK(strstr(told, "\"Well\":false") && strstr(told, "\"Remedy\":\""));
    free(told);
    lab("end");
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_doctor(NULL, NULL, &report, &error));
}

static void *reads(void *table) {
    itemseal_item *key = key_of("p", 3);
    for (int i = 0; i < (slow ? 3 : 20); i++) {
        itemseal_error *failed = NULL;
        itemseal_item *found = NULL;
        if (itemseal_table_get(table, ORDERS, key, false, &found, &failed) != ITEMSEAL_STATUS_OK || !found) {
            fprintf(stderr, "%s\n", itemseal_error_message(failed));
            return "failed";
        }
        itemseal_item_free(found);
    }
    itemseal_item_free(key);
    return NULL;
}

int main(int count, char **arguments) {
    endpoint = count > 1 ? arguments[1] : getenv("AWS_ENDPOINT_URL");
    key_arn = getenv("KEY_ARN");
    if (!endpoint || !key_arn || !getenv("ITEMSEAL")) {
        fprintf(stderr, "client ENDPOINT, with KEY_ARN and ITEMSEAL: see against_lab.sh\n");
        return EXIT_FAILURE;
    }
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    setenv("AWS_ACCESS_KEY_ID", "lab", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "lab", 1);
    /* Whatever waits for ever is a failure. */
    alarm(600);
    slow = getenv("ITEMSEAL_SLOW") != NULL;

    itemseal_config_file *file = file_of_tables();
    itemseal_encryptor *encryptor = NULL;
    itemseal_keyring *keyring = NULL;
    itemseal_table *table = NULL;
    OK(itemseal_encryptor_from_file(file, ORDERS, &encryptor, &error));
    OK(itemseal_config_file_keyring(file, &keyring, &error));
    itemseal_keyring_free(keyring);
    OK(itemseal_table_open(file, NULL, &table, &error));
    warm_up(table);
    itemseal_table_free(table);
    table = patient_table(file, NULL, regions, 2);

    warm_up(table);
    one_item(table);
    versions(table);
    updates(table);
    pages(table);
    operations(table);
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) CHECK(pthread_create(&threads[i], NULL, reads, table) == 0);
    for (int i = 0; i < 8; i++) {
        void *failed = NULL;
        CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    }
    doctor(file);
    logs_and_failover(table);
    builders();

    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        itemseal_item *key = key_of("p", 3), *found = NULL;
        FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_table_get(table, ORDERS, key, false, &found, &error));
        itemseal_table_free(table);
        table = patient_table(file, NULL, regions, 2);
        OK(itemseal_table_get(table, ORDERS, key, false, &found, &error));
        has_card(found, "page");
        _exit(EXIT_SUCCESS);
    }
    int ended = 1;
    CHECK(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == EXIT_SUCCESS);

    itemseal_encryptor_free(encryptor);
    itemseal_table_free(table);
    itemseal_config_file_free(file);
    puts("client: ok");
    return EXIT_SUCCESS;
}
