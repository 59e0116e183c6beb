/**
 * @file itemseal.h
 * libitemseal: client-side encryption for DynamoDB items, in the AWS Database Encryption SDK's format.
 *
 * What holds for every function:
 *
 * - **Status.** A function that can fail returns an `itemseal_status`, and writes its outputs only if that is
 *   `ITEMSEAL_STATUS_OK`.
 * - **Error.** The last parameter, `error`, may be NULL. Otherwise `*error` is written on failure, and only then: the
 *   error is the caller's, to be freed with `itemseal_error_free`. It belongs to no thread, and there is no errno.
 * - **Handles** are opaque. Each is freed once, by the function named `_free` of its type; NULL is fine. What a handle
 *   was made from may be freed before it, unless its documentation says that it borrows. NULL or a handle of another type
 *   is `ITEMSEAL_STATUS_INVALID_ARGUMENT`.
 * - **Threads.** Each type says whether many threads may use one handle at the same time. Different handles never share
 *   anything that a caller has to protect. A handle is freed when no other thread uses it any more.
 * - **Inputs** are a pointer and a length in bytes (or a count, where it says so); they are read during the call only. With
 *   length 0 the pointer may be NULL. Text is UTF-8 and needs no NUL at its end: `ITEMSEAL_STR("text")` passes a literal.
 * - **Outputs** that are borrowed say how long; `itemseal_buffer` is wiped when it is freed, and so are items and values.
 * - **Panics.** A defect inside comes back as `ITEMSEAL_STATUS_PANIC`, never as an exception or an abort. Handles that many
 *   threads may use are still usable; items, values, cursors and builders that took part are to be freed.
 * - **Start and end.** There is nothing to initialise or shut down. Threads of the library's own begin with the first handle that
 *   asks AWS or functions of the program's, and stay until the process ends: from then on the library cannot be unloaded
 *   (`dlclose`). They have the signal mask of the thread that made it, and no SIGPIPE; calls wait on the thread that makes them, which
 *   gets none of theirs either.
 * - **Fork.** After a fork (without exec) a child may use items, configurations, and keyrings and encryptors that only have keys in memory.
 *   Handles that ask AWS or the program's functions belong to the process that made them: in a child they are `ITEMSEAL_STATUS_MISUSE`, may be
 *   freed (which leaks their memory there, and calls no `destroy`), and are made anew. A fork while another thread is inside this library
 *   can only be followed by exec, as for any library with locks.
 * - **Functions of the program's** say on which threads they are called. They return; exceptions and longjmp must not leave them.
 *
 * This file is made by cbindgen from bindings/c; do not edit it.
 */

#ifndef ITEMSEAL_H
#define ITEMSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Passes a literal as pointer and length. */
#define ITEMSEAL_STR(literal) (literal), (sizeof(literal) - 1)

/**
 * The first number of this header's version.
 */
#define ITEMSEAL_VERSION_MAJOR 0

/**
 * The second number of this header's version.
 */
#define ITEMSEAL_VERSION_MINOR 1

/**
 * The third number of this header's version.
 */
#define ITEMSEAL_VERSION_PATCH 0

/**
 * This header's ABI. Programs run with any library of the same number; it is the number in the library's soname.
 */
#define ITEMSEAL_ABI_VERSION 0

/**
 * What became of a call. The numbers never change; new ones may be added, so treat one that you do not know as an error.
 */
enum itemseal_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success: all outputs are written.
   */
  ITEMSEAL_STATUS_OK = 0,
  /**
   * An argument that cannot be right: NULL, too long, not UTF-8, not an enumeration's number, or not a handle of the type.
   */
  ITEMSEAL_STATUS_INVALID_ARGUMENT = 1,
  /**
   * There is no attribute or element of this name or index.
   */
  ITEMSEAL_STATUS_NOT_FOUND = 2,
  /**
   * The value is of another type than was asked for.
   */
  ITEMSEAL_STATUS_WRONG_TYPE = 3,
  /**
   * A call or a configuration that cannot be right.
   */
  ITEMSEAL_STATUS_MISUSE = 10,
  /**
   * An operation that would leak plaintext, or whose result could not be verified.
   */
  ITEMSEAL_STATUS_REFUSED = 11,
  /**
   * A limit of DynamoDB, KMS or the format is passed.
   */
  ITEMSEAL_STATUS_TOO_LARGE = 12,
  /**
   * The item was altered, or encrypted under another key or in another context. Nothing more is said.
   */
  ITEMSEAL_STATUS_AUTHENTICATION = 20,
  /**
   * The bytes or the text cannot be parsed.
   */
  ITEMSEAL_STATUS_MALFORMED = 21,
  /**
   * The item has neither header nor footer.
   */
  ITEMSEAL_STATUS_NOT_ENCRYPTED = 22,
  /**
   * The key exists, but may not be used: denied, disabled, or pending deletion.
   */
  ITEMSEAL_STATUS_KEY_DENIED = 30,
  /**
   * The key could not be reached. Worth trying again.
   */
  ITEMSEAL_STATUS_KEY_UNAVAILABLE = 31,
  /**
   * An AWS service refused the request; the error has its code and request id.
   */
  ITEMSEAL_STATUS_SERVICE = 32,
  /**
   * A condition or an optimistic lock did not hold.
   */
  ITEMSEAL_STATUS_CONFLICT = 33,
  /**
   * A defect in itemseal, or a failure of the machine (no randomness, no threads).
   */
  ITEMSEAL_STATUS_INTERNAL = 40,
  /**
   * A defect in itemseal: a panic, caught. Handles that many threads may use are still usable; items, values, cursors and
   * builders that took part are to be freed.
   */
  ITEMSEAL_STATUS_PANIC = 41,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_status itemseal_status;
#else
typedef uint32_t itemseal_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The types of values.
 */
enum itemseal_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Text: DynamoDB's S.
   */
  ITEMSEAL_TYPE_STRING = 1,
  /**
   * A number, as text: N.
   */
  ITEMSEAL_TYPE_NUMBER = 2,
  /**
   * Bytes: B.
   */
  ITEMSEAL_TYPE_BINARY = 3,
  /**
   * True or false: BOOL.
   */
  ITEMSEAL_TYPE_BOOL = 4,
  /**
   * NULL.
   */
  ITEMSEAL_TYPE_NULL = 5,
  /**
   * A set of strings: SS.
   */
  ITEMSEAL_TYPE_STRING_SET = 6,
  /**
   * A set of numbers, as text: NS.
   */
  ITEMSEAL_TYPE_NUMBER_SET = 7,
  /**
   * A set of byte strings: BS.
   */
  ITEMSEAL_TYPE_BINARY_SET = 8,
  /**
   * A list of values: L.
   */
  ITEMSEAL_TYPE_LIST = 9,
  /**
   * Values by name: M.
   */
  ITEMSEAL_TYPE_MAP = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_type itemseal_type;
#else
typedef uint32_t itemseal_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What is done with an attribute. One that is not named is encrypted and signed.
 */
enum itemseal_action
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Encrypted and signed.
   */
  ITEMSEAL_ACTION_ENCRYPT_AND_SIGN = 1,
  /**
   * In clear, and signed.
   */
  ITEMSEAL_ACTION_SIGN_ONLY = 2,
  /**
   * In clear, signed, and part of the encryption context that KMS sees. Every item must have it.
   */
  ITEMSEAL_ACTION_SIGN_AND_INCLUDE_IN_ENCRYPTION_CONTEXT = 3,
  /**
   * In clear and unsigned: anybody who can write the table can change it.
   */
  ITEMSEAL_ACTION_DO_NOTHING = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_action itemseal_action;
#else
typedef uint32_t itemseal_action;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How items are encrypted and signed. Items of either suite are read.
 */
enum itemseal_suite
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Without a digital signature: whoever may decrypt could also have written.
   */
  ITEMSEAL_SUITE_HMAC_ONLY = 26368,
  /**
   * And with an ECDSA P-384 signature under a key made for the item.
   */
  ITEMSEAL_SUITE_ECDSA_P384 = 26369,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_suite itemseal_suite;
#else
typedef uint32_t itemseal_suite;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How RSA pads what it wraps.
 */
enum itemseal_rsa_padding
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * RSAES-PKCS1-v1_5. For old items only.
   */
  ITEMSEAL_RSA_PADDING_PKCS1 = 1,
  /**
   * RSAES-OAEP with SHA-1.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA1 = 2,
  /**
   * RSAES-OAEP with SHA-256.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA256 = 3,
  /**
   * RSAES-OAEP with SHA-384.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA384 = 4,
  /**
   * RSAES-OAEP with SHA-512.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA512 = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_rsa_padding itemseal_rsa_padding;
#else
typedef uint32_t itemseal_rsa_padding;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * In which order Regions are asked.
 */
enum itemseal_region_order
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * As they are given, the home Region first.
   */
  ITEMSEAL_REGION_ORDER_AS_GIVEN = 0,
  /**
   * The one first whose answers come soonest.
   */
  ITEMSEAL_REGION_ORDER_NEAREST = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_region_order itemseal_region_order;
#else
typedef uint32_t itemseal_region_order;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How one call is made; numbers that can be added.
 */
enum itemseal_call_option
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * As usual.
   */
  ITEMSEAL_CALL_OPTION_NONE = 0,
  /**
   * The write may be carried out twice, the second time later and in another Region: it matters where writes fail over.
   */
  ITEMSEAL_CALL_OPTION_IDEMPOTENT = 1,
  /**
   * Items that do not open are reported beside the good ones, and are not the call's error.
   */
  ITEMSEAL_CALL_OPTION_REPORT_BAD_ITEMS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_call_option itemseal_call_option;
#else
typedef uint32_t itemseal_call_option;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A switch of a client that is off unless it is set.
 */
