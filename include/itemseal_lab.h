/**
 * @file itemseal_lab.h
 * libitemseal_lab: AWS KMS with multi-Region keys and DynamoDB with global tables, in several Regions, in this process: for tests.
 *
 * A lab serves every AWS SDK at one URL on 127.0.0.1: a request's Region is that of its signature. What is said at the top
 * of itemseal.h of status, errors, handles, threads, inputs and panics holds here too, with these names:
 *
 * - A function that can fail returns an `itemseal_lab_status`, and writes its outputs only if that is `ITEMSEAL_LAB_STATUS_OK`.
 *   Its last parameter, `error`, may be NULL; otherwise `*error` is written on failure, and only then, and is to be freed with
 *   `itemseal_lab_error_free`.
 * - A handle is freed once, by the function named `_free` of its type; NULL is fine.
 * - Inputs are a pointer and a length in bytes (or a count, where it says so), read during the call only. Text is UTF-8:
 *   `ITEMSEAL_LAB_STR("text")` passes a literal, and `ITEMSEAL_LAB_TEXT("text")` begins an `itemseal_lab_text` with one.
 * - Times are in milliseconds of the lab's clock.
 *
 * A lab has threads, which a child that was forked has not: make it, use it and free it in one process.
 *
 * This file is made by cbindgen from bindings/c-lab; do not edit it.
 */

#ifndef ITEMSEAL_LAB_H
#define ITEMSEAL_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Passes a literal as pointer and length. */
#define ITEMSEAL_LAB_STR(literal) (literal), (sizeof(literal) - 1)

/** Begins an `itemseal_lab_text` with a literal. */
#define ITEMSEAL_LAB_TEXT(literal) {(literal), sizeof(literal) - 1}

/** Access key and secret for the SDKs: a lab checks no signature, unless it was given credentials of its own. */
#define ITEMSEAL_LAB_ACCESS_KEY "lab"

/**
 * This header's ABI. Programs run with any library of the same number; it is the number in the library's soname.
 */
#define ITEMSEAL_LAB_ABI_VERSION 0

/**
 * What became of a call. The numbers never change; new ones may be added, so treat one that you do not know as an error.
 */
enum itemseal_lab_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success: all outputs are written.
   */
  ITEMSEAL_LAB_STATUS_OK = 0,
  /**
   * An argument that cannot be right: NULL, too long, not UTF-8, not an enumeration's number, or not a handle of the type.
   */
  ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT = 1,
  /**
   * There is no fault of this number.
   */
  ITEMSEAL_LAB_STATUS_NOT_FOUND = 2,
  /**
   * A call that cannot be right.
   */
  ITEMSEAL_LAB_STATUS_MISUSE = 10,
  /**
   * The lab's KMS or DynamoDB refused; the error has its code.
   */
  ITEMSEAL_LAB_STATUS_SERVICE = 32,
  /**
   * Not as things stand: changes still wait, or the clock moves by itself.
   */
  ITEMSEAL_LAB_STATUS_CONFLICT = 33,
  /**
   * A defect in itemseal, or a failure of the machine (no threads, no disk).
   */
  ITEMSEAL_LAB_STATUS_INTERNAL = 40,
  /**
   * A defect in itemseal: a panic, caught. Free the lab.
   */
  ITEMSEAL_LAB_STATUS_PANIC = 41,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_lab_status itemseal_lab_status;
#else
typedef uint32_t itemseal_lab_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The service that a fault concerns.
 */
enum itemseal_lab_service
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Every service.
   */
  ITEMSEAL_LAB_SERVICE_ALL = 0,
  /**
   * DynamoDB, and DynamoDB Streams.
   */
  ITEMSEAL_LAB_SERVICE_DYNAMODB = 1,
  /**
   * AWS KMS.
   */
  ITEMSEAL_LAB_SERVICE_KMS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_lab_service itemseal_lab_service;
#else
typedef uint32_t itemseal_lab_service;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a service fails, besides with an HTTP status.
 */
