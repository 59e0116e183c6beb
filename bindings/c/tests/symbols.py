"""What the library exports is what the header declares, and nothing else: symbols.py HEADER EXPORTED"""

import sys

from matrix import parse


def main(header, exported):
    declared = {name for _, name, _ in parse(open(header, encoding="utf-8").read())[1]}
    found = set(open(exported, encoding="utf-8").read().split())
    for name in sorted(found - declared):
        print(f"symbols.py: {name} is exported, and not in the header", file=sys.stderr)
    for name in sorted(declared - found):
        print(f"symbols.py: {name} is in the header, and not exported", file=sys.stderr)
    print(f"symbols: {len(found)} exported, all of them in the header")
    return found != declared


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