enum itemseal_table_option
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Writes go to the next Region while the home Region cannot be reached: of two writes of one item the later wins.
   */
  ITEMSEAL_TABLE_OPTION_WRITES_FAIL_OVER = 1,
  /**
   * A read that takes unusually long is sent to the next Region too, two in a hundred at most.
   */
  ITEMSEAL_TABLE_OPTION_HEDGED_READS = 2,
  /**
   * While the home Region does not answer, consistent reads are consistent with another replica, which may lack the last writes.
   */
  ITEMSEAL_TABLE_OPTION_CONSISTENT_READS_ELSEWHERE = 3,
  /**
   * Reads of an index that has parts of the items are completed from the table. Without it they are refused.
   */
  ITEMSEAL_TABLE_OPTION_COMPLETE_INDEX_READS = 4,
  /**
   * What DynamoDB leaves undone of a batch comes back at once. Without it it is sent up to eight times.
   */
  ITEMSEAL_TABLE_OPTION_HAND_BACK_UNPROCESSED = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_table_option itemseal_table_option;
#else
typedef uint32_t itemseal_table_option;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An operation of DynamoDB on items.
 */
enum itemseal_operation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Reads an item.
   */
  ITEMSEAL_OPERATION_GET_ITEM = 1,
  /**
   * Writes an item.
   */
  ITEMSEAL_OPERATION_PUT_ITEM = 2,
  /**
   * Changes attributes that are not signed; signed ones are refused: `itemseal_table_update` changes them.
   */
  ITEMSEAL_OPERATION_UPDATE_ITEM = 3,
  /**
   * Deletes an item.
   */
  ITEMSEAL_OPERATION_DELETE_ITEM = 4,
  /**
   * A page of items with one partition key.
   */
  ITEMSEAL_OPERATION_QUERY = 5,
  /**
   * A page of a table or an index.
   */
  ITEMSEAL_OPERATION_SCAN = 6,
  /**
   * Reads up to 100 items.
   */
  ITEMSEAL_OPERATION_BATCH_GET_ITEM = 7,
  /**
   * Writes and deletes up to 25 items.
   */
  ITEMSEAL_OPERATION_BATCH_WRITE_ITEM = 8,
  /**
   * Reads up to 100 items as they were at one time.
   */
  ITEMSEAL_OPERATION_TRANSACT_GET_ITEMS = 9,
  /**
   * Writes up to 100 items, or none.
   */
  ITEMSEAL_OPERATION_TRANSACT_WRITE_ITEMS = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_operation itemseal_operation;
#else
typedef uint32_t itemseal_operation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How much is told. Each level tells what those above it tell, too.
 */
enum itemseal_log_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * What went wrong and nobody else says.
   */
  ITEMSEAL_LOG_LEVEL_ERROR = 1,
  /**
   * What may go wrong soon.
   */
  ITEMSEAL_LOG_LEVEL_WARN = 2,
  /**
   * What happens seldom.
   */
  ITEMSEAL_LOG_LEVEL_INFO = 3,
  /**
   * Each call to AWS, with operation, Region, error code and time; and when another Region answered than the home Region.
   */
  ITEMSEAL_LOG_LEVEL_DEBUG = 4,
  /**
   * What is counted.
   */
  ITEMSEAL_LOG_LEVEL_TRACE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_log_level itemseal_log_level;
#else
typedef uint32_t itemseal_log_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Takes what a function of the program's answers. The library makes it and frees it: it may be used until that function returns, by one
 * thread at a time. The function returns `ITEMSEAL_STATUS_OK`, or why it failed: the call that needed it then fails with that status
 * (with `ITEMSEAL_STATUS_INTERNAL` if it is none of 10 and above).
 */
typedef struct itemseal_answer itemseal_answer;

/**
 * Builds an `itemseal_aws_config`. One thread at a time. What is not said is as in AWS's standard credential chain and environment.
 */
typedef struct itemseal_aws_builder itemseal_aws_builder;

/**
 * How AWS is reached: credentials, endpoint, timeouts. Never changes: may be used by many threads, in the process that made it.
 * What is made with it keeps what it needs, so it may be freed before that; it shares its connections.
 *
 * Functions that take one take NULL too: then AWS's standard credential chain (environment, profiles, web identity, container,
 * instance) and `AWS_ENDPOINT_URL` are used as the process has them when they are needed first. One of the program's own, from
 * `itemseal_aws_builder_new`, reads them when it is built.
 */
typedef struct itemseal_aws_config itemseal_aws_config;

/**
 * Bytes that the library made, such as an item in JSON. Never changes: may be read by many threads. Freeing it wipes it.
 */
typedef struct itemseal_buffer itemseal_buffer;

/**
 * How one table's items are encrypted: keys, actions, suite. Never changes: may be used by many threads. What is made with it keeps
 * what it needs, so it may be freed before that.
 */
typedef struct itemseal_config itemseal_config;

/**
 * Builds a configuration. One thread at a time.
 */
typedef struct itemseal_config_builder itemseal_config_builder;

/**
 * Tables and their keyring, as a file in TOML says them; the same file serves every language. Never changes: may be used by many
 * threads. What is made with it keeps what it needs, so it may be freed before that.
 */
typedef struct itemseal_config_file itemseal_config_file;

/**
 * Goes through names and values. One thread at a time; borrowed from the item or value, so to be used no more once that is
 * changed or freed. It may be freed after it.
 */
typedef struct itemseal_cursor itemseal_cursor;

/**
 * What a stored item says about itself without any key. Nothing of it is verified. Never changes: may be read by many threads.
 */
typedef struct itemseal_description itemseal_description;

/**
 * Encrypts and decrypts the items of one table. Never changes: may be used by many threads, without a lock. The calling thread waits
 * where the keyring has to ask AWS or the program.
 */
typedef struct itemseal_encryptor itemseal_encryptor;

/**
 * Why a call failed. Never changes: may be read by many threads, and freed by any. It holds no plaintext and no key, but for what
 * `itemseal_error_found` gives, which freeing it wipes.
 */
typedef struct itemseal_error itemseal_error;

/**
 * An item: attributes by name. One thread at a time; many threads may read it while nobody changes it. Freeing it wipes its
 * values.
 */
typedef struct itemseal_item itemseal_item;

/**
 * The items of a query or a scan, opened, page after page. One thread at a time, in the process that made it; the table may be freed
 * before it. After an error that is retryable it may be asked again, and goes on with the page that failed: no item is left out.
 */
typedef struct itemseal_items itemseal_items;

/**
 * A table of branch keys, for `itemseal_keyring_hierarchical`. Never changes: may be used by many threads, in the process that made it.
 * What is made with it keeps what it needs, so it may be freed before that.
 */
typedef struct itemseal_key_store itemseal_key_store;

/**
 * Whose key items' data keys are wrapped under. Never changes: may be used by many threads. What is made with it keeps what it
 * needs, so it may be freed before that. Keys in it are wiped when the last that uses it is freed. One that asks AWS or the program's own
 * functions belongs to the process that made it.
 */
typedef struct itemseal_keyring itemseal_keyring;

/**
 * A DynamoDB client for encrypted tables. Items are encrypted and signed before they are sent, and verified and opened when they arrive.
 * Reads go to the first Region that answers; writes stay in the home Region unless failover is chosen. Never changes: may be used by many
 * threads, in the process that made it; the calling thread waits. Errors name the Region, and the attribute they are about.
 */
typedef struct itemseal_table itemseal_table;

/**
 * Builds an `itemseal_table`. One thread at a time, in the process that made it.
 */
typedef struct itemseal_table_builder itemseal_table_builder;

/**
 * A value that is in no item yet: for lists and maps, built from the inside. One thread at a time. Freeing it wipes it.
 */
typedef struct itemseal_value itemseal_value;

/**
 * Bytes that are borrowed. `data` may be NULL if `length` is 0.
 */
typedef struct itemseal_bytes {
  /**
   * The first byte.
   */
  const uint8_t *data;
  /**
   * How many bytes there are.
   */
  size_t length;
} itemseal_bytes;

/**
 * A value where it is, in an item or a value: borrowed until that is changed or freed. To be passed on by value; its
 * fields are the library's own.
 */
typedef struct itemseal_view {
  /**
   * Not to be used.
   */
  const void *value;
  /**
   * Not to be used.
   */
  size_t check;
} itemseal_view;

/**
 * Text that is borrowed: UTF-8, without a NUL after it, and it may hold NULs. `data` may be NULL if `length` is 0.
 */
typedef struct itemseal_text {
  /**
   * The first byte.
   */
  const char *data;
  /**
   * How many bytes there are.
   */
  size_t length;
} itemseal_text;

/**
 * A description's numbers.
 */
typedef struct itemseal_description_numbers {
  /**
   * The version of the format, 1 or 2.
   */
  uint32_t format_version;
  /**
   * The suite that the item was written with, one of `itemseal_suite`.
   */
  uint32_t suite;
  /**
   * How many attributes are encrypted and signed.
   */
  size_t encrypted_attributes;
  /**
   * How many attributes are in clear and signed.
   */
  size_t signed_attributes;
  /**
   * How many bytes encryption added.
   */
  size_t overhead_bytes;
  /**
   * How many encrypted data keys there are.
   */
  size_t data_keys;
  /**
   * How many entries of the encryption context are stored.
   */
  size_t context_entries;
} itemseal_description_numbers;

/**
 * How AWS KMS is asked. All zero is what holds where NULL is passed instead. It is read during the call only.
 */
