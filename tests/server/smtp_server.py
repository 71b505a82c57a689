"""A real SMTP server on a free port, as small as one can be, that does what a test wants of it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import collections
import queue
import socket
import ssl
import threading

Mail = collections.namedtuple("Mail", "sender recipients data")


class SmtpServer:
    """@answers: what the next recipients get instead of “250”. @silent: it accepts connections and says nothing.
    @tls: a context; @starts_tls: only after the client asks for it. @password: what AUTH PLAIN must hold."""

    def __init__(self, answers=(), silent=False, tls=None, starts_tls=False, password=None):
        self.answers = list(answers)
        self.silent = silent
        self.tls = tls
        self.starts_tls = starts_tls
        self.password = password
        self.heard = b""
        self.mails = queue.Queue()
        self.asked = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.peers = []
        threading.Thread(target=self.serve, daemon=True).start()

    def take(self):
        """A mail, or None."""
        try:
            return self.mails.get_nowait()
        except queue.Empty:
            return None

    def was_asked(self):
        return self.asked.is_set()

    def stop(self):
        self.listener.close()
        for peer in self.peers:
            peer.close()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            self.asked.set()
            if not self.silent:
                threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        try:
            if self.tls is not None and not self.starts_tls:
                peer = self.tls.wrap_socket(peer, server_side=True)
            self.converse(peer)
        except (OSError, ValueError):
            pass
        finally:
            peer.close()

    def converse(self, peer):
        say = lambda text: peer.sendall(text.encode() + b"\r\n")
        say("220 test")
        lines = peer.makefile("rb")
        sender, recipients, is_known = None, [], self.password is None
        while line := lines.readline():
            self.heard += line
            text = line.decode().rstrip("\r\n")
            verb = text.split(" ")[0].split(":")[0].upper()
            if verb in ("EHLO", "HELO"):
                is_plain = self.starts_tls and not isinstance(peer, ssl.SSLSocket)
                say("250-test\r\n250 " + ("STARTTLS" if is_plain else "AUTH PLAIN"))
            elif verb == "STARTTLS":
                say("220 go on")
                peer = self.tls.wrap_socket(peer, server_side=True)
                lines = peer.makefile("rb")
                say = lambda text, peer=peer: peer.sendall(text.encode() + b"\r\n")
            elif verb == "AUTH":
                if len(text.split(" ")) < 3:
                    say("334 ")
                    text += " " + lines.readline().decode().strip()
                is_known = base64.b64decode(text.split(" ")[2]).split(b"\0")[1:] == self.password
                say("235 welcome" if is_known else "535 no")
            elif not is_known and verb not in ("QUIT", "RSET", "NOOP"):
                say("530 who are you")
            elif verb == "MAIL":
                sender, recipients = text[text.index("<") + 1:text.index(">")], []
                say("250 fine")
            elif verb == "RCPT":
                answer = self.answers.pop(0) if self.answers else "250 fine"
                if answer.startswith("250"):
                    recipients.append(text[text.index("<") + 1:text.index(">")])
                say(answer)
            elif verb == "DATA":
                say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += lines.readline()
                self.heard += data
                self.mails.put(Mail(sender, recipients, data[:-3].replace(b"\r\n..", b"\r\n.")))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine" if verb in ("RSET", "NOOP") else "502 unknown")
