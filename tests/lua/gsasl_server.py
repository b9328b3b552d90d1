#!/usr/bin/env python3
"""Runs a command beside SMTP servers on loopback whose AUTH is GNU SASL's own server side; ends with the command's status.
EHLO_AUTH_PORT speaks TLS 1.3 after STARTTLS, EHLO_AUTH_PORT_12 TLS 1.2.

As with auth_server.py the name in EHLO chooses the server: its labels are the mechanisms it lists. "elsewhere" gives it the
binding of another connection; "echo" repeats in each refusal what it was sent.
"""
import base64
import ctypes
import sys

import auth_server
from auth_server import SECRET, USER, Refused

OK, NEEDS_MORE = 0, 1
# Properties, as gsasl.h numbers them.
AUTHID, PASSWORD, ITERATIONS, CB_TLS_UNIQUE, CB_TLS_EXPORTER = 1, 3, 15, 18, 25

gsasl = ctypes.CDLL("libgsasl.so.18")
gsasl.gsasl_strerror_name.restype = ctypes.c_char_p


class Session(auth_server.Session):
    def method(self, name):
        return Session.exchange

    def bindings(self):
        """What this connection can be bound by, as (property, bytes); none where -PLUS is not to be had."""
        if not any(label.endswith("-PLUS") for label in self.labels):
            return []
        if self.connection.version() == "TLSv1.3":
            kind, data = CB_TLS_EXPORTER, auth_server.exporter(self.connection)
        else:
            kind, data = CB_TLS_UNIQUE, self.connection.get_channel_binding("tls-unique")
        if "ELSEWHERE" in self.labels:
            data = bytes(byte ^ 1 for byte in data)
        return [(kind, base64.b64encode(data))]

    def exchange(self, words):
        context, session = ctypes.c_void_p(), ctypes.c_void_p()
        assert gsasl.gsasl_init(ctypes.byref(context)) == OK
        assert gsasl.gsasl_server_start(context, words[0].upper().encode(), ctypes.byref(session)) == OK
        try:
            for kind, data in [(AUTHID, USER.encode()), (PASSWORD, SECRET.encode()), (ITERATIONS, b"4096"), *self.bindings()]:
                assert gsasl.gsasl_property_set(session, kind, data) == OK
            self.steps(session, None if len(words) < 2 else self.first(words))
        finally:
            gsasl.gsasl_finish(session)
            gsasl.gsasl_done(context)

    def steps(self, session, given):
        """Challenge and response until GNU SASL has enough; what it says last is a challenge with an empty answer (RFC 4954 4)."""
        while True:
            output, size = ctypes.c_void_p(), ctypes.c_size_t()
            rc = gsasl.gsasl_step(session, given, ctypes.c_size_t(len(given or b"")), ctypes.byref(output), ctypes.byref(size))
            said = ctypes.string_at(output, size.value) if output else b""
            gsasl.gsasl_free(output)
            if rc not in (OK, NEEDS_MORE):
                raise Refused(gsasl.gsasl_strerror_name(rc).decode())
            if rc == NEEDS_MORE or said:
                given = self.ask(said)
            if rc == OK:
                return


if __name__ == "__main__":
    sys.exit(auth_server.main(Session))