typedef struct itemseal_kms_options {
  /**
   * Grant tokens that are sent with each call: as good as permissions.
   */
  const struct itemseal_text *grant_tokens;
  /**
   * How many there are.
   */
  size_t grant_token_count;
  /**
   * The most time for one item over all Regions, in milliseconds; 0 is 5,000.
   */
  uint32_t deadline_ms;
  /**
   * The most time that one Region may take while others are left, in milliseconds; 0 is 800. `itemseal_keyring_mrk` only.
   */
  uint32_t most_per_region_ms;
  /**
   * One of `itemseal_region_order`. `itemseal_keyring_mrk` only.
   */
  uint32_t order;
} itemseal_kms_options;

/**
 * A name and a text, of an encryption context.
 */
typedef struct itemseal_context_entry {
  /**
   * Its name.
   */
  struct itemseal_text name;
  /**
   * Its value.
   */
  struct itemseal_text value;
} itemseal_context_entry;

/**
 * What a caching keyring may remember. All zero is what holds where NULL is passed instead. It is read during the call only.
 */
typedef struct itemseal_cache_limits {
  /**
   * How long a data key may be used, in milliseconds; 0 is 60,000. For that time it has no effect that a permission was taken away.
   */
  uint32_t most_age_ms;
  /**
   * How many items one data key may open; 0 is 100.
   */
  uint64_t most_uses;
  /**
   * How many data keys there may be; 0 is 1,000.
   */
  size_t most_entries;
} itemseal_cache_limits;

/**
 * Wraps `key`, 32 bytes, under a key of the program's, and gives the wrapped key and its info with `itemseal_answer_key`. `context` is the
 * item's encryption context, in the order of its names: where the key service can, it binds it to the wrapped key.
 */
typedef uint32_t (*itemseal_wrap_key_fn)(void *userdata,
                                         struct itemseal_bytes key,
                                         const struct itemseal_context_entry *context,
                                         size_t context_count,
                                         struct itemseal_answer *answer);

/**
 * Unwraps `wrapped`, of which `info` was stored, and gives the 32 bytes with `itemseal_answer_key`. Both come from the table: whoever can
 * write it chooses them. `ITEMSEAL_STATUS_AUTHENTICATION` says that it does not unwrap; then the next wrapped key of the item is tried.
 */
typedef uint32_t (*itemseal_unwrap_key_fn)(void *userdata,
                                           struct itemseal_bytes info,
                                           struct itemseal_bytes wrapped,
                                           const struct itemseal_context_entry *context,
                                           size_t context_count,
                                           struct itemseal_answer *answer);

/**
 * Frees a program's userdata.
 */
typedef void (*itemseal_destroy_fn)(void *userdata);

/**
 * The program's own key service.
 *
 * `wrap_key` and `unwrap_key` are called on threads of the library's that are there for calls which wait, never on the thread that
 * encrypts or decrypts, and **several at the same time**: what `userdata` points to is protected by the program. They may wait as long as they
 * must: the calls that need them wait with them, without a limit, and nothing else does (up to 512 of them at a time; more wait for
 * their turn). They may call this library, for other keyrings than this one. What is passed to them may be read until they return;
 * the key is wiped then. They return an `itemseal_status`, and say more with `itemseal_answer_message`.
 * They must return: a C++ exception or a longjmp out of them ends the program.
 */
typedef struct itemseal_key_provider {
  /**
   * Passed to each function; may be NULL.
   */
  void *userdata;
  /**
   * Wraps a key. Required.
   */
  itemseal_wrap_key_fn wrap_key;
  /**
   * Unwraps a key. Required.
   */
  itemseal_unwrap_key_fn unwrap_key;
  /**
   * Called once, from any thread, when the keyring and all that was made with it is freed and no call is under way any more. May be
   * NULL. It is not called if the keyring could not be made: `userdata` is still the program's then.
   */
  itemseal_destroy_fn destroy;
} itemseal_key_provider;

/**
 * How a hierarchical keyring uses branch keys. All zero is what holds where NULL is passed instead. It is read during the call only.
 */
typedef struct itemseal_branch_key_limits {
  /**
   * How long a branch key is used before it is asked for again, in milliseconds; 0 is 600,000.
   */
  uint32_t ttl_ms;
  /**
   * How long it is used at most while nobody answers, in milliseconds; 0 is six times the ttl.
   */
  uint32_t most_age_ms;
  /**
   * How many branch key versions are kept; 0 is 1,000.
   */
  size_t most_entries;
} itemseal_branch_key_limits;

/**
 * Takes a line: UTF-8 of `length` bytes, with a NUL after it, until it returns. `level` is one of `itemseal_log_level`.
 */
typedef void (*itemseal_log_fn)(void *userdata, uint32_t level, const char *message, size_t length);

/**
 * Takes an item, which lives until the function returns; `*go_on` is true, and false ends the loop.
 */
typedef uint32_t (*itemseal_item_fn)(void *userdata,
                                     const struct itemseal_item *item,
                                     bool *go_on,
                                     struct itemseal_answer *answer);

/**
 * Changes `item` in place, with `itemseal_item_set_string` and the like. `found` says whether it was there; if not, it has its key only.
 * `*write` is true; false leaves what is stored as it is. `item` lives until the function returns.
 */
typedef uint32_t (*itemseal_change_fn)(void *userdata,
                                       struct itemseal_item *item,
                                       bool found,
                                       bool *write,
                                       struct itemseal_answer *answer);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The library's version, such as `0.1.0`, with a NUL at its end. It lives for ever.
 */
const char *itemseal_version(void);

/**
 * The library's ABI, to compare with `ITEMSEAL_ABI_VERSION` where it was loaded at run time.
 */
uint32_t itemseal_abi_version(void);

/**
 * The status that the call returned; `ITEMSEAL_STATUS_OK` if `error` is NULL.
 */
itemseal_status itemseal_error_status(const struct itemseal_error *error);

/**
 * What is wrong and what to do, in one sentence, UTF-8 with a NUL at its end. It lives as long as `error`; empty if `error`
 * is NULL.
 */
const char *itemseal_error_message(const struct itemseal_error *error);

/**
 * The name of the attribute that the error is about, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_attribute(const struct itemseal_error *error);

/**
 * The AWS Region that answered, or did not, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_region(const struct itemseal_error *error);

/**
 * The AWS service's error code, such as `DisabledException`, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_code(const struct itemseal_error *error);

/**
 * The AWS service's request id, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_request_id(const struct itemseal_error *error);

/**
 * Whether the same call can succeed later, or in another Region.
 */
bool itemseal_error_is_retryable(const struct itemseal_error *error);

/**
 * What DynamoDB found when a condition did not hold, if the request asked for it (`ReturnValuesOnConditionCheckFailure`) and it opens:
 * `{"Item"}` in JSON; of a transaction `{"CancellationReasons": [{"Code", "Item"}]}`, one for each part. Bytes of length 0 if there is nothing.
 * They live as long as `error`, without a NUL.
 */
struct itemseal_bytes itemseal_error_found(const struct itemseal_error *error);

/**
 * Frees an error. NULL is fine.
 */
void itemseal_error_free(struct itemseal_error *error);

/**
 * The buffer's bytes, in `*out`. They live as long as `buffer`.
 */
itemseal_status itemseal_buffer_bytes(const struct itemseal_buffer *buffer,
                                      struct itemseal_bytes *out,
                                      struct itemseal_error **error);

/**
 * Wipes a buffer and frees it. NULL is fine.
 */
void itemseal_buffer_free(struct itemseal_buffer *buffer);

/**
 * Makes an item without attributes. On success `*out` is the caller's, to be freed with `itemseal_item_free`.
 */
itemseal_status itemseal_item_new(struct itemseal_item **out,
                                  struct itemseal_error **error);

/**
 * Copies an item. On success `*out` is the caller's, to be freed with `itemseal_item_free`.
 */
itemseal_status itemseal_item_clone(const struct itemseal_item *item,
                                    struct itemseal_item **out,
                                    struct itemseal_error **error);

/**
 * Takes an attribute out of an item and wipes it. That there is none is no error.
 */
itemseal_status itemseal_item_remove(struct itemseal_item *item,
                                     const char *name,
                                     size_t name_length,
                                     struct itemseal_error **error);

/**
 * Wipes an item's values and frees it, and with it all that was borrowed from it. NULL is fine.
 */
void itemseal_item_free(struct itemseal_item *item);

/**
 * Reads an item in CBOR (RFC 8949): the shape of DynamoDB JSON, with `B` and the elements of `BS` as byte strings. On success `*out`
 * is the caller's, to be freed with `itemseal_item_free`; `ITEMSEAL_STATUS_MALFORMED` if it is none.
 */
itemseal_status itemseal_item_from_cbor(const uint8_t *cbor,
                                        size_t cbor_length,
                                        struct itemseal_item **out,
                                        struct itemseal_error **error);

/**
 * An item in CBOR, in the order of the names. On success `*out` is the caller's, to be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_item_to_cbor(const struct itemseal_item *item,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Starts before an item's first attribute. On success `*out` is the caller's, to be freed with `itemseal_cursor_free`.
 */
itemseal_status itemseal_cursor_of_item(const struct itemseal_item *item,
                                        struct itemseal_cursor **out,
                                        struct itemseal_error **error);

/**
 * Starts before a map's (M) first entry. On success `*out` is the caller's, to be freed with `itemseal_cursor_free`.
 */
itemseal_status itemseal_cursor_of_map(struct itemseal_view view,
                                       struct itemseal_cursor **out,
                                       struct itemseal_error **error);

/**
 * Goes on to the next name and value, and says in `*found` whether there is one. If not, `*name` and `*value` are not written.
 * Both are borrowed from the item or value that the cursor goes through, not from the cursor. `name` and `value` may be NULL.
 */
itemseal_status itemseal_cursor_next(struct itemseal_cursor *cursor,
                                     bool *found,
                                     struct itemseal_text *name,
                                     struct itemseal_view *value,
                                     struct itemseal_error **error);

