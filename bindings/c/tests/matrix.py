"""Reads a header and writes a C program that calls every function in it wrongly: matrix.py HEADER MATRIX_H > matrix.c

MATRIX_H, matrix.h for itemseal.h and matrix_lab.h for itemseal_lab.h, has a valid handle of each type. Each pointer is NULL
in turn with the others valid; lengths are zero and huge; text is not UTF-8; handles are of another type, and unaligned;
numbers are of no enumeration; structures have wrong fields. A function or type for which there is no valid call here ends
the generator with its name: add it below, or in MATRIX_H. What cannot be called rightly is in UNTRIED, with the reason.
"""

import re
import sys

# Valid values of parameters, by function and name, then by type and name. C expressions.
BY_FUNCTION = {
    ("itemseal_item_get_string", "name"): '"s"',
    ("itemseal_item_get_number", "name"): '"n"',
    ("itemseal_item_get_binary", "name"): '"b"',
    ("itemseal_item_get_bool", "name"): '"bool"',
    ("itemseal_view_get", "name"): '"a"',
    ("itemseal_config_file_table", "name"): '"Orders"',
    ("itemseal_view_string", "view"): 'view_of("s")',
    ("itemseal_view_number", "view"): 'view_of("n")',
    ("itemseal_view_binary", "view"): 'view_of("b")',
    ("itemseal_view_bool", "view"): 'view_of("bool")',
    ("itemseal_view_text_at", "view"): 'view_of("ss")',
    ("itemseal_view_binary_at", "view"): 'view_of("bs")',
    ("itemseal_view_at", "view"): 'view_of("l")',
    ("itemseal_decrypt_item", "item"): "fresh_stored()",
    ("itemseal_describe_item", "item"): "fresh_stored()",
    ("itemseal_decrypt_items", "items"): "fresh_stored()",
    ("itemseal_decrypt_json", "json"): "stored_json",
    ("itemseal_decrypt_cbor", "cbor"): "stored_cbor",
    ("itemseal_table_builder_table", "name"): '"Others"',
    ("itemseal_table_builder_version_attribute", "attribute"): '"Status"',
    ("itemseal_table_builder_plaintext_table", "table_name"): '"Plain"',
    ("itemseal_table_query", "request"): "QUERY",
    ("itemseal_table_scan", "request"): "SCAN",
    ("itemseal_answer_key", "info"): "some_bytes",
    ("itemseal_table_builder_option", "option"): "ITEMSEAL_TABLE_OPTION_HEDGED_READS",
    ("itemseal_lab_builder_directory", "path"): "here",
    ("itemseal_lab_create_table", "name"): "new_name()",
    ("itemseal_lab_set_key_enabled", "key"): "lab_key",
    ("itemseal_lab_request", "method"): '"POST"',
    ("itemseal_lab_request", "path"): '"faults"',
    ("itemseal_lab_end_fault", "id"): "new_fault()",
}
# Given as NULL in the valid call, since something else is given: what it would be.
LEFT_OUT = {("itemseal_keyring_hierarchical", "attribute"): '"Tenant"'}
# No call of it is made, and why: told at each run.
UNTRIED = {}
TEXTS = {
    "name": '"s"', "text": '"text"', "number": '"12"', "json": "EVERY_TYPE", "logical_name": '"Orders"',
    "prefix": '":"', "path": "toml_path", "toml": "TOML", "folder": "here", "table": '"Orders"',
    "key_namespace": '"tests"', "public_key": "RSA_PUBLIC", "private_key": "RSA_PRIVATE",
    "message": '"the vault is sealed"', "region": '"eu-west-1"', "url": "aws_url", "access_key_id": '"id"',
    "secret_access_key": '"secret"', "session_token": '"token"', "key_arn": "ARN", "branch_key_id": '"tenant-1"',
    "provider_id": '"vault"', "partition": '"aws"', "table_name": '"Orders"', "request": "GET", "attribute": '"Tenant"',
    "body": "FAULT", "operation": '"PutItem"', "from": '"eu-west-1"', "to": '"us-east-1"',
    "other": '"us-east-1"', "partition_key": '"Id"', "sort_key": '"At"',
}
# Texts, bytes and entries in a row: three of each.
ROWS = {"regions": "three_regions", "allowed_regions": "three_regions", "accounts": "three_accounts", "key_arns": "three_arns"}
# Functions of the program's, and their userdata.
FUNCTIONS = {"itemseal_log_fn": "takes_line", "itemseal_item_fn": "takes_item", "itemseal_change_fn": "keeps_item"}
# Structures of options by type: the valid one, and what is wrong with others.
STRUCTURES = {
    "itemseal_kms_options": ("valid_kms_options", [
        ("zeros", "memset(&{0}, 0, sizeof {0});", "OK"), ("an order of no meaning", "{0}.order = 7;", "INVALID_ARGUMENT"),
        ("grant tokens NULL", "{0}.grant_tokens = NULL;", "INVALID_ARGUMENT"),
        ("grant tokens longer than memory", "{0}.grant_token_count = SIZE_MAX;", "INVALID_ARGUMENT"),
        ("a grant token not UTF-8", "{0}.grant_tokens = &not_utf8; {0}.grant_token_count = 1;", "INVALID_ARGUMENT"),
        ("a grant token NULL", "{0}.grant_tokens = &null_text; {0}.grant_token_count = 1;", "INVALID_ARGUMENT"),
    ]),
    "itemseal_cache_limits": ("valid_cache_limits", [("zeros", "memset(&{0}, 0, sizeof {0});", "OK")]),
    "itemseal_branch_key_limits": ("valid_branch_key_limits", [
        ("zeros", "memset(&{0}, 0, sizeof {0});", "OK"), ("a most_age below the ttl", "{0}.most_age_ms = 1;", "MISUSE")]),
    "itemseal_key_provider": ("valid_key_provider", [
        ("zeros", "memset(&{0}, 0, sizeof {0});", "INVALID_ARGUMENT"),
        ("wrap_key NULL", "{0}.wrap_key = NULL;", "INVALID_ARGUMENT"),
        ("unwrap_key NULL", "{0}.unwrap_key = NULL;", "INVALID_ARGUMENT"),
        ("destroy NULL", "{0}.destroy = NULL;", "OK"), ("userdata NULL", "{0}.userdata = NULL;", "OK")]),
}
# One for all calls, but for the function that frees it: never changes, or belongs to the library.
SHARED = {"itemseal_table", "itemseal_aws_config", "itemseal_key_store", "itemseal_answer", "itemseal_lab"}
# The valid call's status where it is not OK, or not always: what answers here has no keys.
VALID = {"itemseal_key_store_create_key": "SERVICE", "itemseal_key_store_rotate": None}
# After each call, to leave things as they were.
AFTER = {"itemseal_lab_request": "faults_end();",
         "itemseal_log_set": "itemseal_log_set(NULL, NULL, 0, NULL);", "itemseal_lab_stop": "lab_stopped();",
         "itemseal_lab_outage": "faults_end();", "itemseal_lab_throttle": "faults_end();", "itemseal_lab_lag": "faults_end();",
         "itemseal_lab_cut": "faults_end();", "itemseal_lab_stale_reads": "faults_end();", "itemseal_lab_unprocessed": "faults_end();",
         "itemseal_lab_skew": "faults_end();"}
