"""Makes a user that signs in with SCRAM-SHA-512: make_user.py SERVERS NAME PASSWORD."""

import sys

from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

servers, name, password = sys.argv[1:]
admin = AdminClient({"bootstrap.servers": servers})
info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
upsertion = UserScramCredentialUpsertion(name, info, password.encode())
for done in admin.alter_user_scram_credentials([upsertion]).values():
    done.result()
print("{}")
