"""lines.py encrypt|decrypt CONFIG TABLE: as lines.c, by itemseal for Python."""

import base64
import json
import sys

import itemseal


def change(value, binary):
    """A value with each of its byte strings changed."""
    ((kind, content),) = value.items()
    match kind:
        case "B":
            content = binary(content)
        case "BS":
            content = [binary(element) for element in content]
        case "SS" | "NS":
            content = list(content)
        case "L":
            content = [change(element, binary) for element in content]
        case "M":
            content = {name: change(element, binary) for name, element in content.items()}
    return {kind: content}


def text(data):
    return base64.b64encode(bytes(data)).decode()


def main(way, config, table):
    encryptor = itemseal.ItemEncryptor(config, table=table)
    work = encryptor.encrypt_dynamodb_item if way == "encrypt" else encryptor.decrypt_dynamodb_item
    for line in sys.stdin:
        item = {name: change(value, base64.b64decode) for name, value in json.loads(line).items()}
        print(json.dumps({name: change(value, text) for name, value in work(item).items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
