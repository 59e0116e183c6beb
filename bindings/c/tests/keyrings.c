/* Keyrings that ask AWS or the program, against a lab. keyrings ENDPOINT (or AWS_ENDPOINT_URL): exits with 0 if all is as it should be.
 * The lab is its own: key stores and keys are made here. */

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

#define CHECK(holds)                                                                       \
    do {                                                                                   \
        if (!(holds)) {                                                                    \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #holds,                 \
                    itemseal_error_message(error));                                        \
            exit(EXIT_FAILURE);                                                            \
        }                                                                                  \
    } while (0)
#define OK(call) CHECK((call) == ITEMSEAL_STATUS_OK)
/* A call that fails with this status. */
#define FAILS(status, call)                        \
    do {                                           \
        CHECK((call) == (status));                 \
        CHECK(itemseal_error_status(error) == (status)); \
        itemseal_error_free(error);                \
        error = NULL;                              \
    } while (0)

static const char *key_arn;
/* Fewer rounds where each takes long. */
static bool slow;
static itemseal_config *config;

static itemseal_text text_of(const char *text) {
    itemseal_text made = {text, strlen(text)};
    return made;
}

static itemseal_item *order(void) {
    itemseal_item *item = NULL;
    OK(itemseal_item_new(&item, &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("OrderID"), ITEMSEAL_STR("12345"), &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("Tenant"), ITEMSEAL_STR("tenant-1"), &error));
    OK(itemseal_item_set_string(item, ITEMSEAL_STR("Card"), ITEMSEAL_STR("4111 1111"), &error));
    return item;
}

static void make_config(void) {
    itemseal_config_builder *builder = NULL;
    OK(itemseal_config_builder_new(ITEMSEAL_STR("Orders"), &builder, &error));
    OK(itemseal_config_builder_partition_key(builder, ITEMSEAL_STR("OrderID"), &error));
    OK(itemseal_config_builder_action(builder, ITEMSEAL_STR("Tenant"),
                                      ITEMSEAL_ACTION_SIGN_AND_INCLUDE_IN_ENCRYPTION_CONTEXT, &error));
    OK(itemseal_config_builder_build(builder, &config, &error));
    itemseal_config_builder_free(builder);
}

static itemseal_encryptor *encryptor_of(const itemseal_keyring *keyring) {
    itemseal_encryptor *encryptor = NULL;
    OK(itemseal_encryptor_new(config, keyring, &encryptor, &error));
    return encryptor;
}

static void same(const itemseal_item *opened) {
    itemseal_text card;
    OK(itemseal_item_get_string(opened, ITEMSEAL_STR("Card"), &card, &error));
    CHECK(card.length == 9 && memcmp(card.data, "4111 1111", 9) == 0);
}

/* Writes with one keyring, and reads with another, which are both freed first. */
static void round_trip(itemseal_keyring *writes, itemseal_keyring *reads) {
    itemseal_encryptor *writer = encryptor_of(writes), *reader = encryptor_of(reads);
    itemseal_keyring_free(writes);
    if (reads != writes) itemseal_keyring_free(reads);
    itemseal_item *item = order(), *stored = NULL, *opened = NULL;
    OK(itemseal_encrypt_item(writer, item, &stored, &error));
    OK(itemseal_decrypt_item(reader, stored, &opened, &error));
    same(opened);
    itemseal_item_free(item);
    itemseal_item_free(stored);
    itemseal_item_free(opened);
    itemseal_encryptor_free(writer);
    itemseal_encryptor_free(reader);
}

static itemseal_keyring *mrk(const itemseal_aws_config *aws, const char *first, const char *second) {
    itemseal_text regions[2];
    regions[0] = text_of(first);
    regions[1] = text_of(second);
    itemseal_keyring *keyring = NULL;
    /* A loaded machine, or memcheck, answers later than Regions are waited for. */
    itemseal_kms_options options = {NULL, 0, 30000, 10000, ITEMSEAL_REGION_ORDER_AS_GIVEN};
    OK(itemseal_keyring_mrk(aws, key_arn, strlen(key_arn), regions, 2, &options, &keyring, &error));
    return keyring;
}