/**
 * Frees a cursor. NULL is fine.
 */
void itemseal_cursor_free(struct itemseal_cursor *cursor);

/**
 * How many attributes an item has, in `*out`.
 */
itemseal_status itemseal_item_count(const struct itemseal_item *item,
                                    size_t *out,
                                    struct itemseal_error **error);

/**
 * An item's size in bytes, in `*out`, as DynamoDB counts it against its limit of 409,600.
 */
itemseal_status itemseal_item_size_bytes(const struct itemseal_item *item,
                                         size_t *out,
                                         struct itemseal_error **error);

/**
 * An attribute's value, in `*out`: borrowed until the item is changed or freed. `ITEMSEAL_STATUS_NOT_FOUND` if there is none of
 * this name.
 */
itemseal_status itemseal_item_get(const struct itemseal_item *item,
                                  const char *name,
                                  size_t name_length,
                                  struct itemseal_view *out,
                                  struct itemseal_error **error);

/**
 * The text of an attribute that is a string (S), in `*out`: borrowed until the item is changed or freed.
 */
itemseal_status itemseal_item_get_string(const struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         struct itemseal_text *out,
                                         struct itemseal_error **error);

/**
 * The text of an attribute that is a number (N), in `*out`: borrowed until the item is changed or freed.
 */
itemseal_status itemseal_item_get_number(const struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         struct itemseal_text *out,
                                         struct itemseal_error **error);

/**
 * The bytes of an attribute that is binary (B), in `*out`: borrowed until the item is changed or freed.
 */
itemseal_status itemseal_item_get_binary(const struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         struct itemseal_bytes *out,
                                         struct itemseal_error **error);

/**
 * An attribute that is true or false (BOOL), in `*out`.
 */
itemseal_status itemseal_item_get_bool(const struct itemseal_item *item,
                                       const char *name,
                                       size_t name_length,
                                       bool *out,
                                       struct itemseal_error **error);

/**
 * Reads an item in DynamoDB JSON, `{"OrderID": {"S": "12345"}}`. On success `*out` is the caller's, to be freed with
 * `itemseal_item_free`; `ITEMSEAL_STATUS_MALFORMED`, with line and column, if it is none.
 */
itemseal_status itemseal_item_from_json(const char *json,
                                        size_t json_length,
                                        struct itemseal_item **out,
                                        struct itemseal_error **error);

/**
 * An item in DynamoDB JSON, on one line, in the order of the names, without a NUL at its end. On success `*out` is the caller's, to
 * be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_item_to_json(const struct itemseal_item *item,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Sets an attribute to text (S). Name and text are copied; what the attribute was before is wiped.
 */
itemseal_status itemseal_item_set_string(struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         const char *text,
                                         size_t text_length,
                                         struct itemseal_error **error);

/**
 * Sets an attribute to a number (N), given as text such as `-0.5` or `1E3`: at most 38 significant digits. It is kept as given,
 * and checked when the item is encrypted.
 */
itemseal_status itemseal_item_set_number(struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         const char *number,
                                         size_t number_length,
                                         struct itemseal_error **error);

/**
 * Sets an attribute to a number (N) that is whole.
 */
itemseal_status itemseal_item_set_int64(struct itemseal_item *item,
                                        const char *name,
                                        size_t name_length,
                                        int64_t number,
                                        struct itemseal_error **error);

/**
 * Sets an attribute to bytes (B), which are copied.
 */
itemseal_status itemseal_item_set_binary(struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         const uint8_t *data,
                                         size_t data_length,
                                         struct itemseal_error **error);

/**
 * Sets an attribute to true or false (BOOL): any number but 0 is true.
 */
itemseal_status itemseal_item_set_bool(struct itemseal_item *item,
                                       const char *name,
                                       size_t name_length,
                                       uint8_t value,
                                       struct itemseal_error **error);

/**
 * Sets an attribute to null (NULL).
 */
itemseal_status itemseal_item_set_null(struct itemseal_item *item,
                                       const char *name,
                                       size_t name_length,
                                       struct itemseal_error **error);

/**
 * Sets an attribute to what is in `value`, of any type. It is moved, not copied: `value` is null afterwards, stays the caller's,
 * and is still to be freed.
 */
itemseal_status itemseal_item_set_value(struct itemseal_item *item,
                                        const char *name,
                                        size_t name_length,
                                        struct itemseal_value *value,
                                        struct itemseal_error **error);

/**
 * Sets an attribute to a set of strings (SS): `count` elements, which are copied. That no two are equal is checked when the item
 * is encrypted.
 */
itemseal_status itemseal_item_set_string_set(struct itemseal_item *item,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_text *elements,
                                             size_t count,
                                             struct itemseal_error **error);

/**
 * Sets an attribute to a set of numbers (NS), given as text: `count` elements, which are copied. They are checked when the item is
 * encrypted.
 */
itemseal_status itemseal_item_set_number_set(struct itemseal_item *item,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_text *elements,
                                             size_t count,
                                             struct itemseal_error **error);

/**
 * Sets an attribute to a set of byte strings (BS): `count` elements, which are copied. That no two are equal is checked when the
 * item is encrypted.
 */
itemseal_status itemseal_item_set_binary_set(struct itemseal_item *item,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_bytes *elements,
                                             size_t count,
                                             struct itemseal_error **error);

/**
 * Makes text (S), which is copied. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_string(const char *text,
                                      size_t text_length,
                                      struct itemseal_value **out,
                                      struct itemseal_error **error);

/**
 * Makes a number (N), given as text as for `itemseal_item_set_number`. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_number(const char *number,
                                      size_t number_length,
                                      struct itemseal_value **out,
                                      struct itemseal_error **error);

/**
 * Makes bytes (B), which are copied. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_binary(const uint8_t *data,
                                      size_t data_length,
                                      struct itemseal_value **out,
                                      struct itemseal_error **error);

/**
 * Makes true or false (BOOL): any number but 0 is true. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_bool(uint8_t value,
                                    struct itemseal_value **out,
                                    struct itemseal_error **error);

/**
 * Makes null (NULL). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_null(struct itemseal_value **out, struct itemseal_error **error);

/**
 * Makes a set of strings (SS) of `count` elements, which are copied. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_string_set(const struct itemseal_text *elements,
                                          size_t count,
                                          struct itemseal_value **out,
                                          struct itemseal_error **error);

/**
 * Makes a set of numbers (NS), given as text, of `count` elements, which are copied. On success `*out` is the caller's, to be freed
 * with `itemseal_value_free`.
 */
itemseal_status itemseal_value_number_set(const struct itemseal_text *elements,
                                          size_t count,
                                          struct itemseal_value **out,
                                          struct itemseal_error **error);

/**
 * Makes a set of byte strings (BS) of `count` elements, which are copied. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_binary_set(const struct itemseal_bytes *elements,
                                          size_t count,
                                          struct itemseal_value **out,
                                          struct itemseal_error **error);

/**
 * Makes an empty list (L). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_list(struct itemseal_value **out,
                                    struct itemseal_error **error);

/**
 * Makes an empty map (M). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_map(struct itemseal_value **out,
                                   struct itemseal_error **error);

/**
 * Copies a value of an item. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_copy_of(struct itemseal_view view,
                                       struct itemseal_value **out,
                                       struct itemseal_error **error);

/**
 * Adds `element` at the end of `list`. It is moved, not copied: `element` is null afterwards, stays the caller's, and is still to
 * be freed. A value is at most 32 levels deep.
 */
itemseal_status itemseal_value_push(struct itemseal_value *list,
                                    struct itemseal_value *element,
                                    struct itemseal_error **error);

/**
 * Sets an entry of `map` to `element`. It is moved, not copied: `element` is null afterwards, stays the caller's, and is still to be
 * freed. A value is at most 32 levels deep.
 */
itemseal_status itemseal_value_set(struct itemseal_value *map,
                                   const char *name,
                                   size_t name_length,
                                   struct itemseal_value *element,
                                   struct itemseal_error **error);

/**
 * Wipes a value and frees it. NULL is fine.
 */
void itemseal_value_free(struct itemseal_value *value);

/**
 * The value's type, in `*out`.
 */
itemseal_status itemseal_view_type(struct itemseal_view view,
                                   itemseal_type *out,
                                   struct itemseal_error **error);

/**
 * The text of a string (S), in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_string(struct itemseal_view view,
                                     struct itemseal_text *out,
                                     struct itemseal_error **error);

/**
 * The text of a number (N), in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_number(struct itemseal_view view,
                                     struct itemseal_text *out,
                                     struct itemseal_error **error);

/**
 * The bytes of a binary value (B), in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_binary(struct itemseal_view view,
                                     struct itemseal_bytes *out,
                                     struct itemseal_error **error);

/**
 * True or false (BOOL), in `*out`.
 */
itemseal_status itemseal_view_bool(struct itemseal_view view,
                                   bool *out,
                                   struct itemseal_error **error);

/**
 * A view of a value that is in no item yet, in `*out`: borrowed until `value` is changed, moved or freed.
 */
itemseal_status itemseal_value_view(const struct itemseal_value *value,
                                    struct itemseal_view *out,
                                    struct itemseal_error **error);

/**
 * How many elements a set, list or map has, in `*out`.
 */
itemseal_status itemseal_view_count(struct itemseal_view view,
                                    size_t *out,
                                    struct itemseal_error **error);

/**
 * An element of a set of strings or of numbers (SS, NS), counted from 0, in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_text_at(struct itemseal_view view,
                                      size_t index,
                                      struct itemseal_text *out,
                                      struct itemseal_error **error);

/**
 * An element of a set of byte strings (BS), counted from 0, in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_binary_at(struct itemseal_view view,
                                        size_t index,
                                        struct itemseal_bytes *out,
                                        struct itemseal_error **error);

/**
 * An element of a list (L), counted from 0, in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_at(struct itemseal_view view,
                                 size_t index,
                                 struct itemseal_view *out,
                                 struct itemseal_error **error);

/**
 * An entry of a map (M), in `*out`: borrowed as long as the view. `ITEMSEAL_STATUS_NOT_FOUND` if there is none of this name.
 */
