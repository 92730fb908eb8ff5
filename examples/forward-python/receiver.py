"""Receives events from reliable-callback's FORWARD_URL: checks the signature and stores each event once."""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

# A request that is older was perhaps recorded by somebody and sent again.
TOLERANCE_S = 5 * 60
MAX_BYTES = 8 * 1024 * 1024

KEY = base64.b64decode(os.environ["FORWARD_SECRET"].removeprefix("whsec_"))
DATABASE = os.environ.get("EVENTS_DB", "events.sqlite")
PORT = int(os.environ.get("PORT", "8080"))


def is_genuine(headers, body):
    """Standard Webhooks. While the secret is changed, the header carries a signature for the old and the new one."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


class Receiver(BaseHTTPRequestHandler):
    # An HTTP/1.1 client that keeps its connection would block the others: this server answers one at a time.
    protocol_version = "HTTP/1.0"
    # A client that sends nothing is cut off.
    timeout = 10

    def do_POST(self):
        length = int(self.headers.get("content-length", "0"))
        if length > MAX_BYTES:
            return self.answer(413)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body):
            return self.answer(401)
        store(json.loads(body))
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing for each request."""


def store(delivery):
    """Committed before the answer: the worker confirms the event right after it. A known id changes nothing."""
    with database:
        database.execute(
            "insert or ignore into events (id, type, body) values (?, ?, ?)",
            (delivery["id"], delivery["type"], json.dumps(delivery["event"])),
        )


database = sqlite3.connect(DATABASE)
database.execute("create table if not exists events (id text primary key, type text, body text)")
server = HTTPServer(("127.0.0.1", PORT), Receiver)
print(f"http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