static void kms(const itemseal_aws_config *aws) {
    itemseal_text arn = text_of(key_arn);
    itemseal_text token = text_of("no-such-grant");
    itemseal_kms_options options = {&token, 1, 30000, 10000, ITEMSEAL_REGION_ORDER_NEAREST};
    itemseal_keyring *keyring = NULL, *other = NULL, *multi = NULL;

    OK(itemseal_keyring_kms(aws, &arn, 1, NULL, &keyring, &error));
    round_trip(keyring, keyring);
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_keyring_kms(aws, NULL, 0, NULL, &keyring, &error));
    itemseal_text alias = text_of("alias/orders");
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_keyring_kms(aws, &alias, 1, NULL, &keyring, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_keyring_kms(aws, NULL, 1, NULL, &keyring, &error));

    OK(itemseal_keyring_mrk_multi(aws, &arn, 1, NULL, &keyring, &error));
    round_trip(keyring, keyring);
    round_trip(mrk(aws, "eu-west-1", "us-east-1"), mrk(aws, "us-east-1", "eu-west-1"));
    /* NULL: the environment's credentials and endpoint. */
    round_trip(mrk(NULL, "eu-west-1", "us-east-1"), mrk(aws, "us-east-1", "eu-west-1"));
    options.order = 7;
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT,
          itemseal_keyring_mrk(aws, key_arn, strlen(key_arn), NULL, 0, &options, &keyring, &error));
    options.order = ITEMSEAL_REGION_ORDER_NEAREST;
    options.grant_token_count = 0;
    OK(itemseal_keyring_mrk(aws, key_arn, strlen(key_arn), NULL, 0, &options, &keyring, &error));
    OK(itemseal_keyring_caching(keyring, NULL, &other, &error));
    itemseal_keyring_free(keyring);
    round_trip(other, other);
    const uint8_t raw_key[32] = {9};
    OK(itemseal_keyring_raw_aes(ITEMSEAL_STR("c"), ITEMSEAL_STR("k"), raw_key, 32, &other, &error));
    keyring = mrk(aws, "eu-west-1", "us-east-1");
    const itemseal_keyring *both[2];
    both[0] = keyring;
    both[1] = other;
    OK(itemseal_keyring_multi(both, 2, &multi, &error));
    itemseal_keyring_free(keyring);
    /* What both wrapped the raw key opens. */
    round_trip(multi, other);

    itemseal_text account = text_of("111122223333"), stranger = text_of("444455556666");
    itemseal_text region = text_of("us-east-1");
    /* The account stands after the Region in the ARN. */
    const char *at = strstr(key_arn, "eu-west-1:") + strlen("eu-west-1:");
    account.data = at;
    account.length = (size_t)(strchr(at, ':') - at);
    OK(itemseal_keyring_mrk_discovery(aws, &region, 1, NULL, 0, &account, 1, NULL, &keyring, &error));
    round_trip(mrk(aws, "eu-west-1", "us-east-1"), keyring);
    OK(itemseal_keyring_discovery(aws, ITEMSEAL_STR("eu-west-1"), NULL, 0, &account, 1, NULL, &keyring, &error));
    OK(itemseal_keyring_kms(aws, &arn, 1, NULL, &other, &error));
    round_trip(other, keyring);

    /* It does not write, and does not read what others' keys wrapped. */
    OK(itemseal_keyring_mrk_discovery(aws, &region, 1, ITEMSEAL_STR("aws"), &stranger, 1, NULL, &keyring, &error));
    itemseal_encryptor *reader = encryptor_of(keyring);
    itemseal_keyring_free(keyring);
    keyring = mrk(aws, "eu-west-1", "us-east-1");
    itemseal_encryptor *writer = encryptor_of(keyring);
    itemseal_keyring_free(keyring);
    itemseal_item *item = order(), *stored = NULL, *opened = NULL;
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_encrypt_item(reader, item, &stored, &error));
    OK(itemseal_encrypt_item(writer, item, &stored, &error));
    CHECK(itemseal_decrypt_item(reader, stored, &opened, &error) != ITEMSEAL_STATUS_OK);
    itemseal_error_free(error);
    error = NULL;
    itemseal_encryptor_free(reader);

    /* A key that is not there: the error says in which Region, and the service's code. */
    itemseal_text none = text_of("arn:aws:kms:eu-west-1:111122223333:key/mrk-00000000000000000000000000000000");
    OK(itemseal_keyring_kms(aws, &none, 1, NULL, &keyring, &error));
    reader = encryptor_of(keyring);
    itemseal_keyring_free(keyring);
    CHECK(itemseal_encrypt_item(reader, item, &opened, &error) != ITEMSEAL_STATUS_OK);
    CHECK(strcmp(itemseal_error_region(error), "eu-west-1") == 0);
    CHECK(itemseal_error_code(error) != NULL && !itemseal_error_is_retryable(error));
    itemseal_error_free(error);
    error = NULL;
    itemseal_encryptor_free(reader);

    /* In a child its threads are the parent's. */
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_decrypt_item(writer, stored, &opened, &error));
        itemseal_encryptor_free(writer);
        round_trip(mrk(NULL, "eu-west-1", "us-east-1"), mrk(NULL, "us-east-1", "eu-west-1"));
        _exit(EXIT_SUCCESS);
    }
    int ended = 1;
    CHECK(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == EXIT_SUCCESS);
    OK(itemseal_decrypt_item(writer, stored, &opened, &error));
    same(opened);
    itemseal_item_free(opened);
    itemseal_item_free(stored);
    itemseal_item_free(item);
    itemseal_encryptor_free(writer);
}

