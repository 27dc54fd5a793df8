"""A mail server that others wrote (aiosmtpd), with TLS and AUTH: a program that tells what happens to it, a line of JSON each.

    python3 tls_mail_server.py HOST starttls|smtps|plain CERTIFICATE KEY USER PASSWORD MECHANISM

{"port": 40001} · {"login": "PLAIN", "user": …, "password": …, "tls": true} · {"mail": "the message", "tls": true, "user": …}
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(**what):
    print(json.dumps(what), flush=True)


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        say(mail=envelope.content.decode(), tls=session.ssl is not None or mode == "smtps", user=session.auth_data)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    say(login=mechanism, user=data.login.decode(), password=data.password.decode(), tls=session.ssl is not None or mode == "smtps")
    right = data == LoginPassword(user.encode(), password.encode())
    return AuthResult(success=right, handled=False, auth_data=data.login.decode())


async def serve():
    context = None
    if mode != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)

    def session():
        # "plain" takes a password from anybody who sends one: the test shows that nobody does.
        return SMTP(Keeper(), hostname="mail.test", tls_context=context if mode == "starttls" else None, require_starttls=mode == "starttls" and bool(user),
                    authenticator=authenticate, auth_required=bool(user), auth_require_tls=mode == "starttls",
                    auth_exclude_mechanism={"PLAIN", "LOGIN"} - {only})

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: None)  # A client that does not like our certificate hangs up.
    server = await loop.create_server(session, host, 0, ssl=context if mode == "smtps" else None)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


host, mode, certificate, key, user, password, only = sys.argv[1:]
asyncio.run(serve())
