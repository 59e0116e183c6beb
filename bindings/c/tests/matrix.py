"""Reads the header and writes a C program that calls every function in it wrongly: matrix.py HEADER > matrix.c

Each pointer is NULL in turn with the others valid; lengths are zero and huge; text is not UTF-8; handles are of another
type, and unaligned; numbers are of no enumeration. A function or type for which there is no valid call here ends the
generator with its name: add it below, or in matrix.h.
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
}
TEXTS = {
    "name": '"s"', "text": '"text"', "number": '"12"', "json": "EVERY_TYPE", "logical_name": '"Orders"',
    "prefix": '":"', "path": "toml_path", "toml": "TOML", "folder": "here", "table": '"Orders"',
    "key_namespace": '"tests"', "public_key": "RSA_PUBLIC", "private_key": "RSA_PRIVATE",
}
BYTES = {"data": "some_bytes", "cbor": "plain_cbor", "key": "some_key"}
NUMBERS = {
    "index": "0", "value": "1", "number": "5", "action": "ITEMSEAL_ACTION_SIGN_ONLY",
    "suite": "ITEMSEAL_SUITE_HMAC_ONLY", "padding": "ITEMSEAL_RSA_PADDING_OAEP_SHA256",
}
# Numbers that cannot be right, and the status that says so.
BAD_NUMBERS = {
    "index": ("SIZE_MAX", "ITEMSEAL_STATUS_NOT_FOUND"),
    "action": ("99", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "suite": ("0", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
    "padding": ("UINT32_MAX", "ITEMSEAL_STATUS_INVALID_ARGUMENT"),
}
VIEWS = {"view": 'view_of("m")'}
# Handles that a parameter's name asks to be of a kind.
HANDLES = {"list": "fresh_list()", "map": "fresh_map()"}
# The header says that these may be NULL; with their lengths 0 where they have one.
OPTIONAL = {
    ("itemseal_config_file_parse", "folder"), ("itemseal_config_file_table", "name"),
    ("itemseal_encryptor_from_file", "table"), ("itemseal_keyring_raw_rsa", "public_key"),
    ("itemseal_keyring_raw_rsa", "private_key"), ("itemseal_encrypt_items", "failed"),
    ("itemseal_decrypt_items", "failed"), ("itemseal_cursor_next", "name"), ("itemseal_cursor_next", "value"),
}
# Zero elements are none at all, for which nothing is read or written.
NOTHING_TO_DO = {"itemseal_encrypt_items", "itemseal_decrypt_items"}
# Its inputs are bytes that should be text: what is no UTF-8 is no JSON either.
MALFORMED = {"itemseal_item_from_json", "itemseal_encrypt_json", "itemseal_decrypt_json"}
WITHOUT_ARGUMENTS = {"itemseal_version", "itemseal_abi_version"}

INVALID = "ITEMSEAL_STATUS_INVALID_ARGUMENT"


class Missing(Exception):
    pass


def parse(header):
    """Prototypes, and which types are opaque."""
    opaque = set(re.findall(r"^typedef struct (itemseal_\w+) \1;", header, re.M))
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
        functions.append((returns.replace(" *", "*").strip(), name, parameters))
    return functions, opaque


class Call:
    """One function: its variables, and every way to call it."""

    def __init__(self, returns, name, parameters, opaque, recipes):
        self.returns, self.name, self.parameters = returns, name, parameters
        self.opaque, self.recipes = opaque, recipes
        self.variables, self.before, self.after = [], [], []
        # (what, statements, the status wanted, or None where any will do if it is told)
        self.cases = [("valid", "", "ITEMSEAL_STATUS_OK")]
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
        if given.split("(")[0] not in self.recipes:
            self.missing(handle, n)
        return given

    def wanted(self, n, status=INVALID):
        return "ITEMSEAL_STATUS_OK" if (self.name, n) in OPTIONAL else status

    def case(self, what, statements, wanted=INVALID):
        self.cases.append((what, statements, wanted))

    def parameter(self, kind, n, following):
        if kind == "itemseal_error**":
            return []
        base = kind.removeprefix("const ").rstrip("*")
        if kind in ("const char*", "const uint8_t*"):
            return self.text(kind, n, following)
        if kind in ("const itemseal_text*", "const itemseal_bytes*"):
            return self.elements(kind, n, following)
        if kind.endswith("* const*"):
            return self.handles(kind, n, following)
        if base in self.opaque and kind.count("*") == 1:
            return self.handle(kind, n, base)
        if kind == "itemseal_view":
            self.variables.append((kind, n, self.look(VIEWS, kind, n)))
            self.case(f"{n} of zeros", f"memset(&{n}, 0, sizeof {n});")
            self.case(f"{n} of garbage", f"memset(&{n}, 0xa5, sizeof {n});")
            return []
        if kind in ("size_t", "int64_t", "uint8_t", "uint32_t", "uint64_t", "bool"):
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
        length = f"length_of_{valid}" if kind == "const uint8_t*" or valid == "stored_json" else f"strlen({valid})"
        self.variables += [(kind, n, valid), ("size_t", following, length)]
        malformed = "ITEMSEAL_STATUS_MALFORMED" if self.name in MALFORMED else INVALID
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
        if following != "count":
            self.missing(kind, n)
        own = "three_texts" if "text" in kind else "three_bytes"
        base = kind.removeprefix("const ").rstrip("*")
        self.before.append(f"{base} copy_{n}[3]; memcpy(copy_{n}, {own}, sizeof copy_{n});")
        self.variables += [(kind, n, f"copy_{n}"), ("size_t", "count", "3")]
        self.case(f"{n} NULL", f"{n} = NULL;")
        self.case(f"{n} NULL and none", f"{n} = NULL; count = 0;", None)
        self.case(f"{n} none", "count = 0;", None)
        for huge in ("SIZE_MAX", "(size_t)PTRDIFF_MAX + 1", "SIZE_MAX / sizeof *%s + 2" % n):
            self.case(f"{n} count {huge}", f"count = {huge};")
        self.case(f"{n} unaligned", f"{n} = (const void *)((const char *){n} + 1); count = 1;")
        self.case(f"{n} with a NULL in it", f"copy_{n}[1].data = NULL;")
        self.case(f"{n} with a huge one in it", f"copy_{n}[2].length = SIZE_MAX;")
        if "text" in kind:
            self.case(f"{n} not UTF-8", f'copy_{n}[2].data = "\\xff"; copy_{n}[2].length = 1;')
        return ["count"]

    def handles(self, kind, n, following):
        base = kind.removeprefix("const ").split("*")[0]
        if following != "count" or base not in self.opaque:
            self.missing(kind, n)
        fresh = self.fresh(base, n)
        self.before.append(f"{base} *own_{n}[2] = {{{fresh}, {fresh}}}; const {base} *copy_{n}[2] = {{own_{n}[0], own_{n}[1]}};")
        self.variables += [(f"const {base} *const *", n, f"copy_{n}"), ("size_t", "count", "2")]
        self.after.append(f"{base}_free(own_{n}[0]); {base}_free(own_{n}[1]);")
        self.case(f"{n} NULL", f"{n} = NULL;")
        self.case(f"{n} none", "count = 0;", "ITEMSEAL_STATUS_OK" if self.name in NOTHING_TO_DO else None)
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
        if not self.name.endswith("_free"):
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
        count = 2 if any(p == "items" for _, p in self.parameters) and base.endswith("*") else 1
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
            wanted = None if n == "failed" else INVALID
            self.case(f"{n} unaligned", f"{n} = (void *)((char *)to_{n} + 1);", wanted)
        return []

    def lines(self):
        arguments = ", ".join("error" if kind == "itemseal_error**" else n for kind, n in self.parameters)
        has_error = any(kind == "itemseal_error**" for kind, _ in self.parameters)
        yield f"static void {self.name}_matrix(int which, int ask) {{"
        yield "    int may_write_failed = 0, failed_call = 0; (void)may_write_failed; (void)failed_call; (void)ask;"
        for line in self.before:
            yield f"    {line}"
        for kind, n, value in self.variables:
            yield f"    {kind} {n} = {value};"
        yield "    int wanted = ITEMSEAL_STATUS_OK;"
        yield "    switch (which) {"
        for number, (what, statements, wanted) in enumerate(self.cases):
            yield f"    case {number}: in_case = \"{self.name}: {what.replace(chr(34), '')}\"; {statements} wanted = {'ANY' if wanted is None else f'(int){wanted}'}; break;"
        yield "    }"
        if self.returns == "itemseal_status" and has_error:
            yield "    itemseal_error *told = untouched, **error = ask ? &told : NULL;"
            yield f"    int got = (int){self.name}({arguments});"
            yield "    failed_call = got != ITEMSEAL_STATUS_OK;"
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
            yield "    MATRIX(wanted == ITEMSEAL_STATUS_OK || other_handles_live());"
        elif self.returns == "const char*" and self.parameters:
            yield f"    const char *got = {self.name}({arguments});"
            yield "    MATRIX(wanted == ITEMSEAL_STATUS_OK || got == NULL || got[0] == '\\0');"
        elif self.returns in ("bool", "itemseal_status") and self.parameters:
            yield f"    int got = (int){self.name}({arguments});"
            yield "    MATRIX(wanted == ITEMSEAL_STATUS_OK || got == 0);"
        elif self.name in WITHOUT_ARGUMENTS:
            yield f"    (void){self.name}(); MATRIX(1); (void)wanted;"
        else:
            raise Missing(f"{self.name}: no recipe for a function that returns {self.returns}")
        for line in self.after:
            yield f"    {line}"
        yield "}"


def main(path, recipes):
    functions, opaque = parse(open(path, encoding="utf-8").read())
    known = set(re.findall(r"\b(fresh_\w+)\(", open(recipes, encoding="utf-8").read()))
    calls, missing = [], []
    for returns, name, parameters in functions:
        try:
            calls.append(Call(returns, name, parameters, opaque, known))
        except Missing as why:
            missing.append(str(why))
    for why in missing:
        print(f"matrix.py: {why}", file=sys.stderr)
    if missing:
        return 1
    print('/* Made by matrix.py from itemseal.h. */\n#include "matrix.h"\n')
    for call in calls:
        print("\n".join(call.lines()), end="\n\n")
    print("static const struct matrix_row rows[] = {")
    for call in calls:
        print(f'    {{"{call.name}", {call.name}_matrix, {len(call.cases)}}},')
    print("};\n\nint main(int count, char **given) {")
    print("    return matrix_run(rows, sizeof rows / sizeof *rows, count, given);\n}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Missing as why:
        sys.exit(f"matrix.py: {why}")