/* A keyring of the configuration file, over given clients and the environment's. */
static void of_file(const itemseal_aws_config *aws, const char *says) {
    char toml[512];
    int length = snprintf(toml, sizeof toml, "[table.\"Orders\"]\npartition_key = \"OrderID\"\n[keyring]\n%s\n", says);
    itemseal_config_file *file = NULL;
    itemseal_keyring *keyring = NULL, *other = NULL;
    OK(itemseal_config_file_parse(toml, (size_t)length, NULL, 0, &file, &error));
    OK(itemseal_config_file_keyring_over(file, aws, &keyring, &error));
    OK(itemseal_config_file_keyring(file, &other, &error));
    itemseal_config_file_free(file);
    round_trip(keyring, other);
}

static void key_store(const itemseal_aws_config *aws) {
    itemseal_key_store *store = NULL;
    itemseal_buffer *buffer = NULL;
    itemseal_keyring *keyring = NULL, *other = NULL;
    itemseal_bytes bytes;
    OK(itemseal_key_store_new(aws, ITEMSEAL_STR("BranchKeys"), NULL, 0, key_arn, strlen(key_arn), NULL, 0, NULL,
                              &store, &error));
    OK(itemseal_key_store_create_table(store, &error));
    OK(itemseal_key_store_create_table(store, &error));
    itemseal_context_entry entry;
    entry.name = text_of("tenant");
    entry.value = text_of("1");
    OK(itemseal_key_store_create_key(store, ITEMSEAL_STR("tenant-1"), &entry, 1, &buffer, &error));
    OK(itemseal_buffer_bytes(buffer, &bytes, &error));
    CHECK(bytes.length == 8 && memcmp(bytes.data, "tenant-1", 8) == 0);
    itemseal_buffer_free(buffer);
    FAILS(ITEMSEAL_STATUS_CONFLICT,
          itemseal_key_store_create_key(store, ITEMSEAL_STR("tenant-1"), &entry, 1, &buffer, &error));

    itemseal_branch_key_limits limits = {60000, 0, 10};
    OK(itemseal_keyring_hierarchical(store, ITEMSEAL_STR("tenant-1"), NULL, 0, NULL, &keyring, &error));
    OK(itemseal_keyring_hierarchical(store, NULL, 0, ITEMSEAL_STR("Tenant"), &limits, &other, &error));
    round_trip(keyring, other);
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_keyring_hierarchical(store, NULL, 0, NULL, 0, NULL, &keyring, &error));
    limits.most_age_ms = 1;
    FAILS(ITEMSEAL_STATUS_MISUSE,
          itemseal_keyring_hierarchical(store, ITEMSEAL_STR("t"), NULL, 0, &limits, &keyring, &error));

    char says[256];
    snprintf(says, sizeof says, "kind = \"hierarchical\"\nkey_store = \"BranchKeys\"\nkey_arn = \"%s\"\nbranch_key_id = \"tenant-1\"",
             key_arn);
    of_file(aws, says);
    snprintf(says, sizeof says, "kind = \"kms-mrk\"\nkey_arn = \"%s\"\nregions = [\"eu-west-1\", \"us-east-1\"]", key_arn);
    of_file(aws, says);

    OK(itemseal_key_store_rotate(store, ITEMSEAL_STR("tenant-1"), &error));
    CHECK(itemseal_key_store_rotate(store, ITEMSEAL_STR("nobody"), &error) != ITEMSEAL_STATUS_OK);
    itemseal_error_free(error);
    error = NULL;
    OK(itemseal_key_store_list(store, &buffer, &error));
    OK(itemseal_buffer_bytes(buffer, &bytes, &error));
    char *list = calloc(1, bytes.length + 1);
    memcpy(list, bytes.data, bytes.length);
    CHECK(strstr(list, "\"id\":\"tenant-1\"") && strstr(list, "\"active\":true") && strstr(list, "\"active\":false"));
    free(list);
    itemseal_buffer_free(buffer);
    itemseal_key_store_free(store);
}