BYTES = {"data": "some_bytes", "cbor": "plain_cbor", "key": "some_key"}
NUMBERS = {
    "index": "0", "value": "1", "number": "5", "action": "ITEMSEAL_ACTION_SIGN_ONLY",
    "suite": "ITEMSEAL_SUITE_HMAC_ONLY", "padding": "ITEMSEAL_RSA_PADDING_OAEP_SHA256",
    "retryable": "true", "connect_ms": "3000", "request_ms": "10000", "level": "ITEMSEAL_LOG_LEVEL_ERROR",
    "deadline_ms": "20000", "most_per_region_ms": "10000", "order": "ITEMSEAL_REGION_ORDER_NEAREST",
    "operation": "ITEMSEAL_OPERATION_GET_ITEM", "options": "ITEMSEAL_CALL_OPTION_NONE", "consistent": "true", "segments": "2",
    "port": "0", "seed": "7", "creating_ms": "0", "updating_ms": "0", "keys": "0", "enabled": "1", "service": "ITEMSEAL_LAB_SERVICE_KMS",
    "mode": "ITEMSEAL_LAB_OUTAGE_MODE_REFUSE", "per_second": "5", "min_ms": "1", "max_ms": "2", "by_ms": "5", "share": "0.5",
    "partition_key_type": "ITEMSEAL_LAB_KEY_TYPE_STRING", "sort_key_type": "ITEMSEAL_LAB_KEY_TYPE_NUMBER", "most": "5",
}
# Numbers that cannot be right, and the status that says so.
BAD_NUMBERS = {
    "index": ("SIZE_MAX", "ITEMSEAL_STATUS_NOT_FOUND"),
    "action": ("99", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "suite": ("0", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "padding": ("UINT32_MAX", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "level": ("6", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "order": ("2", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "option": ("0", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "operation": ("11", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "options": ("4", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "segments": ("0", "ITEMSEAL_STATUS_MISUSE"),
    "service": ("9", "ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT"),
    "mode": ("7", "ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT"),
    "share": ("2", "ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT"),
    "partition_key_type": ("4", "ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT"),
    "sort_key_type": ("4", "ITEMSEAL_LAB_STATUS_INVALID_ARGUMENT"),
    "id": ("UINT64_MAX", "ITEMSEAL_LAB_STATUS_NOT_FOUND"),
}
VIEWS = {"view": 'view_of("m")'}
# Handles that a parameter's name asks to be of a kind.
HANDLES = {"list": "fresh_list()", "map": "fresh_map()"}
KEYS = {"itemseal_table_get", "itemseal_table_delete", "itemseal_table_update"}
# The header says that these may be NULL; with their lengths 0 where they have one.
OPTIONAL = {
    ("itemseal_config_file_parse", "folder"), ("itemseal_config_file_table", "name"),
    ("itemseal_encryptor_from_file", "table"), ("itemseal_keyring_raw_rsa", "public_key"),
    ("itemseal_keyring_raw_rsa", "private_key"), ("itemseal_encrypt_items", "failed"),
    ("itemseal_decrypt_items", "failed"), ("itemseal_cursor_next", "name"), ("itemseal_cursor_next", "value"),
    ("itemseal_config_file_keyring_over", "aws"), ("itemseal_doctor", "aws"), ("itemseal_key_store_new", "aws"),
    ("itemseal_key_store_new", "logical_name"), ("itemseal_key_store_new", "options"), ("itemseal_keyring_caching", "limits"),
    ("itemseal_keyring_discovery", "aws"), ("itemseal_keyring_discovery", "partition"), ("itemseal_keyring_discovery", "options"),
    ("itemseal_keyring_mrk_discovery", "aws"), ("itemseal_keyring_mrk_discovery", "partition"),
    ("itemseal_keyring_mrk_discovery", "options"), ("itemseal_keyring_hierarchical", "limits"),
    ("itemseal_keyring_kms", "aws"), ("itemseal_keyring_kms", "options"), ("itemseal_keyring_mrk_multi", "aws"),
    ("itemseal_keyring_mrk_multi", "options"), ("itemseal_keyring_mrk", "aws"), ("itemseal_keyring_mrk", "options"),
    ("itemseal_table_open", "aws"), ("itemseal_table_builder_new", "name"), ("itemseal_table_builder_from_file", "keyring"),
    ("itemseal_table_builder_from_file", "aws"), ("itemseal_table_builder_open", "aws"), ("itemseal_table_put", "version"),
    ("itemseal_table_update", "out"), ("itemseal_aws_builder_credentials", "session_token"), ("itemseal_log_set", "function"),
    ("itemseal_key_store_create_key", "branch_key_id"), ("itemseal_answer_key", "info"),
    *((f"itemseal_lab_{fault}", "id") for fault in ("outage", "throttle", "lag", "cut", "stale_reads", "unprocessed", "skew")),
    ("itemseal_lab_deliver", "delivered"),
}
# Zero elements are none at all, for which nothing is read or written.
NOTHING_TO_DO = {"itemseal_encrypt_items", "itemseal_decrypt_items"}
# Its inputs are bytes that should be text: what is no UTF-8 is no JSON either.
MALFORMED = {
    "itemseal_item_from_json", "itemseal_encrypt_json", "itemseal_decrypt_json", "itemseal_table_call", "itemseal_table_query",
    "itemseal_table_scan",
}
WITHOUT_ARGUMENTS = {"itemseal_version", "itemseal_abi_version", "itemseal_lab_version", "itemseal_lab_abi_version"}


class Missing(Exception):
    pass


def parse(header):
    """Prototypes, and which types are opaque."""
    opaque = set(re.findall(r"^typedef struct (itemseal_\w+) \1;", header, re.M))
    # The error's type and the statuses begin so.
    prefix = "itemseal_lab" if "itemseal_lab" in opaque else "itemseal"
    code = re.sub(r"/\*.*?\*/|//[^\n]*|^#[^\n]*(\\\n[^\n]*)*", "", header, flags=re.S | re.M)
    inside = code.split('extern "C" {', 1)[1]
    functions = []
    for statement in inside.split(";"):
        statement = " ".join(statement.split())
        if not statement or statement == "}":
            continue
        found = re.fullmatch(r"(.+?)\b(itemseal_\w+)\((.*)\)", statement)
        if not found:
            raise Missing(f"this is no prototype that matrix.py can read: {statement}")
        returns, name, given = found.groups()
        parameters = []
        for parameter in [] if given == "void" else given.split(","):
            of = re.fullmatch(r"\s*(.+?)\b(\w+)\s*", parameter)
            if not of or "(" in parameter:
                raise Missing(f"{name}: no recipe for the parameter {parameter.strip()}")
            kind = re.sub(r"\bstruct ", "", of[1]).replace(" *", "*").strip()
            parameters.append((kind.replace("*const*", "* const*").replace("* const *", "* const*"), of[2]))
        functions.append((re.sub(r"\bstruct ", "", returns).replace(" *", "*").strip(), name, parameters))
    return prefix, functions, opaque


class Call:
    """One function: its variables, and every way to call it."""

    def __init__(self, prefix, returns, name, parameters, opaque, recipes):
        self.error, self.statuses = f"{prefix}_error", f"{prefix.upper()}_STATUS_"
        self.ok, self.invalid = f"{self.statuses}OK", f"{self.statuses}INVALID_ARGUMENT"
        self.returns, self.name, self.parameters = returns, name, parameters
        self.opaque, self.recipes = opaque, recipes
        self.variables, self.before, self.after = [], [], []
        # (what, statements, the status wanted, or None where any will do if it is told)
        valid = VALID.get(name, "OK")
        self.valid = valid and self.statuses + valid
        self.cases = [("valid", "", self.valid)]
        self.outs = []
        self.frees = []
        names = [n for _, n in parameters]
        taken = set()
        for position, (kind, n) in enumerate(parameters):
            if n in taken:
                continue
            following = names[position + 1] if position + 1 < len(names) else ""
            taken |= {n, *self.parameter(kind, n, following)}

    def missing(self, kind, n):
        raise Missing(f"{self.name}: no recipe for {kind} {n}: say in matrix.py how it is called rightly")

    def look(self, table, kind, n):
        found = BY_FUNCTION.get((self.name, n)) or table.get(n)
        return found if found is not None else self.missing(kind, n)

    def fresh(self, handle, n):
        given = BY_FUNCTION.get((self.name, n)) or HANDLES.get(n) or f"fresh_{handle.removeprefix('itemseal_')}()"
        if self.name in KEYS and n == "key":
            given = "fresh_key()"
        if handle in SHARED and not self.name.endswith("_free"):
            given = f"one_{handle.removeprefix('itemseal_')}()"
        if given.split("(")[0] not in self.recipes:
            self.missing(handle, n)
        return given

    def wanted(self, n):
        return self.valid if (self.name, n) in OPTIONAL else self.invalid

    def case(self, what, statements, wanted=""):
        self.cases.append((what, statements, self.invalid if wanted == "" else wanted))

    def parameter(self, kind, n, following):
        if kind == f"{self.error}**":
            return []
        base = kind.removeprefix("const ").rstrip("*")
        if kind in ("const char*", "const uint8_t*"):
            return self.text(kind, n, following)
        if kind in ("const itemseal_text*", "const itemseal_bytes*", "const itemseal_context_entry*", "const itemseal_lab_text*"):
            return self.elements(kind, n, following)
        if base in STRUCTURES and kind == f"const {base}*":
            return self.structure(base, n)
        if kind in FUNCTIONS:
            self.variables.append((kind, n, FUNCTIONS[kind]))
            self.case(f"{n} NULL", f"{n} = NULL;", self.wanted(n))
            return []
        if kind == "void*" and n == "userdata":
            self.variables.append((kind, n, "&some_userdata"))
            self.case("userdata NULL", "userdata = NULL;", self.valid)
            return []
        if kind.endswith("* const*"):
            return self.handles(kind, n, following)
        if base in self.opaque and kind.count("*") == 1:
            return self.handle(kind, n, base)
        if kind == "itemseal_view":
            self.variables.append((kind, n, self.look(VIEWS, kind, n)))
            self.case(f"{n} of zeros", f"memset(&{n}, 0, sizeof {n});")
            self.case(f"{n} of garbage", f"memset(&{n}, 0xa5, sizeof {n});")
            return []
        if kind in ("size_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "bool", "double"):
            self.variables.append((kind, n, self.look(NUMBERS, kind, n)))
            if n in BAD_NUMBERS:
                bad, status = BAD_NUMBERS[n]
                self.case(f"{n} of no meaning", f"{n} = {bad};", status)
            return []
        if kind.endswith("*") and not kind.startswith("const "):
            return self.out(kind, n)
        return self.missing(kind, n)

    def text(self, kind, n, following):
        if following != f"{n}_length":
            self.missing(kind, n)
        valid = self.look(TEXTS if kind == "const char*" else BYTES, kind, n)
        length = f"length_of_{valid}" if kind == "const uint8_t*" or valid == "stored_json" else f"strlen({n})"
        self.variables += [(kind, n, valid), ("size_t", following, length)]
        malformed = f"{self.statuses}MALFORMED" if self.name in MALFORMED else self.invalid
        if (self.name, n) in LEFT_OUT:
            self.variables[-2:] = [(kind, n, "NULL"), ("size_t", following, "0")]
            self.case(f"{n} too", f"{n} = {LEFT_OUT[self.name, n]}; {following} = strlen({n});", f"{self.statuses}MISUSE")
            self.case(f"{n} NULL with a length", f"{following} = 3;")
            self.case(f"{n} longer than memory", f'{n} = "a"; {following} = SIZE_MAX;')
            self.case(f"{n} not UTF-8", f'{n} = "a\\xff\\xfe"; {following} = 3;')
            return [following]
        optional = (self.name, n) in OPTIONAL
        # Without a length NULL leaves it out; with one it is a mistake, everywhere.
        self.case(f"{n} NULL", f"{n} = NULL;")
        if optional:
            self.case(f"{n} left out", f"{n} = NULL; {following} = 0;", None)
        self.case(f"{n} NULL and empty", f"{n} = NULL; {following} = 0;", None)
        self.case(f"{n} empty", f"{following} = 0;", None)
        self.case(f"{n} longer than memory", f"{following} = SIZE_MAX;")
        self.case(f"{n} longer than an object", f"{following} = (size_t)PTRDIFF_MAX + 1;")
        if kind == "const char*":
            self.case(f"{n} not UTF-8", f'{n} = "a\\xff\\xfe"; {following} = 3;', malformed)
            self.case(f"{n} half a character", f'{n} = "\\xf0\\x9f\\x94"; {following} = 3;', malformed)
        return [following]

    def elements(self, kind, n, following):
        if not re.fullmatch(r"(\w+_)?count", following):
            self.missing(kind, n)
        kinds = {"text": "three_texts", "bytes": "three_bytes", "context_entry": "three_entries", "lab_text": "three_regions"}
        own = ROWS.get(n) or kinds[kind.removeprefix("const itemseal_").rstrip("*")]
        if self.name == "itemseal_table_builder_allowed_regions":
            own = "three_regions"
        base = kind.removeprefix("const ").rstrip("*")
        self.before.append(f"{base} copy_{n}[3]; memcpy(copy_{n}, {own}, sizeof copy_{n});")
        self.variables += [(kind, n, f"copy_{n}"), ("size_t", following, "3")]
        self.case(f"{n} NULL", f"{n} = NULL;")
        self.case(f"{n} NULL and none", f"{n} = NULL; {following} = 0;", None)
        self.case(f"{n} none", f"{following} = 0;", None)
        for huge in ("SIZE_MAX", "(size_t)PTRDIFF_MAX + 1", "SIZE_MAX / sizeof *%s + 2" % n):
            self.case(f"{n} {following} {huge}", f"{following} = {huge};")
        self.case(f"{n} unaligned", f"{n} = (const void *)((const char *){n} + 1); {following} = 1;")
        for part in (".name", ".value") if "entry" in kind else ("",):
            self.case(f"{n} with a NULL in it", f"copy_{n}[1]{part}.data = NULL;")
            self.case(f"{n} with a huge one in it", f"copy_{n}[2]{part}.length = SIZE_MAX;")
            if "bytes" not in kind:
                self.case(f"{n} not UTF-8", f'copy_{n}[2]{part}.data = "\\xff"; copy_{n}[2]{part}.length = 1;')
        return [following]

    def structure(self, base, n):
        valid, wrong = STRUCTURES[base]
        self.before.append(f"{base} own_{n} = {valid};")
        self.variables.append((f"const {base}*", n, f"&own_{n}"))
        self.case(f"{n} NULL", f"{n} = NULL;", self.wanted(n))
        self.case(f"{n} unaligned", f"{n} = (const void *)((const char *){n} + 1);")
        for what, statements, status in wrong:
            wanted = self.valid if status == "OK" else self.statuses + status
            self.case(f"{n} with {what}", statements.format(f"own_{n}"), wanted)
        return []

    def handles(self, kind, n, following):
        base = kind.removeprefix("const ").split("*")[0]
        if following != "count" or base not in self.opaque:
            self.missing(kind, n)
        fresh = self.fresh(base, n)
        self.before.append(f"{base} *own_{n}[2] = {{{fresh}, {fresh}}}; const {base} *copy_{n}[2] = {{own_{n}[0], own_{n}[1]}};")
        self.variables += [(f"const {base} *const *", n, f"copy_{n}"), ("size_t", "count", "2")]
        self.after.append(f"{base}_free(own_{n}[0]); {base}_free(own_{n}[1]);")
        self.case(f"{n} NULL", f"{n} = NULL;")
        self.case(f"{n} none", "count = 0;", self.ok if self.name in NOTHING_TO_DO else None)
        for huge in ("SIZE_MAX", "(size_t)PTRDIFF_MAX + 1", "SIZE_MAX / sizeof *%s + 2" % n):
            self.case(f"{n} count {huge}", f"count = {huge};")
        # Those that say which one failed write it: that is what the output is for.
        extra = "may_write_failed = 1;" if any(p == "failed" for _, p in self.parameters) else ""
        self.case(f"{n} with a NULL in it", f"copy_{n}[1] = NULL; {extra}")
        self.case(f"{n} with another type in it", f"copy_{n}[1] = (const void *)other_handle(\"{base}\"); {extra}")
        return ["count"]

    def handle(self, kind, n, base):
        fresh = self.fresh(base, n)
        if base == "itemseal_cursor":
            self.before.append("itemseal_item *under = fresh_item();")
            self.after.append("itemseal_item_free(under);")
        self.before.append(f"{base} *own_{n} = {fresh.replace('()', '(under)') if base == 'itemseal_cursor' else fresh};")
        self.variables.append((kind, n, f"own_{n}"))
        if not self.name.endswith("_free") and base not in SHARED:
            self.after.insert(0, f"{base}_free(own_{n});")
        if base == "itemseal_item":
            self.before.append(f"char *before_{n} = json_of(own_{n});")
            # What is borrowed, and what failed, is as it was.
            keeps = "1" if kind.startswith("const ") else "failed_call"
            if not self.name.endswith("_free"):
                self.after.insert(0, f"if ({keeps}) MATRIX(same_json(own_{n}, before_{n}));")
            self.after.append(f"free(before_{n});")
        self.case(f"{n} NULL", f"{n} = NULL;", self.wanted(n))
        self.case(f"{n} of another type", f"{n} = (void *)other_handle(\"{base}\");")
        self.case(f"{n} unaligned", f"{n} = (void *)((char *)own_{n} + 1);")
        return []

    def out(self, kind, n):
        base = kind[:-1]
        count = 2 if any(p == "items" and k.endswith("* const*") for k, p in self.parameters) and base.endswith("*") else 1
        spaced = base.replace("*", " *")
        self.before.append(f"{spaced} to_{n}[{count}]; memset(to_{n}, 0xa5, sizeof to_{n});")
        self.variables.append((kind, n, f"to_{n}"))
        self.outs.append(n)
        handle = base.rstrip("*")
        if base.endswith("*"):
            if handle not in self.opaque:
                self.missing(kind, n)
            for index in range(count):
                self.frees.append(f"if ({n} != NULL && was_set(&to_{n}[{index}], sizeof *to_{n})) {handle}_free(to_{n}[{index}]);")
        self.case(f"{n} NULL", f"{n} = NULL;", self.wanted(n))
        if not re.fullmatch(r"bool|char|uint8_t", base):
            # Set aside like the others where it is optional: an address that cannot be is a mistake then too.
            wanted = None if n == "failed" else self.invalid
            self.case(f"{n} unaligned", f"{n} = (void *)((char *)to_{n} + 1);", wanted)
        return []

    def lines(self):
        arguments = ", ".join("error" if kind == f"{self.error}**" else n for kind, n in self.parameters)
        has_error = any(kind == f"{self.error}**" for kind, _ in self.parameters)
        yield f"static void {self.name}_matrix(int which, int ask) {{"
        yield "    int may_write_failed = 0, failed_call = 0; (void)may_write_failed; (void)failed_call; (void)ask;"
        for line in self.before:
            yield f"    {line}"
        for kind, n, value in self.variables:
            yield f"    {kind} {n} = {value};"
        yield f"    int wanted = {self.ok};"
        yield "    switch (which) {"
        for number, (what, statements, wanted) in enumerate(self.cases):
            yield f"    case {number}: in_case = \"{self.name}: {what.replace(chr(34), '')}\"; {statements} wanted = {'ANY' if wanted is None else f'(int){wanted}'}; break;"
        yield "    }"
        status = self.error.removesuffix("error") + "status"
        if self.returns == status and has_error:
            yield f"    {self.error} *told = untouched, **error = ask ? &told : NULL;"
            yield f"    int got = (int){self.name}({arguments});"
            yield f"    failed_call = got != {self.ok};"
            yield "    matrix_status(wanted, got, ask, told);"
            for n in self.outs:
                allowed = " && !may_write_failed" if n == "failed" else ""
                yield f"    if (failed_call{allowed}) MATRIX(!was_set(to_{n}, sizeof to_{n}));"
            for line in self.frees:
                yield f"    if (!failed_call) {{ {line} }}"
        elif self.returns == "void" and self.name.endswith("_free"):
            yield f"    {self.name}({arguments});"
            owner = self.parameters[0][1]
            # NULL and handles of other types are left alone, and so was ours then.
            yield f"    if ({owner} != own_{owner}) {self.name}(own_{owner});"
            yield f"    MATRIX(wanted == {self.ok} || other_handles_live());"
        elif self.returns == "const char*" and self.parameters:
            yield f"    const char *got = {self.name}({arguments});"
            yield f"    MATRIX(wanted == {self.ok} || got == NULL || got[0] == '\\0');"
        elif self.returns == "itemseal_bytes" and self.parameters:
            yield f"    itemseal_bytes got = {self.name}({arguments});"
            yield f"    MATRIX(wanted == {self.ok} || (got.data == NULL && got.length == 0));"
        elif self.returns in ("bool", status) and self.parameters:
            yield f"    int got = (int){self.name}({arguments});"
            yield f"    MATRIX(wanted == {self.ok} || got == 0);"
        elif self.name in WITHOUT_ARGUMENTS:
            yield f"    (void){self.name}(); MATRIX(1); (void)wanted;"
        else:
            raise Missing(f"{self.name}: no recipe for a function that returns {self.returns}")
        for line in [AFTER.get(self.name, ""), *self.after]:
            yield f"    {line}"
        yield "}"


def main(path, recipes):
    prefix, functions, opaque = parse(open(path, encoding="utf-8").read())
    known = set(re.findall(r"\b((?:fresh|one)_\w+)\(", open(recipes, encoding="utf-8").read()))
    calls, missing = [], []
    for returns, name, parameters in functions:
        if name in UNTRIED:
            print(f"matrix.py: {name} is not tried: {UNTRIED[name]}", file=sys.stderr)
            continue
        try:
            calls.append(Call(prefix, returns, name, parameters, opaque, known))
        except Missing as why:
            missing.append(str(why))
    for why in missing:
        print(f"matrix.py: {why}", file=sys.stderr)
    print(f"matrix.py: {prefix}.h: {len(calls)} functions, {len(functions) - len(calls) - len(missing)} not tried", file=sys.stderr)
    if missing:
        return 1
    print(f'/* Made by matrix.py from {prefix}.h. */\n#include "{recipes.rsplit("/", 1)[-1]}"\n')
    for call in calls:
        print("\n".join(call.lines()), end="\n\n")
    print("static const struct matrix_row rows[] = {")
    for call in calls:
        # An answer is there only while a function of the program's is called.
        inside = int(any(kind.startswith("itemseal_answer") for kind, _ in call.parameters))
        print(f'    {{"{call.name}", {call.name}_matrix, {len(call.cases)}, {inside}}},')
    print("};\n\nint main(int count, char **given) {")
    print("    return matrix_run(rows, sizeof rows / sizeof *rows, count, given);\n}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Missing as why:
        sys.exit(f"matrix.py: {why}")
