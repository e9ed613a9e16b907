"""Writes vectors.properties: tokens that were made without any code of this repository.

python3 vectors.py > vectors.properties, with the package `cryptography`. Keys are drawn anew each time.
"""
import base64
import datetime
import hashlib
import hmac
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

EXPIRY = int(datetime.datetime(2026, 11, 20, 13, tzinfo=datetime.timezone.utc).timestamp())
SECRET = b"0123456789abcdef0123456789abcdef"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, length):
    return b64(value.to_bytes(length, "big"))


def jwt(alg, kid, sign):
    claims = {"sub": "10000", "iss": "login.example", "aud": ["gatesvr", "other"], "exp": EXPIRY}
    text = b64(json.dumps({"alg": alg, "kid": kid}).encode()) + "." + b64(json.dumps(claims).encode())
    return text + "." + b64(sign(text.encode()))


def sealed():
    head = bytes([1, 2]) + b"k1"
    nonce = os.urandom(12)
    plain = struct.pack(">q", EXPIRY * 1000) + os.urandom(16) + b"10000"
    return b64(head + nonce + AESGCM(SECRET).encrypt(nonce, plain, b"gatesvr-login" + head))


def main():
    r = rsa.generate_private_key(65537, 2048)
    e = ec.generate_private_key(ec.SECP256R1())
    rn, en = r.public_key().public_numbers(), e.public_key().public_numbers()

    def es256(message):
        x, y = decode_dss_signature(e.sign(message, ec.ECDSA(hashes.SHA256())))
        return x.to_bytes(32, "big") + y.to_bytes(32, "big")

    keys = [
        {"kty": "RSA", "kid": "r1", "n": number(rn.n, 256), "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "kid": "e1", "x": number(en.x, 32), "y": number(en.y, 32)},
        {"kty": "oct", "kid": "h1", "k": b64(SECRET)},
    ]
    print("jwks=" + json.dumps({"keys": keys}))
    print("rs256=" + jwt("RS256", "r1", lambda m: r.sign(m, padding.PKCS1v15(), hashes.SHA256())))
    print("es256=" + jwt("ES256", "e1", es256))
    print("hs256=" + jwt("HS256", "h1", lambda m: hmac.new(SECRET, m, hashlib.sha256).digest()))
    print("sealed=" + sealed())


main()
