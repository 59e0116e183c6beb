"""A KMS that takes requests and never answers, at the end of a socket."""

import contextlib
import socket
import threading


@contextlib.contextmanager
def hanging(asked):
    """Gives its URL; ``asked`` is called when a request has come."""
    server = socket.create_server(("127.0.0.1", 0))
    taken = []

    def take():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                taken.append(connection)
                if connection.recv(1):
                    asked()

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield "http://127.0.0.1:%d" % server.getsockname()[1]
    finally:
        # This ends the accept, too.
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in [server, *taken]:
            connection.close()
