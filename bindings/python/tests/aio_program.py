"""A program whose KMS is answered on its own loop, after a hundred other turns of it."""

import asyncio
import os
import sys
import urllib.request

from aiobotocore.session import get_session
from attaching import TABLE, item, key

import itemseal

lab_url, path = sys.argv[1:]
calls = ticks = 0


async def answer(reader, writer):
    """One request on one connection, passed on to the lab."""
    global calls
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    length = next(int(value) for name, value in headers.items() if name.lower() == "content-length")
    body = await reader.readexactly(length)
    calls += 1
    seen = ticks
    while ticks < seen + 100:
        await asyncio.sleep(0)

    def ask():
        unwanted = ("host", "content-length", "connection", "accept-encoding")
        kept = {name: value for name, value in headers.items() if name.lower() not in unwanted}
        with urllib.request.urlopen(urllib.request.Request(lab_url, body, kept)) as response:
            return response.read()

    told = await asyncio.to_thread(ask)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close\r\n")
    writer.write(b"content-length: %d\r\n\r\n" % len(told) + told)
    await writer.drain()
    writer.close()


async def count():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep(0)


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    os.environ["AWS_ENDPOINT_URL_KMS"] = f"http://127.0.0.1:{port}"
    counting = asyncio.create_task(count())
    async with get_session().create_client("dynamodb") as client:
        itemseal.attach(client, path)
        await client.put_item(TableName=TABLE, Item=item("1"))
        assert (await client.get_item(TableName=TABLE, Key=key("1")))["Item"] == item("1")
    counting.cancel()
    server.close()
    print(calls, ticks)


asyncio.run(main())