itemseal_status itemseal_view_get(struct itemseal_view view,
                                  const char *name,
                                  size_t name_length,
                                  struct itemseal_view *out,
                                  struct itemseal_error **error);

/**
 * Answers with a key. A `itemseal_wrap_key_fn` gives the wrapped key, and in `info` what it needs to know to unwrap it again, such as
 * which of its keys it was: both are stored with the item in clear. A `itemseal_unwrap_key_fn` gives the key as it was before it was wrapped, and no
 * `info` (NULL). Both are copied, and the copy of a key is wiped; the last answer counts.
 */
itemseal_status itemseal_answer_key(struct itemseal_answer *answer,
                                    const uint8_t *info,
                                    size_t info_length,
                                    const uint8_t *key,
                                    size_t key_length,
                                    struct itemseal_error **error);

/**
 * Says why the function fails, in a sentence for the error's message; it should name no secret. `retryable` says whether the same call can
 * succeed later: `itemseal_error_is_retryable` gives it back, and it is so in any case with `ITEMSEAL_STATUS_KEY_UNAVAILABLE`.
 */
itemseal_status itemseal_answer_message(struct itemseal_answer *answer,
                                        const char *message,
                                        size_t message_length,
                                        bool retryable,
                                        struct itemseal_error **error);

/**
 * Frees it. NULL is fine.
 */
void itemseal_aws_config_free(struct itemseal_aws_config *aws);

/**
 * Starts with nothing said. On success `*out` is the caller's, to be freed with `itemseal_aws_builder_free`.
 */
itemseal_status itemseal_aws_builder_new(struct itemseal_aws_builder **out,
                                         struct itemseal_error **error);

/**
 * The AWS Region of tables and key stores for which no other is given. KMS keys have theirs in their ARNs.
 */
itemseal_status itemseal_aws_builder_region(struct itemseal_aws_builder *builder,
                                            const char *region,
                                            size_t region_length,
                                            struct itemseal_error **error);

/**
 * The profile of AWS's configuration files.
 */
itemseal_status itemseal_aws_builder_profile(struct itemseal_aws_builder *builder,
                                             const char *name,
                                             size_t name_length,
                                             struct itemseal_error **error);

/**
 * The URL of every service in every Region, such as the lab's. Plain HTTP is refused unless it goes to this machine, or is allowed with
 * `itemseal_aws_builder_allow_insecure_endpoint`.
 */
itemseal_status itemseal_aws_builder_endpoint_url(struct itemseal_aws_builder *builder,
                                                  const char *url,
                                                  size_t url_length,
                                                  struct itemseal_error **error);

/**
 * Allows plain HTTP for KMS to one host and port, as `http://host:port`. Whoever is on the way to that host can read every data key.
 */
itemseal_status itemseal_aws_builder_allow_insecure_endpoint(struct itemseal_aws_builder *builder,
                                                             const char *url,
                                                             size_t url_length,
                                                             struct itemseal_error **error);

/**
 * Credentials that never change, in place of the standard chain. `session_token` may be NULL. They are copied.
 */
itemseal_status itemseal_aws_builder_credentials(struct itemseal_aws_builder *builder,
                                                 const char *access_key_id,
                                                 size_t access_key_id_length,
                                                 const char *secret_access_key,
                                                 size_t secret_access_key_length,
                                                 const char *session_token,
                                                 size_t session_token_length,
                                                 struct itemseal_error **error);

/**
 * The most time in milliseconds to connect, and for one request in one Region; 0 leaves either as AWS has it. How long a whole call may
 * take over all its Regions is said to keyrings (`itemseal_kms_options`) and tables.
 */
itemseal_status itemseal_aws_builder_timeouts(struct itemseal_aws_builder *builder,
                                              uint32_t connect_ms,
                                              uint32_t request_ms,
                                              struct itemseal_error **error);

/**
 * Reads AWS's environment and configuration files for what was not said; the builder stays as it is. Nothing is asked of AWS yet. On
 * success `*out` is the caller's, to be freed with `itemseal_aws_config_free`; `ITEMSEAL_STATUS_REFUSED` for an endpoint without HTTPS on another
 * machine.
 */
itemseal_status itemseal_aws_builder_build(const struct itemseal_aws_builder *builder,
                                           struct itemseal_aws_config **out,
                                           struct itemseal_error **error);

/**
 * Frees a builder. NULL is fine.
 */
void itemseal_aws_builder_free(struct itemseal_aws_builder *builder);

/**
 * The name that is bound into every item, in `*out`: borrowed as long as `config`.
 */
itemseal_status itemseal_config_logical_name(const struct itemseal_config *config,
                                             struct itemseal_text *out,
                                             struct itemseal_error **error);

/**
 * Frees a configuration. NULL is fine.
 */
void itemseal_config_free(struct itemseal_config *config);

/**
 * Starts the configuration of the table with this logical name: its name, unless it was restored or copied under another; then what
 * it was. On success `*out` is the caller's, to be freed with `itemseal_config_builder_free`.
 */
itemseal_status itemseal_config_builder_new(const char *logical_name,
                                            size_t logical_name_length,
                                            struct itemseal_config_builder **out,
                                            struct itemseal_error **error);

/**
 * Names the partition key attribute. Required. It stays in clear and is signed.
 */
itemseal_status itemseal_config_builder_partition_key(struct itemseal_config_builder *builder,
                                                      const char *name,
                                                      size_t name_length,
                                                      struct itemseal_error **error);

/**
 * Names the sort key attribute, if the table has one. It stays in clear and is signed.
 */
itemseal_status itemseal_config_builder_sort_key(struct itemseal_config_builder *builder,
                                                 const char *name,
                                                 size_t name_length,
                                                 struct itemseal_error **error);

/**
 * Says what is done with an attribute: `action` is one of `itemseal_action`. A name that is given two actions is an error of
 * `itemseal_config_builder_build`.
 */
itemseal_status itemseal_config_builder_action(struct itemseal_config_builder *builder,
                                               const char *name,
                                               size_t name_length,
                                               uint32_t action,
                                               struct itemseal_error **error);

/**
 * Leaves every attribute whose name starts so in clear and unsigned, such as `:`.
 */
itemseal_status itemseal_config_builder_unsigned_prefix(struct itemseal_config_builder *builder,
                                                        const char *prefix,
                                                        size_t prefix_length,
                                                        struct itemseal_error **error);

/**
 * Says which suite items are written with: `suite` is one of `itemseal_suite`. `ITEMSEAL_SUITE_ECDSA_P384` unless set.
 */
itemseal_status itemseal_config_builder_suite(struct itemseal_config_builder *builder,
                                              uint32_t suite,
                                              struct itemseal_error **error);

/**
 * Checks what was said and makes the configuration; the builder stays as it is. On success `*out` is the caller's, to be freed with
 * `itemseal_config_free`; `ITEMSEAL_STATUS_MISUSE`, with the attribute's name, if it cannot be right.
 */
itemseal_status itemseal_config_builder_build(const struct itemseal_config_builder *builder,
                                              struct itemseal_config **out,
                                              struct itemseal_error **error);

/**
 * Frees a builder. NULL is fine.
 */
void itemseal_config_builder_free(struct itemseal_config_builder *builder);

/**
 * Reads a file. Paths in it are relative to the folder that it is in. On success `*out` is the caller's, to be freed with
 * `itemseal_config_file_free`; `ITEMSEAL_STATUS_MISUSE`, with file and field, if it cannot be read or cannot be right.
 */
itemseal_status itemseal_config_file_read(const char *path,
                                          size_t path_length,
                                          struct itemseal_config_file **out,
                                          struct itemseal_error **error);

/**
 * Parses TOML. Paths in it are relative to `folder`, which is the working directory if it is NULL. On success `*out` is the caller's, to
 * be freed with `itemseal_config_file_free`; `ITEMSEAL_STATUS_MISUSE`, with line or field, if it cannot be right.
 */
itemseal_status itemseal_config_file_parse(const char *toml,
                                           size_t toml_length,
                                           const char *folder,
                                           size_t folder_length,
                                           struct itemseal_config_file **out,
                                           struct itemseal_error **error);

/**
 * How many tables the file has, in `*out`.
 */
itemseal_status itemseal_config_file_table_count(const struct itemseal_config_file *file,
                                                 size_t *out,
                                                 struct itemseal_error **error);

/**
 * A table's name in DynamoDB, counted from 0 in the order of the names, in `*out`: borrowed as long as `file`.
 */
itemseal_status itemseal_config_file_table_name(const struct itemseal_config_file *file,
                                                size_t index,
                                                struct itemseal_text *out,
                                                struct itemseal_error **error);

/**
 * How a table is encrypted, by its name in DynamoDB; NULL, if the file has one table only. On success `*out` is the caller's, to be
 * freed with `itemseal_config_free`; `ITEMSEAL_STATUS_MISUSE` if the file has no such table.
 */
itemseal_status itemseal_config_file_table(const struct itemseal_config_file *file,
                                           const char *name,
                                           size_t name_length,
                                           struct itemseal_config **out,
                                           struct itemseal_error **error);

/**
 * The file's keyring. Its key files are read now; AWS is reached as `aws` says, which may be NULL. On success `*out` is the caller's, to
 * be freed with `itemseal_keyring_free`; `ITEMSEAL_STATUS_MISUSE`, with file and field, if a key file cannot be read, can be read by others, or
 * holds no key.
 */
