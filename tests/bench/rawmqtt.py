"""Just enough MQTT 3.1.1 on a plain socket, so that a benchmark measures the others and not its client.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import socket
import struct


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("!H", len(data)) + data


def packet(first, body):
    length, head = len(body), b""
    while True:
        length, byte = divmod(length, 128)
        head += bytes([byte | (128 if length else 0)])
        if not length:
            return bytes([first]) + head + body


def connect_packet(client_id, username, password, keepalive=0):
    return packet(0x10, text("MQTT") + b"\4\xc2" + struct.pack("!H", keepalive) + text(client_id) + text(username) +
                  text(password))


def publish_packet(topic, payload, qos=0, retain=True, packet_id=1):
    return packet(0x30 | (qos << 1) | int(retain), text(topic) + (struct.pack("!H", packet_id) if qos else b"") +
                  (payload if isinstance(payload, bytes) else payload.encode()))


def subscribe_packet(topic, qos=0, packet_id=1):
    return packet(0x82, struct.pack("!H", packet_id) + text(topic) + bytes([qos]))


class Link:
    """A connection that reads packet by packet."""

    def __init__(self, port, client_id, username, password):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.send(connect_packet(client_id, username, password))
        first, body = self.read()
        if first != 0x20 or body[1] != 0:
            raise RuntimeError(f"{username} was not let in: {body!r}")

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))

    def read(self):
        """(first byte, body); (0, b"") at the end."""
        first = self.file.read(1)
        if not first:
            return 0, b""
        length = shift = 0
        while True:
            byte = self.file.read(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return first[0], self.file.read(length)

    def read_publish(self):
        """(topic, payload, packet id or 0), whatever else may come between; None at the end."""
        while True:
            first, body = self.read()
            if not first:
                return None
            if first & 0xf0 != 0x30:
                continue
            end = 2 + struct.unpack("!H", body[:2])[0]
            if first & 6:
                return body[2:end].decode(), body[end + 2:], struct.unpack("!H", body[end:end + 2])[0]
            return body[2:end].decode(), body[end:], 0

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()