/* The program's own key service: XOR with a key of its own, and a count of what it was asked. */
struct service {
    pthread_mutex_t lock;
    pthread_t caller;
    int wraps, unwraps, destroyed, at_once, most_at_once, nested;
    uint32_t fails_with;
    bool retryable, gives_back, silent;
    itemseal_encryptor *nests;
    /* How many calls are to be under way before one goes on. */
    int meets, met;
    pthread_cond_t arrived;
};

static void entered(struct service *service) {
    pthread_mutex_lock(&service->lock);
    service->at_once++;
    if (service->at_once > service->most_at_once) service->most_at_once = service->at_once;
    if (service->at_once >= service->meets) service->met = 1;
    pthread_cond_broadcast(&service->arrived);
    while (!service->met) pthread_cond_wait(&service->arrived, &service->lock);
    pthread_mutex_unlock(&service->lock);
}

static void left(struct service *service) {
    pthread_mutex_lock(&service->lock);
    service->at_once--;
    pthread_mutex_unlock(&service->lock);
}

static uint32_t answer_xored(struct service *service, itemseal_bytes key, const char *info, itemseal_answer *answer) {
    uint8_t out[64];
    if (service->fails_with != ITEMSEAL_STATUS_OK) {
        itemseal_answer_message(answer, ITEMSEAL_STR("the vault is sealed"), service->retryable, NULL);
        return service->fails_with;
    }
    if (service->silent || key.length > sizeof out) return ITEMSEAL_STATUS_OK;
    for (size_t i = 0; i < key.length; i++) out[i] = (uint8_t)(key.data[i] ^ (service->gives_back ? 0 : 0x5A));
    return itemseal_answer_key(answer, (const uint8_t *)info, strlen(info), out, key.length, NULL);
}

static uint32_t wrap(void *userdata, itemseal_bytes key, const itemseal_context_entry *context, size_t count,
                     itemseal_answer *answer) {
    struct service *service = userdata;
    entered(service);
    CHECK(key.length == 32 && count > 0 && context[0].name.length > 0);
    CHECK(!pthread_equal(pthread_self(), service->caller));
    if (service->nests) {
        /* A function may use the library. */
        itemseal_item *item = order(), *stored = NULL;
        OK(itemseal_encrypt_item(service->nests, item, &stored, &error));
        itemseal_item_free(item);
        itemseal_item_free(stored);
        service->nested++;
    }
    pthread_mutex_lock(&service->lock);
    service->wraps++;
    pthread_mutex_unlock(&service->lock);
    uint32_t status = answer_xored(service, key, "vault-key-7", answer);
    left(service);
    return status;
}

static uint32_t unwrap(void *userdata, itemseal_bytes info, itemseal_bytes wrapped,
                       const itemseal_context_entry *context, size_t count, itemseal_answer *answer) {
    struct service *service = userdata;
    (void)context;
    entered(service);
    CHECK(count > 0);
    pthread_mutex_lock(&service->lock);
    service->unwraps++;
    pthread_mutex_unlock(&service->lock);
    uint32_t status = ITEMSEAL_STATUS_AUTHENTICATION;
    if (info.length == 11 && memcmp(info.data, "vault-key-7", 11) == 0) {
        status = answer_xored(service, wrapped, "", answer);
    }
    left(service);
    return status;
}

static void destroy(void *userdata) {
    struct service *service = userdata;
    __atomic_add_fetch(&service->destroyed, 1, __ATOMIC_SEQ_CST);
}

static void *many(void *encryptor) {
    for (int i = 0; i < (slow ? 5 : 50); i++) {
        itemseal_error *failed = NULL;
        itemseal_item *item = order(), *stored = NULL, *opened = NULL;
        if (itemseal_encrypt_item(encryptor, item, &stored, &failed) != ITEMSEAL_STATUS_OK ||
            itemseal_decrypt_item(encryptor, stored, &opened, &failed) != ITEMSEAL_STATUS_OK) {
            fprintf(stderr, "%s\n", itemseal_error_message(failed));
            return "failed";
        }
        itemseal_item_free(item);
        itemseal_item_free(stored);
        itemseal_item_free(opened);
    }
    return NULL;
}