itemseal_status itemseal_config_file_keyring_over(const struct itemseal_config_file *file,
                                                  const struct itemseal_aws_config *aws,
                                                  struct itemseal_keyring **out,
                                                  struct itemseal_error **error);

/**
 * `itemseal_config_file_keyring_over` with AWS as the process's environment says.
 */
itemseal_status itemseal_config_file_keyring(const struct itemseal_config_file *file,
                                             struct itemseal_keyring **out,
                                             struct itemseal_error **error);

/**
 * Frees a configuration file. NULL is fine.
 */
void itemseal_config_file_free(struct itemseal_config_file *file);

/**
 * Looks at every table and key of a file, in every Region that is configured, and says what is wrong and what to do, as JSON:
 * `{"Well", "Text", "Regions": [{"Table", "Region", "Well", "Findings": [{"Says", "Remedy"}]}]}`; a finding without `Remedy` is good, and `Text` is the report for
 * people. It changes nothing, and goes on when a Region does not answer. `aws` may be NULL. On success, whatever was found, `*out` is the
 * caller's, to be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_doctor(const struct itemseal_config_file *file,
                                const struct itemseal_aws_config *aws,
                                struct itemseal_buffer **out,
                                struct itemseal_error **error);

/**
 * An encryptor for the items of a table. `config` and `keyring` stay the caller's, and may be freed before it. On success `*out` is
 * the caller's, to be freed with `itemseal_encryptor_free`.
 */
itemseal_status itemseal_encryptor_new(const struct itemseal_config *config,
                                       const struct itemseal_keyring *keyring,
                                       struct itemseal_encryptor **out,
                                       struct itemseal_error **error);

/**
 * An encryptor for the items of a table of a file, by its name in DynamoDB, under the file's keyring; AWS is reached as the process's
 * environment says. `table` may be NULL if the file has
 * one only. On success `*out` is the caller's, to be freed with `itemseal_encryptor_free`.
 */
itemseal_status itemseal_encryptor_from_file(const struct itemseal_config_file *file,
                                             const char *table,
                                             size_t table_length,
                                             struct itemseal_encryptor **out,
                                             struct itemseal_error **error);

/**
 * Frees an encryptor. NULL is fine. Wait for the calls of other threads first.
 */
void itemseal_encryptor_free(struct itemseal_encryptor *encryptor);

/**
 * Encrypts `count` items, on every core, or 16 at a time if the keyring asks AWS or the program. On success `out`, an array of `count`, has the results in the same order, each to be freed with
 * `itemseal_item_free`. The first error ends all: nothing is in `out` then, and `*failed` is the number of the item, from 0. `failed` may be
 * NULL; it is written only if an item failed.
 */
itemseal_status itemseal_encrypt_items(const struct itemseal_encryptor *encryptor,
                                       const struct itemseal_item *const *items,
                                       size_t count,
                                       struct itemseal_item **out,
                                       size_t *failed,
                                       struct itemseal_error **error);

/**
 * Decrypts `count` items, on every core, or 16 at a time if the keyring asks AWS or the program. On success `out`, an array of `count`, has the results in the same order, each to be freed with
 * `itemseal_item_free`. The first error ends all: nothing is in `out` then, and `*failed` is the number of the item, from 0. `failed` may be
 * NULL; it is written only if an item failed.
 */
itemseal_status itemseal_decrypt_items(const struct itemseal_encryptor *encryptor,
                                       const struct itemseal_item *const *items,
                                       size_t count,
                                       struct itemseal_item **out,
                                       size_t *failed,
                                       struct itemseal_error **error);

/**
 * `itemseal_encrypt_item` for an item in CBOR, as `itemseal_item_from_cbor` takes it, which it gives back so too. On success `*out` is
 * the caller's, to be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_encrypt_cbor(const struct itemseal_encryptor *encryptor,
                                      const uint8_t *cbor,
                                      size_t cbor_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * `itemseal_decrypt_item` for an item in CBOR, as `itemseal_item_from_cbor` takes it, which it gives back so too. On success `*out` is
 * the caller's, to be freed with `itemseal_buffer_free`, which wipes it.
 */