enum itemseal_lab_outage_mode
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Connections are closed without an answer.
   */
  ITEMSEAL_LAB_OUTAGE_MODE_REFUSE = 1,
  /**
   * There is never an answer.
   */
  ITEMSEAL_LAB_OUTAGE_MODE_HANG = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_lab_outage_mode itemseal_lab_outage_mode;
#else
typedef uint32_t itemseal_lab_outage_mode;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The type of a key attribute.
 */
enum itemseal_lab_key_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Text: S.
   */
  ITEMSEAL_LAB_KEY_TYPE_STRING = 1,
  /**
   * A number: N.
   */
  ITEMSEAL_LAB_KEY_TYPE_NUMBER = 2,
  /**
   * Bytes: B.
   */
  ITEMSEAL_LAB_KEY_TYPE_BINARY = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_lab_key_type itemseal_lab_key_type;
#else
typedef uint32_t itemseal_lab_key_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * AWS KMS and DynamoDB in several Regions, behind one endpoint. May be used by many threads. Freeing it ends it, and waits for the
 * calls that it serves, two seconds at most.
 */
typedef struct itemseal_lab itemseal_lab;

/**
 * Says what a lab is to be. One thread at a time.
 */
typedef struct itemseal_lab_builder itemseal_lab_builder;

/**
 * Why a call failed. Never changes: may be read by many threads, and freed by any.
 */
typedef struct itemseal_lab_error itemseal_lab_error;

/**
 * Text that the library made, such as a key's ARN. Never changes: may be read by many threads.
 */
typedef struct itemseal_lab_string itemseal_lab_string;

/**
 * Text that is borrowed: UTF-8, without a NUL after it. `data` may be NULL if `length` is 0.
 */
typedef struct itemseal_lab_text {
  /**
   * The first byte.
   */
  const char *data;
  /**
   * How many bytes there are.
   */
  size_t length;
} itemseal_lab_text;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The library's version, such as `0.1.0`, with a NUL at its end. It lives for ever.
 */
const char *itemseal_lab_version(void);

/**
 * The library's ABI, to compare with `ITEMSEAL_LAB_ABI_VERSION` where it was loaded at run time.
 */
uint32_t itemseal_lab_abi_version(void);

/**
 * The status that the call returned; `ITEMSEAL_LAB_STATUS_OK` if `error` is NULL.
 */
itemseal_lab_status itemseal_lab_error_status(const struct itemseal_lab_error *error);

/**
 * What is wrong and what to do, UTF-8 with a NUL at its end. It lives as long as `error`; empty if `error` is NULL.
 */
const char *itemseal_lab_error_message(const struct itemseal_lab_error *error);

/**
 * The code that KMS or DynamoDB refused with, such as `AlreadyExistsException`, or NULL. It lives as long as `error`.
 */
const char *itemseal_lab_error_code(const struct itemseal_lab_error *error);

/**
 * Frees an error. NULL is fine.
 */
void itemseal_lab_error_free(struct itemseal_lab_error *error);

/**
 * The text, UTF-8 with a NUL at its end; empty if `string` is NULL. It lives as long as `string`.
 */
const char *itemseal_lab_string_text(const struct itemseal_lab_string *string);

/**
 * Frees a string. NULL is fine.
 */
void itemseal_lab_string_free(struct itemseal_lab_string *string);

/**
 * Starts to say what a lab is to be: in memory, on any free port, on the machine's clock. It needs Regions. On success `*out` is the
 * caller's, to be freed with `itemseal_lab_builder_free`.
 */
itemseal_lab_status itemseal_lab_builder_new(struct itemseal_lab_builder **out,
                                             struct itemseal_lab_error **error);

/**
 * Adds a Region that has tables. (KMS has every Region.)
 */
itemseal_lab_status itemseal_lab_builder_region(struct itemseal_lab_builder *builder,
                                                const char *region,
                                                size_t region_length,
                                                struct itemseal_lab_error **error);

