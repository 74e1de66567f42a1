"""Makes a certificate: certificate.py HOST DAYS prints {"authority", "certificate", "key"}, PEM, as JSON.

It is for HOST, ends in DAYS days (negative: it has ended), and has an authority of its own.
"""

import datetime
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
PEM = serialization.Encoding.PEM


def main(host, days):
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = (
        builder("authority", "authority", authority_key, 4000)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        builder(host, "authority", key, int(days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    made = {
        "authority": authority.public_bytes(PEM),
        "certificate": certificate.public_bytes(PEM),
        "key": key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    }
    print(json.dumps({name: pem.decode() for name, pem in made.items()}))


def builder(subject, issuer, key, days):
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=400))
        .not_valid_after(NOW + datetime.timedelta(days=days, hours=1))
    )


main(*sys.argv[1:])
