#!/usr/bin/env python3
"""Writes orders.jsonl: 1,000 made-up orders in DynamoDB JSON, the same ones each time.

Nobody in it exists: names are drawn from lists, telephone numbers are from ranges reserved for
fiction, card numbers are the card schemes' published test numbers, domains are RFC 2606's.
"""

import base64
import hashlib
import json
import random
from decimal import Decimal
from pathlib import Path

random.seed(20260101)
GIVEN = "Aoife Björn Chidi Dolores Emre Fatima Giulia Hiroshi Inês José Kamala Liam Mei Nadia Oleg Priya Quentin Rosa Søren Tomás Uma Véronique Wanjiru Ximena Yara Zoë".split()
FAMILY = "Adeyemi Byrne Castro Dubois Eriksson Fischer García Haddad Ivanov Jansen Kowalski Lindqvist Müller Nakamura O’Neill Papadopoulos Quinn Rossi Şahin Tanaka Ueda Varga Wójcik Xu Yılmaz Zhang".split()
CITIES = [("Dublin", "IE", "D02 X285"), ("Köln", "DE", "50667"), ("São Paulo", "BR", "01310-100"),
          ("Singapore", "SG", "018956"), ("Zürich", "CH", "8001"), ("東京", "JP", "100-0001"),
          ("Seattle", "US", "98109"), ("Kraków", "PL", "31-042"), ("Nairobi", "KE", "00100"),
          ("Łódź", "PL", "90-001"), ("Reykjavík", "IS", "101"), ("Mumbai", "IN", "400001")]
STREETS = ["High Street", "Rue de la Paix", "Hauptstraße", "Via Roma", "Avenida Paulista", "銀座通り", "Orchard Road"]
PRODUCTS = [("Linen shirt, long sleeve", 49.90), ("Trail running shoes", 129.00), ("Espresso cups (set of 4)", 28.50),
            ("Noise-cancelling headphones", 249.00), ("Notebook, dotted, A5", 12.95), ("Cast-iron pan 26 cm", 64.00),
            ("USB-C charger 65 W", 39.99), ("Wool blanket", 89.00), ("Bicycle lights", 34.90), ("Board game “Harbour”", 44.00)]
CARDS = [("Visa", "4111111111111111"), ("Visa", "4012888888881881"), ("Mastercard", "5555555555554444"),
         ("American Express", "378282246310005"), ("JCB", "3530111333300000")]
STATUS = ["New", "Paid", "Packed", "Shipped", "Delivered", "Returned"]
TAGS = ["gift", "express", "first-order", "loyalty", "fragile", "pickup", "b2b"]


def number(value):
    """As DynamoDB returns numbers: plain decimal, without superfluous zeros."""
    text = format(Decimal(str(value)), "f")
    return {"N": text.rstrip("0").rstrip(".") if "." in text else text}


def binary(*parts):
    return base64.b64encode(b"".join(parts)).decode()


def order(index):
    given, family = random.choice(GIVEN), random.choice(FAMILY)
    city, country, postcode = random.choice(CITIES)
    scheme, card = random.choice(CARDS)
    lines, total = [], 0
    for title, price in random.sample(PRODUCTS, random.randint(1, 4)):
        quantity = random.choice([1, 1, 1, 2, 3])
        total += quantity * price
        lines.append({"M": {"Sku": {"S": "SKU-%05d" % random.randint(1, 99999)}, "Title": {"S": title},
                            "Quantity": number(quantity), "Price": number(price),
                            "Options": {"L": [{"S": random.choice(["red", "blue", "natural"])}, {"BOOL": random.random() < 0.2}]}}})
    digest = hashlib.sha256(b"order %d" % index).digest()
    item = {
        "OrderID": {"S": "ord-%06d" % (100000 + index)},
        "CustomerID": {"S": "cust-%04d" % random.randint(1, 400)},
        "OrderStatus": {"S": random.choice(STATUS)},
        "PlacedAt": number(1_760_000_000 + index * 977),
        "Name": {"S": f"{given} {family}"},
        "Email": {"S": f"{given}.{family}@example.com".lower().replace("’", "")},
        "Phone": {"S": "+1-202-555-01%02d" % random.randint(0, 99)},
        "ShipTo": {"M": {"Street": {"S": f"{random.randint(1, 240)} {random.choice(STREETS)}"}, "City": {"S": city},
                         "Postcode": {"S": postcode}, "Country": {"S": country},
                         "Geo": {"L": [number(round(random.uniform(-60, 60), 5)), number(round(random.uniform(-170, 170), 5))]}}},
        "Card": {"M": {"Scheme": {"S": scheme}, "Number": {"S": card}, "Expires": {"S": "%02d/%d" % (random.randint(1, 12), random.randint(27, 31))},
                       "Holder": {"S": f"{given} {family}".upper()}}},
        "Lines": {"L": lines},
        "Total": number(round(total, 2)),
        "Tags": {"SS": sorted(random.sample(TAGS, random.randint(1, 3)))},
        "Discounts": {"NS": sorted(str(n) for n in random.sample([0.5, 5, 7.5, 10, 15], random.randint(1, 2)))},
        "GiftWrap": {"BOOL": random.random() < 0.3},
        "Note": {"NULL": True} if random.random() < 0.7 else {"S": random.choice(["Leave at the door", "Ring twice", "Bitte nicht stürzen", "🎁 it’s a present"])},
        "Receipt": {"B": binary(b"%PDF-", digest, digest[:random.randint(0, 31)])},
        "Parcels": {"BS": [binary(part) for part in sorted([digest[:8], digest[8:16]])][: random.randint(1, 2)]},
    }
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


Path(__file__).with_name("orders.jsonl").write_text("".join(order(i) + "\n" for i in range(1000)), encoding="utf-8")