/**
 * Lets every Region have tables, as soon as it is asked for.
 */
itemseal_lab_status itemseal_lab_builder_every_region(struct itemseal_lab_builder *builder,
                                                      struct itemseal_lab_error **error);

/**
 * The port on 127.0.0.1; any free one for 0, and unless set.
 */
itemseal_lab_status itemseal_lab_builder_port(struct itemseal_lab_builder *builder,
                                              uint16_t port,
                                              struct itemseal_lab_error **error);

/**
 * Has the clock and replication stand still until `itemseal_lab_advance`, `itemseal_lab_deliver` and `itemseal_lab_converge`; the
 * clock then starts at 2026-01-01.
 */
itemseal_lab_status itemseal_lab_builder_manual(struct itemseal_lab_builder *builder,
                                                struct itemseal_lab_error **error);

/**
 * Makes key material, ids, nonces and what faults draw the same in every run.
 */
itemseal_lab_status itemseal_lab_builder_seed(struct itemseal_lab_builder *builder,
                                              uint64_t seed,
                                              struct itemseal_lab_error **error);

/**
 * Keeps tables and keys in a directory, and starts with those that are there. Key material is in it in clear.
 */
itemseal_lab_status itemseal_lab_builder_directory(struct itemseal_lab_builder *builder,
                                                   const char *path,
                                                   size_t path_length,
                                                   struct itemseal_lab_error **error);

/**
 * Refuses requests that are not signed with this access key; unless set, no signature is checked.
 */
itemseal_lab_status itemseal_lab_builder_credentials(struct itemseal_lab_builder *builder,
                                                     const char *access_key_id,
                                                     size_t access_key_id_length,
                                                     const char *secret_access_key,
                                                     size_t secret_access_key_length,
                                                     struct itemseal_lab_error **error);

/**
 * How long a new replica key is `Creating`, and a change of the primary key has keys `Updating`, in milliseconds; no time unless set.
 */
itemseal_lab_status itemseal_lab_builder_slow_keys(struct itemseal_lab_builder *builder,
                                                   uint64_t creating_ms,
                                                   uint64_t updating_ms,
                                                   struct itemseal_lab_error **error);

/**
 * Starts a lab; the builder stays as it is, and another lab can be started from it. On success `*out` is the caller's, to be freed with
 * `itemseal_lab_free`. `ITEMSEAL_LAB_STATUS_MISUSE` without Regions, if the port is taken, or if another lab has the directory.
 */
itemseal_lab_status itemseal_lab_start(const struct itemseal_lab_builder *builder,
                                       struct itemseal_lab **out,
                                       struct itemseal_lab_error **error);

/**
 * Frees a builder. NULL is fine.
 */
void itemseal_lab_builder_free(struct itemseal_lab_builder *builder);

/**
 * The endpoint's URL, such as `http://127.0.0.1:40123`, which is what `AWS_ENDPOINT_URL` is set to, with a NUL at its end. It lives as
 * long as `lab`; empty if `lab` is NULL.
 */
const char *itemseal_lab_endpoint(const struct itemseal_lab *lab);

/**
 * Asks the lab's own API, which is also at `/_lab/` of the endpoint: `method` and `path` such as `GET` and `status`, `body` JSON or
 * nothing. On success `*out` is its answer in JSON, the caller's, to be freed with `itemseal_lab_string_free`.
 */
itemseal_lab_status itemseal_lab_request(const struct itemseal_lab *lab,
                                         const char *method,
                                         size_t method_length,
                                         const char *path,
                                         size_t path_length,
                                         const char *body,
                                         size_t body_length,
                                         struct itemseal_lab_string **out,
                                         struct itemseal_lab_error **error);

/**
 * Deletes all tables, ends all faults and counts calls from 0; with `keys` other than 0 it deletes keys too. The endpoint stays.
 */