static void callbacks(const itemseal_aws_config *aws) {
    struct service service;
    memset(&service, 0, sizeof service);
    pthread_mutex_init(&service.lock, NULL);
    pthread_cond_init(&service.arrived, NULL);
    service.met = 1;
    service.caller = pthread_self();
    itemseal_key_provider provider = {&service, wrap, unwrap, destroy};
    itemseal_keyring *keyring = NULL;

    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT,
          itemseal_keyring_callback(ITEMSEAL_STR("vault"), NULL, &keyring, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_keyring_callback(ITEMSEAL_STR("aws-kms"), &provider, &keyring, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_keyring_callback(NULL, 0, &provider, &keyring, &error));
    provider.unwrap_key = NULL;
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT,
          itemseal_keyring_callback(ITEMSEAL_STR("vault"), &provider, &keyring, &error));
    CHECK(service.destroyed == 0);
    provider.unwrap_key = unwrap;
    OK(itemseal_keyring_callback(ITEMSEAL_STR("vault"), &provider, &keyring, &error));

    /* A cache asks it once for two readings, or as often as its limits say. */
    itemseal_cache_limits limits = {60000, 2, 10};
    itemseal_keyring *cache = NULL;
    OK(itemseal_keyring_caching(keyring, &limits, &cache, &error));
    itemseal_encryptor *caching = encryptor_of(cache);
    itemseal_keyring_free(cache);

    itemseal_encryptor *encryptor = encryptor_of(keyring);
    itemseal_keyring_free(keyring);
    itemseal_item *item = order(), *stored = NULL, *opened = NULL;
    OK(itemseal_encrypt_item(encryptor, item, &stored, &error));
    OK(itemseal_decrypt_item(encryptor, stored, &opened, &error));
    same(opened);
    itemseal_item_free(opened);
    CHECK(service.wraps == 1 && service.unwraps == 1 && service.destroyed == 0);
    for (int reading = 1; reading <= 3; reading++) {
        OK(itemseal_decrypt_item(caching, stored, &opened, &error));
        same(opened);
        itemseal_item_free(opened);
        CHECK(service.unwraps == (reading <= 2 ? 2 : 3));
    }
    itemseal_encryptor_free(caching);

    /* What it says is the call's error. */
    service.fails_with = ITEMSEAL_STATUS_KEY_DENIED;
    CHECK(itemseal_decrypt_item(encryptor, stored, &opened, &error) == ITEMSEAL_STATUS_KEY_DENIED);
    CHECK(strstr(itemseal_error_message(error), "\"vault\": the vault is sealed"));
    CHECK(!itemseal_error_is_retryable(error));
    itemseal_error_free(error);
    error = NULL;
    service.retryable = true;
    service.fails_with = ITEMSEAL_STATUS_SERVICE;
    itemseal_item *again = NULL;
    CHECK(itemseal_encrypt_item(encryptor, item, &again, &error) == ITEMSEAL_STATUS_SERVICE);
    CHECK(itemseal_error_is_retryable(error));
    itemseal_error_free(error);
    error = NULL;
    service.fails_with = ITEMSEAL_STATUS_AUTHENTICATION;
    FAILS(ITEMSEAL_STATUS_AUTHENTICATION, itemseal_decrypt_item(encryptor, stored, &opened, &error));
    service.fails_with = 12345;
    FAILS(ITEMSEAL_STATUS_INTERNAL, itemseal_encrypt_item(encryptor, item, &again, &error));
    service.fails_with = ITEMSEAL_STATUS_OK;
    service.silent = true;
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_encrypt_item(encryptor, item, &again, &error));
    service.silent = false;
    /* A key that comes back as it was is never written. */
    service.gives_back = true;
    FAILS(ITEMSEAL_STATUS_REFUSED, itemseal_encrypt_item(encryptor, item, &again, &error));
    service.gives_back = false;

    /* It may call the library, also for what waits. */
    keyring = mrk(aws, "eu-west-1", "us-east-1");
    service.nests = encryptor_of(keyring);
    itemseal_keyring_free(keyring);
    OK(itemseal_encrypt_item(encryptor, item, &again, &error));
    itemseal_item_free(again);
    CHECK(service.nested == 1);
    itemseal_encryptor_free(service.nests);
    service.nests = NULL;

    /* Many threads at once, of which four meet in the function; and a batch. */
    pthread_t threads[8];
    service.meets = 4;
    service.met = 0;
    for (int i = 0; i < 8; i++) CHECK(pthread_create(&threads[i], NULL, many, encryptor) == 0);
    for (int i = 0; i < 8; i++) {
        void *failed = NULL;
        CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    }
    CHECK(service.most_at_once >= 4);
    const itemseal_item *items[40];
    itemseal_item *sealed[40];
    for (int i = 0; i < 40; i++) items[i] = item;
    /* More of them than there are cores wait for the function. */
    service.meets = 16;
    service.met = 0;
    OK(itemseal_encrypt_items(encryptor, items, 40, sealed, NULL, &error));
    for (int i = 0; i < 40; i++) itemseal_item_free(sealed[i]);

    /* In a child it is the parent's. */
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_decrypt_item(encryptor, stored, &opened, &error));
        itemseal_encryptor_free(encryptor);
        CHECK(service.destroyed == 0);
        _exit(EXIT_SUCCESS);
    }
    int ended = 1;
    CHECK(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == EXIT_SUCCESS);

    itemseal_item_free(stored);
    itemseal_item_free(item);
    CHECK(service.destroyed == 0);
    itemseal_encryptor_free(encryptor);
    CHECK(service.destroyed == 1);
    pthread_cond_destroy(&service.arrived);
    pthread_mutex_destroy(&service.lock);
}