itemseal_status itemseal_decrypt_cbor(const struct itemseal_encryptor *encryptor,
                                      const uint8_t *cbor,
                                      size_t cbor_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Reads the header of a stored item. On success `*out` is the caller's, to be freed with `itemseal_description_free`; `item` may be freed
 * before it. `ITEMSEAL_STATUS_NOT_ENCRYPTED` if it has no header, `ITEMSEAL_STATUS_MALFORMED` if that cannot be parsed.
 */
itemseal_status itemseal_describe_item(const struct itemseal_item *item,
                                       struct itemseal_description **out,
                                       struct itemseal_error **error);

/**
 * A description's numbers, in `*out`.
 */
itemseal_status itemseal_description_get_numbers(const struct itemseal_description *description,
                                                 struct itemseal_description_numbers *out,
                                                 struct itemseal_error **error);

/**
 * An encrypted data key, counted from 0: in `*provider` which kind of keyring wrote it (`aws-kms`, or a raw keyring's namespace), in `*key`
 * which key wrapped it (for KMS its ARN). Both are borrowed as long as `description`.
 */
itemseal_status itemseal_description_data_key(const struct itemseal_description *description,
                                              size_t index,
                                              struct itemseal_text *provider,
                                              struct itemseal_bytes *key,
                                              struct itemseal_error **error);

/**
 * An entry of the stored encryption context, counted from 0 in the order of the names, in `*name` and `*value`: both borrowed as long as
 * `description`. The other entries follow from the item.
 */
itemseal_status itemseal_description_context(const struct itemseal_description *description,
                                             size_t index,
                                             struct itemseal_text *name,
                                             struct itemseal_text *value,
                                             struct itemseal_error **error);

/**
 * Frees a description. NULL is fine.
 */
void itemseal_description_free(struct itemseal_description *description);

/**
 * Encrypts an item to the form that is stored; `item` stays as it is. The stored item has two attributes more, `aws_dbe_head` and
 * `aws_dbe_foot`. On success `*out` is the caller's, to be freed with `itemseal_item_free`. The error names the attribute.
 */
itemseal_status itemseal_encrypt_item(const struct itemseal_encryptor *encryptor,
                                      const struct itemseal_item *item,
                                      struct itemseal_item **out,
                                      struct itemseal_error **error);

/**
 * Verifies a stored item and decrypts it; `item` stays as it is, and must be whole. Unsigned attributes are in the result, unverified.
 * On success `*out` is the caller's, to be freed with `itemseal_item_free`, which wipes it. `ITEMSEAL_STATUS_AUTHENTICATION` if it does
 * not verify, `ITEMSEAL_STATUS_NOT_ENCRYPTED` or `ITEMSEAL_STATUS_MALFORMED` if it is no such item.
 */
itemseal_status itemseal_decrypt_item(const struct itemseal_encryptor *encryptor,
                                      const struct itemseal_item *item,
                                      struct itemseal_item **out,
                                      struct itemseal_error **error);

/**
 * `itemseal_encrypt_item` for an item in DynamoDB JSON, which it gives back so too. On success `*out` is the caller's, to be freed with
 * `itemseal_buffer_free`.
 */
itemseal_status itemseal_encrypt_json(const struct itemseal_encryptor *encryptor,
                                      const char *json,
                                      size_t json_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * `itemseal_decrypt_item` for an item in DynamoDB JSON, which it gives back so too. On success `*out` is the caller's, to be freed with
 * `itemseal_buffer_free`, which wipes it.
 */
itemseal_status itemseal_decrypt_json(const struct itemseal_encryptor *encryptor,
                                      const char *json,
                                      size_t json_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * A key store. `table` is its table's name, with the partition key `branch-key-id` and the sort key `type`, both text; `logical_name` is
 * bound to every key in it, and may be NULL for the table's name. `key_arn` is the KMS key that branch keys are under, and `regions` are the
 * `region_count` Regions of table and key, home first; with none it is the one of the ARN. `aws` and `options` may be NULL. Nothing is asked
 * yet. On success `*out` is the caller's, to be freed with `itemseal_key_store_free`.
 */
itemseal_status itemseal_key_store_new(const struct itemseal_aws_config *aws,
                                       const char *table,
                                       size_t table_length,
                                       const char *logical_name,
                                       size_t logical_name_length,
                                       const char *key_arn,
                                       size_t key_arn_length,
                                       const struct itemseal_text *regions,
                                       size_t region_count,
                                       const struct itemseal_kms_options *options,
                                       struct itemseal_key_store **out,
                                       struct itemseal_error **error);

/**
 * Makes the table in its first Region, paid by request, or finds that it is there. It is ready a little later, when DynamoDB says ACTIVE;
 * replicas are added as to any global table.
 */
itemseal_status itemseal_key_store_create_table(const struct itemseal_key_store *store,
                                                struct itemseal_error **error);

/**
 * Makes a branch key. `branch_key_id` may be NULL for a new UUID; to choose an id takes a context of one entry or more, which is bound to
 * the key for ever. On success `*out` has the id, without a NUL, and is the caller's, to be freed with `itemseal_buffer_free`.
 * `ITEMSEAL_STATUS_CONFLICT` if there is such a key.
 */
itemseal_status itemseal_key_store_create_key(const struct itemseal_key_store *store,
                                              const char *branch_key_id,
                                              size_t branch_key_id_length,
                                              const struct itemseal_context_entry *context,
                                              size_t context_count,
                                              struct itemseal_buffer **out,
                                              struct itemseal_error **error);

/**
 * Makes a new version of a branch key, which new items are written with; old items still open. A keyring that has the old one goes on with
 * it for its ttl. `ITEMSEAL_STATUS_CONFLICT` if somebody else has made one meanwhile.
 */
itemseal_status itemseal_key_store_rotate(const struct itemseal_key_store *store,
                                          const char *branch_key_id,
                                          size_t branch_key_id_length,
                                          struct itemseal_error **error);

/**
 * The branch keys and their versions, as JSON: `[{"id", "kms_arn", "context": {}, "versions": [{"version", "create_time", "active"}]}]`, in
 * the order of their ids, the oldest version first. No key is opened, and nothing of it is verified. On success `*out` is the caller's, to be
 * freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_key_store_list(const struct itemseal_key_store *store,
                                        struct itemseal_buffer **out,
                                        struct itemseal_error **error);

/**
 * Frees a key store. NULL is fine.
 */
void itemseal_key_store_free(struct itemseal_key_store *store);

/**
 * Frees a keyring. NULL is fine.
 */
void itemseal_keyring_free(struct itemseal_keyring *keyring);

/**
 * Remembers the data keys that another keyring has unwrapped: an item that is read again costs no call. Each item that is written has a
 * data key of its own, and costs one. `keyring` stays the caller's, and may be freed before it; `limits` may be NULL. On success `*out` is the
 * caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_caching(const struct itemseal_keyring *keyring,
                                         const struct itemseal_cache_limits *limits,
                                         struct itemseal_keyring **out,
                                         struct itemseal_error **error);

/**
 * Wraps data keys by functions of the program's, which ask its own key service. `provider_id` is stored with every item in clear, and says whose
 * keys it is under: not empty, and not starting with `aws-kms`, which is AWS KMS's own. `provider` is copied during the call; what it
 * points to lives until its `destroy` is called. On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_callback(const char *provider_id,
                                          size_t provider_id_length,
                                          const struct itemseal_key_provider *provider,
                                          struct itemseal_keyring **out,
                                          struct itemseal_error **error);

/**
 * Reads what any KMS key in one Region wrapped; it does not write. `accounts` are the `account_count` whose keys are trusted, at least
 * one: whoever can write the table chooses the key. `partition` may be NULL for `aws`; `aws` and `options` may be NULL. On success `*out` is
 * the caller's, to be freed with `itemseal_keyring_free`. Encrypting with it is `ITEMSEAL_STATUS_MISUSE`.
 */
itemseal_status itemseal_keyring_discovery(const struct itemseal_aws_config *aws,
                                           const char *region,
                                           size_t region_length,
                                           const char *partition,
                                           size_t partition_length,
                                           const struct itemseal_text *accounts,
                                           size_t account_count,
                                           const struct itemseal_kms_options *options,
                                           struct itemseal_keyring **out,
                                           struct itemseal_error **error);

/**
 * Reads what any multi-Region key with a replica in one of `regions` wrapped, wherever it was wrapped; it does not write. `regions` are
 * `region_count`, at least one, asked in this order. The rest is as of `itemseal_keyring_discovery`.
 */
itemseal_status itemseal_keyring_mrk_discovery(const struct itemseal_aws_config *aws,
                                               const struct itemseal_text *regions,
                                               size_t region_count,
                                               const char *partition,
                                               size_t partition_length,
                                               const struct itemseal_text *accounts,
                                               size_t account_count,
                                               const struct itemseal_kms_options *options,
                                               struct itemseal_keyring **out,
                                               struct itemseal_error **error);

/**
 * Wraps data keys under branch keys of a key store: one KMS call for each branch key version and process, whatever the number of items.
 * `key_store` stays the caller's, and may be freed before it. Give one of `branch_key_id`, the id of one branch key for all items, and
 * `attribute`, the name of the key or context attribute that has each item's; the other is NULL. `limits` may be NULL. On success `*out` is the
 * caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_hierarchical(const struct itemseal_key_store *key_store,
                                              const char *branch_key_id,
                                              size_t branch_key_id_length,
                                              const char *attribute,
                                              size_t attribute_length,
                                              const struct itemseal_branch_key_limits *limits,
                                              struct itemseal_keyring **out,
                                              struct itemseal_error **error);

/**
 * Wraps data keys under AWS KMS keys, each in the Region of its ARN: any one of them opens an item, and all are needed to write one.
 * `key_arns` are `count` full ARNs, at least one; an alias or a bare id is `ITEMSEAL_STATUS_MISUSE`, since it does not say which key is meant.
 * The deadline is divided among the keys. `aws` and `options` may be NULL. Nothing is asked yet: a key that is not there shows when it is used.
 * On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_kms(const struct itemseal_aws_config *aws,
                                     const struct itemseal_text *key_arns,
                                     size_t count,
                                     const struct itemseal_kms_options *options,
                                     struct itemseal_keyring **out,
                                     struct itemseal_error **error);

/**
 * The same, but an item also opens if a replica of one of the keys wrapped it, in the Region of the ARN that is given here. No two of the ARNs
 * are of the same multi-Region key: to survive the loss of a Region use `itemseal_keyring_mrk` with several Regions.
 */
itemseal_status itemseal_keyring_mrk_multi(const struct itemseal_aws_config *aws,
                                           const struct itemseal_text *key_arns,
                                           size_t count,
                                           const struct itemseal_kms_options *options,
                                           struct itemseal_keyring **out,
                                           struct itemseal_error **error);

/**
 * Wraps data keys under one multi-Region key, through the first of its Regions that answers. `key_arn` is the full ARN of any of its
 * replicas; `regions` are the `region_count` Regions with a replica, home first, and with none it is the one of the ARN. A Region that is
 * unreachable, throttled or broken passes the call on to the next one; one that denies ends it. `aws` and `options` may be NULL. Items are
 * written and read with errors that name the Region. On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_mrk(const struct itemseal_aws_config *aws,
                                     const char *key_arn,
                                     size_t key_arn_length,
                                     const struct itemseal_text *regions,
                                     size_t region_count,
                                     const struct itemseal_kms_options *options,
                                     struct itemseal_keyring **out,
                                     struct itemseal_error **error);

/**
 * Several keyrings as one: writes for all of them, reads with the first that can. If one of them cannot wrap, nothing is written.
 * `keyrings` are `count` of them, at least one; they stay the caller's. On success `*out` is the caller's, to be freed with
 * `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_multi(const struct itemseal_keyring *const *keyrings,
                                       size_t count,
                                       struct itemseal_keyring **out,
                                       struct itemseal_error **error);

/**
 * Wraps data keys under an AES key that the program has, of 16, 24 or 32 bytes. Namespace and name say which key it is: they are
 * stored with every item in clear, and must stay the same. The key is copied, and wiped with the keyring; the caller wipes its own.
 * On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_raw_aes(const char *key_namespace,
                                         size_t key_namespace_length,
                                         const char *name,
                                         size_t name_length,
                                         const uint8_t *key,
                                         size_t key_length,
                                         struct itemseal_keyring **out,
                                         struct itemseal_error **error);

/**
 * Wraps data keys under an RSA key pair that the program has: writes with the public key, reads with the private one; either may be
 * NULL, with length 0. `padding` is one of `itemseal_rsa_padding`, for readers and writers the same. The keys are PEM: BEGIN PUBLIC
 * KEY, and BEGIN PRIVATE KEY (PKCS #8), of 2048 to 8192 bits. Whoever has the public key can write items. On success `*out` is the
 * caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_raw_rsa(const char *key_namespace,
                                         size_t key_namespace_length,
                                         const char *name,
                                         size_t name_length,
                                         uint32_t padding,
                                         const char *public_key,
                                         size_t public_key_length,
                                         const char *private_key,
                                         size_t private_key_length,
                                         struct itemseal_keyring **out,
                                         struct itemseal_error **error);

/**
 * Has the library tell a function of the program's what it is doing, for the whole process: lines of `level`, one of
 * `itemseal_log_level`, and above. NULL in place of `function` ends it, and so does another one; when this returns, the function before is not
 * called any more, nor under way, so its userdata may be freed. Unless this is called, nothing is told.
 *
 * The function is called on any thread, the library's own among them, and several at the same time. It must not wait, or the library's
 * calls wait with it, and must not call the library, `itemseal_version` apart. Lines name operations, Regions and error codes, and
 * never an item's values, a key, or a credential.
 */
itemseal_status itemseal_log_set(itemseal_log_fn function,
                                 void *userdata,
                                 uint32_t level,
                                 struct itemseal_error **error);

/**
 * A client for all tables of a file, under its keyring: Regions, version attributes, where writes go and how old items are read are as
 * the file says. `aws` may be NULL. DynamoDB is asked how the tables are. On success `*out` is the caller's, to be freed with
 * `itemseal_table_free`; `ITEMSEAL_STATUS_MISUSE` if the file does not fit the tables. More can be said with
 * `itemseal_table_builder_from_file`.
 */
itemseal_status itemseal_table_open(const struct itemseal_config_file *file,
                                    const struct itemseal_aws_config *aws,
                                    struct itemseal_table **out,
                                    struct itemseal_error **error);

/**
 * Frees a client. NULL is fine. Wait for the calls of other threads first.
 */
void itemseal_table_free(struct itemseal_table *table);

/**
 * Starts a client for the table `name` in DynamoDB, which may be NULL for the logical name of `config`. `config` and `keyring` stay the
 * caller's, and may be freed before it. On success `*out` is the caller's, to be freed with `itemseal_table_builder_free`.
 */
itemseal_status itemseal_table_builder_new(const char *name,
                                           size_t name_length,
                                           const struct itemseal_config *config,
                                           const struct itemseal_keyring *keyring,
                                           struct itemseal_table_builder **out,
                                           struct itemseal_error **error);

/**
 * Starts as `itemseal_table_open`, for more to be said. `keyring` is the one that is used, and may be NULL for the file's, over `aws`, which
 * may be NULL too. On success `*out` is the caller's, to be freed with `itemseal_table_builder_free`.
 */
itemseal_status itemseal_table_builder_from_file(const struct itemseal_config_file *file,
                                                 const struct itemseal_keyring *keyring,
                                                 const struct itemseal_aws_config *aws,
                                                 struct itemseal_table_builder **out,
                                                 struct itemseal_error **error);

/**
 * Adds a table by its name in DynamoDB, for batches and transactions over several. `config` and `keyring` stay the caller's.
 */
itemseal_status itemseal_table_builder_table(struct itemseal_table_builder *builder,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_config *config,
                                             const struct itemseal_keyring *keyring,
                                             struct itemseal_error **error);

/**
 * The `count` Regions of the tables, the home Region first. Unless said they are the keyring's.
 */
itemseal_status itemseal_table_builder_regions(struct itemseal_table_builder *builder,
                                               const struct itemseal_text *regions,
                                               size_t count,
                                               struct itemseal_error **error);

/**
 * The `count` Regions that data may be in: another one, the tables' or a keyring's, is an error of `itemseal_table_builder_open`.
 */
itemseal_status itemseal_table_builder_allowed_regions(struct itemseal_table_builder *builder,
                                                       const struct itemseal_text *regions,
                                                       size_t count,
                                                       struct itemseal_error **error);

/**
 * Asks DynamoDB how the tables are, checks what was said against them, and makes the client. The builder is used up, also by a failure,
 * and still to be freed. `aws` may be NULL. On success `*out` is the caller's, to be freed with `itemseal_table_free`;
 * `ITEMSEAL_STATUS_MISUSE` if it cannot be right.
 */
itemseal_status itemseal_table_builder_open(struct itemseal_table_builder *builder,
                                            const struct itemseal_aws_config *aws,
                                            struct itemseal_table **out,
                                            struct itemseal_error **error);

/**
 * Frees a builder. NULL is fine.
 */
void itemseal_table_builder_free(struct itemseal_table_builder *builder);

/**
 * The most time that a call may take over all Regions, and a read in one Region while others are left, in milliseconds; 0 leaves them at
 * 5,000 and 800.
 */
itemseal_status itemseal_table_builder_timeouts(struct itemseal_table_builder *builder,
                                                uint32_t deadline_ms,
                                                uint32_t most_per_region_ms,
                                                struct itemseal_error **error);

/**
 * In which order reads ask the Regions: one of `itemseal_region_order`.
 */
itemseal_status itemseal_table_builder_read_order(struct itemseal_table_builder *builder,
                                                  uint32_t order,
                                                  struct itemseal_error **error);

/**
 * Switches something on: `option` is one of `itemseal_table_option`.
 */
itemseal_status itemseal_table_builder_option(struct itemseal_table_builder *builder,
                                              uint32_t option,
                                              struct itemseal_error **error);

/**
 * Names the signed number that every write of a table's items raises, for optimistic locking: a put succeeds if the stored item has the
 * version that the given one has, or neither has any; else it is `ITEMSEAL_STATUS_CONFLICT`. It has to be declared
 * `ITEMSEAL_ACTION_SIGN_ONLY`.
 */
itemseal_status itemseal_table_builder_version_attribute(struct itemseal_table_builder *builder,
                                                         const char *table_name,
                                                         size_t table_name_length,
                                                         const char *attribute,
                                                         size_t attribute_length,
                                                         struct itemseal_error **error);

/**
 * Lets the items of a table pass as they are, in batches and transactions. Any other table that is not configured is refused.
 */
itemseal_status itemseal_table_builder_plaintext_table(struct itemseal_table_builder *builder,
                                                       const char *table_name,
                                                       size_t table_name_length,
                                                       struct itemseal_error **error);

/**
 * Reads the items of a table that have neither header nor footer as they are, while it is being encrypted: until then **whoever can write
 * the table can put plaintext of their own in the place of any item**. Writes are always encrypted.
 */
itemseal_status itemseal_table_builder_plaintext_reads(struct itemseal_table_builder *builder,
                                                       const char *table_name,
                                                       size_t table_name_length,
                                                       struct itemseal_error **error);

/**
 * Calls an operation of DynamoDB: `operation` is one of `itemseal_operation`, `options` are of `itemseal_call_option`, and `request` is what
 * DynamoDB's API takes, in its JSON, with items in clear. Legacy parameters (those before expressions) are not known, and what is not known is
 * `ITEMSEAL_STATUS_MALFORMED`. On success `*out` is what the API answers, in its JSON, with items opened, and beside it: `Region`, which
 * answered; `Version`, which an item was written with, if its table has a version attribute; `BadItems`, if they are to be reported and there
 * are some: `[{"TableName", "Key", "Error": {"Status", "Message", "Attribute", "Region"}}]`; and `ResponseMetadata`, with the `RequestId`. It is the
 * caller's, to be freed with `itemseal_buffer_free`, which wipes it. What a condition that failed found is in the error:
 * `itemseal_error_found`.
 */
itemseal_status itemseal_table_call(const struct itemseal_table *table,
                                    uint32_t operation,
                                    uint32_t options,
                                    const char *request,
                                    size_t request_length,
                                    struct itemseal_buffer **out,
                                    struct itemseal_error **error);

/**
 * Reads an item by its key: `key` has the key attributes and no others. `consistent` reads what was written last; that is for the home
 * Region only, unless said otherwise to the builder. On success `*out` is the item, opened, the caller's, to be freed with
 * `itemseal_item_free`; or NULL if there is none.
 */
itemseal_status itemseal_table_get(const struct itemseal_table *table,
                                   const char *table_name,
                                   size_t table_name_length,
                                   const struct itemseal_item *key,
                                   bool consistent,
                                   struct itemseal_item **out,
                                   struct itemseal_error **error);

/**
 * Encrypts an item and writes it, in the place of any with its key; `item` stays as it is. If the table has a version attribute, it is
 * written if the stored item has the version that `item` has (or neither has any), and is `ITEMSEAL_STATUS_CONFLICT` otherwise; the version
 * that it was written with goes to `*version`, 0 without one. `version` may be NULL.
 */
itemseal_status itemseal_table_put(const struct itemseal_table *table,
                                   const char *table_name,
                                   size_t table_name_length,
                                   const struct itemseal_item *item,
                                   uint64_t *version,
                                   struct itemseal_error **error);

/**
 * Deletes an item by its key, which has the key attributes and no others. That there is none is no error. A condition is said with
 * `itemseal_table_call`.
 */
itemseal_status itemseal_table_delete(const struct itemseal_table *table,
                                      const char *table_name,
                                      size_t table_name_length,
                                      const struct itemseal_item *key,
                                      struct itemseal_error **error);

/**
 * All items that a query finds, in the order of the sort key. `request` is a DynamoDB `Query` in JSON, as `itemseal_table_call` takes it;
 * `options` are of `itemseal_call_option`. Nothing is asked before the first item. On success `*out` is the caller's, to be freed with
 * `itemseal_items_free`.
 */
itemseal_status itemseal_table_query(const struct itemseal_table *table,
                                     uint32_t options,
                                     const char *request,
                                     size_t request_length,
                                     struct itemseal_items **out,
                                     struct itemseal_error **error);

/**
 * All items of a table or an index, in no order; from 1 to 1,000,000 `segments` are read at the same time. `request` is a DynamoDB `Scan`
 * in JSON, without `Segment` and `TotalSegments`. The rest is as of `itemseal_table_query`.
 */
itemseal_status itemseal_table_scan(const struct itemseal_table *table,
                                    uint32_t options,
                                    const char *request,
                                    size_t request_length,
                                    uint32_t segments,
                                    struct itemseal_items **out,
                                    struct itemseal_error **error);

/**
 * The next item in `*out`, the caller's, to be freed with `itemseal_item_free`; NULL after the last one.
 */
itemseal_status itemseal_items_next(struct itemseal_items *items,
                                    struct itemseal_item **out,
                                    struct itemseal_error **error);

/**
 * Calls `take` with each item that is left, on the calling thread, until it ends the loop or fails: what it returns other than
 * `ITEMSEAL_STATUS_OK` is this call's error. It may use this library, but not `items`. After a retryable error of DynamoDB's it may be called
 * again, and goes on.
 */
itemseal_status itemseal_items_each(struct itemseal_items *items,
                                    itemseal_item_fn take,
                                    void *userdata,
                                    struct itemseal_error **error);

/**
 * The items that did not open and were met since this was called last, if `ITEMSEAL_CALL_OPTION_REPORT_BAD_ITEMS` was among the options: a list in JSON
 * as `BadItems` of `itemseal_table_call`. On success `*out` is the caller's, to be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_items_take_bad(struct itemseal_items *items,
                                        struct itemseal_buffer **out,
                                        struct itemseal_error **error);

/**
 * Frees it. NULL is fine.
 */
void itemseal_items_free(struct itemseal_items *items);

/**
 * Changes an item, signed and encrypted attributes included: reads and opens it, has `change` change it, encrypts that, and writes it if
 * nobody has written the item meanwhile; else it begins again, up to eight times. All in the home Region. `key` has the key attributes.
 * `change` is called on the calling thread, during this call, once or several times, and may use this library. What it returns other than
 * `ITEMSEAL_STATUS_OK` ends the call with that status. On success `*out`, which may be left out by NULL, is the item as it is now, the caller's,
 * to be freed with `itemseal_item_free`, or NULL if there is none; `ITEMSEAL_STATUS_CONFLICT` if others wrote it every time.
 */
itemseal_status itemseal_table_update(const struct itemseal_table *table,
                                      const char *table_name,
                                      size_t table_name_length,
                                      const struct itemseal_item *key,
                                      itemseal_change_fn change,
                                      void *userdata,
                                      struct itemseal_item **out,
                                      struct itemseal_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ITEMSEAL_H */