itemseal_lab_status itemseal_lab_reset(const struct itemseal_lab *lab,
                                       uint8_t keys,
                                       struct itemseal_lab_error **error);

/**
 * Ends the endpoint: calls that are being served get two seconds. What the lab has stays until it is freed. Twice is once.
 */
itemseal_lab_status itemseal_lab_stop(const struct itemseal_lab *lab,
                                      struct itemseal_lab_error **error);

/**
 * Ends a lab and frees it, with all that it has. NULL is fine.
 */
void itemseal_lab_free(struct itemseal_lab *lab);

/**
 * Makes a multi-Region key in the first of `count` Regions, with a replica in each other one. On success `*out` is its ARN in the first;
 * the others' differ in the Region only. It is the caller's, to be freed with `itemseal_lab_string_free`.
 */
itemseal_lab_status itemseal_lab_create_key(const struct itemseal_lab *lab,
                                            const struct itemseal_lab_text *regions,
                                            size_t count,
                                            struct itemseal_lab_string **out,
                                            struct itemseal_lab_error **error);

/**
 * Disables a key in one Region, or enables it, if `enabled` is not 0. `key` is its id or ARN.
 */
itemseal_lab_status itemseal_lab_set_key_enabled(const struct itemseal_lab *lab,
                                                 const char *region,
                                                 size_t region_length,
                                                 const char *key,
                                                 size_t key_length,
                                                 uint8_t enabled,
                                                 struct itemseal_lab_error **error);

/**
 * How often a KMS operation, such as `Decrypt`, was called in a Region, in `*out`.
 */
itemseal_lab_status itemseal_lab_kms_calls(const struct itemseal_lab *lab,
                                           const char *region,
                                           size_t region_length,
                                           const char *operation,
                                           size_t operation_length,
                                           uint64_t *out,
                                           struct itemseal_lab_error **error);

/**
 * A Region, or one service in it, does not answer its callers: `service` is one of `itemseal_lab_service`, `mode` one of
 * `itemseal_lab_outage_mode` or an HTTP status from 500 to 599 to answer with. Replication goes on, as it does not use the endpoint: with
 * `itemseal_lab_cut` the Region is gone altogether. Its number is in `*id`, which may be NULL.
 */
itemseal_lab_status itemseal_lab_outage(const struct itemseal_lab *lab,
                                        const char *region,
                                        size_t region_length,
                                        uint32_t service,
                                        uint32_t mode,
                                        uint64_t *id,
                                        struct itemseal_lab_error **error);

/**
 * Calls above a rate are refused as AWS does; one second's calls can be made at once, and with 0 all are refused. `service` is one of
 * `itemseal_lab_service`. `operation`, such as `PutItem`, is the one that counts; NULL for all. Its number is in `*id`, which may be NULL.
 */
itemseal_lab_status itemseal_lab_throttle(const struct itemseal_lab *lab,
                                          const char *region,
                                          size_t region_length,
                                          uint32_t service,
                                          uint32_t per_second,
                                          const char *operation,
                                          size_t operation_length,
                                          uint64_t *id,
                                          struct itemseal_lab_error **error);

/**
 * Changes take between `min_ms` and `max_ms` from Region to Region; `from` and `to` are NULL for every one. Of several that fit, the last
 * counts. Its number is in `*id`, which may be NULL.
 */
itemseal_lab_status itemseal_lab_lag(const struct itemseal_lab *lab,
                                     const char *from,
                                     size_t from_length,
                                     const char *to,
                                     size_t to_length,
                                     uint64_t min_ms,
                                     uint64_t max_ms,
                                     uint64_t *id,
                                     struct itemseal_lab_error **error);

/**
 * No replication between two Regions, or a Region and all others, if `other` is NULL; either way. Each goes on serving its callers. Its
 * number is in `*id`, which may be NULL.
 */