/* Outside of a function of the program's there is no answer. */
static void answers(void) {
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_answer_key(NULL, NULL, 0, NULL, 0, &error));
    FAILS(ITEMSEAL_STATUS_INVALID_ARGUMENT, itemseal_answer_message(NULL, NULL, 0, false, &error));
}

static void aws_builder(const char *endpoint) {
    itemseal_aws_builder *builder = NULL;
    itemseal_aws_config *aws = NULL;
    OK(itemseal_aws_builder_new(&builder, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE, itemseal_aws_builder_region(builder, NULL, 0, &error));
    FAILS(ITEMSEAL_STATUS_MISUSE,
          itemseal_aws_builder_credentials(builder, ITEMSEAL_STR("id"), NULL, 0, NULL, 0, &error));
    /* Whose machine that is nobody knows. */
    OK(itemseal_aws_builder_endpoint_url(builder, ITEMSEAL_STR("http://kms.example.com"), &error));
    FAILS(ITEMSEAL_STATUS_REFUSED, itemseal_aws_builder_build(builder, &aws, &error));
    OK(itemseal_aws_builder_allow_insecure_endpoint(builder, ITEMSEAL_STR("http://kms.example.com:80"), &error));
    OK(itemseal_aws_builder_build(builder, &aws, &error));
    itemseal_aws_config_free(aws);
    OK(itemseal_aws_builder_endpoint_url(builder, endpoint, strlen(endpoint), &error));
    OK(itemseal_aws_builder_profile(builder, ITEMSEAL_STR("default"), &error));
    OK(itemseal_aws_builder_build(builder, &aws, &error));
    itemseal_aws_config_free(aws);
    itemseal_aws_builder_free(builder);
}

int main(int count, char **arguments) {
    const char *endpoint = count > 1 ? arguments[1] : getenv("AWS_ENDPOINT_URL");
    key_arn = getenv("KEY_ARN");
    if (!endpoint || !key_arn) {
        fprintf(stderr, "keyrings ENDPOINT, with a multi-Region key of eu-west-1 and us-east-1 as KEY_ARN\n");
        return EXIT_FAILURE;
    }
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    setenv("AWS_ACCESS_KEY_ID", "lab", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "lab", 1);
    /* Whatever waits for ever is a failure. */
    alarm(600);
    slow = getenv("ITEMSEAL_SLOW") != NULL;
    make_config();
    aws_builder(endpoint);

    itemseal_aws_builder *builder = NULL;
    itemseal_aws_config *aws = NULL;
    OK(itemseal_aws_builder_new(&builder, &error));
    OK(itemseal_aws_builder_endpoint_url(builder, endpoint, strlen(endpoint), &error));
    OK(itemseal_aws_builder_region(builder, ITEMSEAL_STR("eu-west-1"), &error));
    OK(itemseal_aws_builder_credentials(builder, ITEMSEAL_STR("lab"), ITEMSEAL_STR("lab"), NULL, 0, &error));
    OK(itemseal_aws_builder_timeouts(builder, 10000, 30000, &error));
    OK(itemseal_aws_builder_build(builder, &aws, &error));
    itemseal_aws_builder_free(builder);

    answers();
    kms(aws);
    key_store(aws);
    callbacks(aws);
    itemseal_aws_config_free(aws);
    itemseal_config_free(config);
    puts("keyrings: ok");
    return EXIT_SUCCESS;
}