itemseal_lab_status itemseal_lab_cut(const struct itemseal_lab *lab,
                                     const char *region,
                                     size_t region_length,
                                     const char *other,
                                     size_t other_length,
                                     uint64_t *id,
                                     struct itemseal_lab_error **error);

/**
 * Reads without `ConsistentRead` show what the table had `by_ms` ago: a `share` of them, from 0 to 1. Its number is in `*id`, which may be
 * NULL.
 */
itemseal_lab_status itemseal_lab_stale_reads(const struct itemseal_lab *lab,
                                             const char *region,
                                             size_t region_length,
                                             uint64_t by_ms,
                                             double share,
                                             uint64_t *id,
                                             struct itemseal_lab_error **error);

/**
 * Batches leave a `share` of what they were asked for undone, from 0 to 1, and say so in `UnprocessedItems` and `UnprocessedKeys`. Its
 * number is in `*id`, which may be NULL.
 */
itemseal_lab_status itemseal_lab_unprocessed(const struct itemseal_lab *lab,
                                             const char *region,
                                             size_t region_length,
                                             double share,
                                             uint64_t *id,
                                             struct itemseal_lab_error **error);

/**
 * A Region's clock runs ahead, or behind if `by_ms` is negative. Its number is in `*id`, which may be NULL.
 */
itemseal_lab_status itemseal_lab_skew(const struct itemseal_lab *lab,
                                      const char *region,
                                      size_t region_length,
                                      int64_t by_ms,
                                      uint64_t *id,
                                      struct itemseal_lab_error **error);

/**
 * Ends one fault; `ITEMSEAL_LAB_STATUS_NOT_FOUND` if there is none of this number, or it has ended.
 */
itemseal_lab_status itemseal_lab_end_fault(const struct itemseal_lab *lab,
                                           uint64_t id,
                                           struct itemseal_lab_error **error);

/**
 * Ends every fault that names the Region, cuts and lag included; all faults if it is NULL.
 */
itemseal_lab_status itemseal_lab_restore(const struct itemseal_lab *lab,
                                         const char *region,
                                         size_t region_length,
                                         struct itemseal_lab_error **error);

/**
 * Makes a table in the first of `count` Regions, with a replica in each other one. `sort_key` is NULL if it has none; the types are of
 * `itemseal_lab_key_type`. All can be used at once. For indexes, streams and the like use an AWS SDK with the endpoint.
 */
itemseal_lab_status itemseal_lab_create_table(const struct itemseal_lab *lab,
                                              const char *name,
                                              size_t name_length,
                                              const char *partition_key,
                                              size_t partition_key_length,
                                              uint32_t partition_key_type,
                                              const char *sort_key,
                                              size_t sort_key_length,
                                              uint32_t sort_key_type,
                                              const struct itemseal_lab_text *regions,
                                              size_t count,
                                              struct itemseal_lab_error **error);

/**
 * Moves the clock of a manual lab forward; `ITEMSEAL_LAB_STATUS_CONFLICT` if the lab is none.
 */
itemseal_lab_status itemseal_lab_advance(const struct itemseal_lab *lab,
                                         uint64_t by_ms,
                                         struct itemseal_lab_error **error);

/**
 * Delivers up to `most` changes from one Region to another, oldest first, and none that is not due; how many, in `*delivered`, which
 * may be NULL.
 */
itemseal_lab_status itemseal_lab_deliver(const struct itemseal_lab *lab,
                                         const char *from,
                                         size_t from_length,
                                         const char *to,
                                         size_t to_length,
                                         uint64_t most,
                                         uint64_t *delivered,
                                         struct itemseal_lab_error **error);

/**
 * Delivers until no change waits: then all replicas are equal, if nobody writes meanwhile. It waits for nothing:
 * `ITEMSEAL_LAB_STATUS_CONFLICT`, with what waits where, if changes are not due or cannot reach a Region.
 */
itemseal_lab_status itemseal_lab_converge(const struct itemseal_lab *lab,
                                          struct itemseal_lab_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ITEMSEAL_LAB_H */
