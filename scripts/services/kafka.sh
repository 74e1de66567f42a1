#!/bin/sh
# Makes a certificate, formats the storage with two SCRAM users, then becomes the broker.
# Runs natively and in the container of compose.yaml, which is why it is no TypeScript.
# usage: kafka.sh JAR-FOLDER TEMPLATE DATA-FOLDER
# environment: PLAINTEXT SASL_PLAINTEXT SASL_SSL SSL CONTROLLER (ports), BIND (address), JAVA, KEYTOOL,
#   JVM (options of Java), MORE (properties that win over the template's), KEEP (anything: go on with
#   the data that is there)
set -eu
jars=$1 template=$2 data=$3
java=${JAVA:-java}
properties="$data/server.properties"

become_the_broker() {
  # Warnings, and the one line that says it is ready.
  log=-Dorg.slf4j.simpleLogger
  exec "$java" ${JVM:--Xms256m -Xmx1g} $log.defaultLogLevel=warn \
    $log.log.kafka.server.KafkaRaftServer=info -cp "$jars/*" kafka.Kafka "$properties"
}

if [ -n "${KEEP:-}" ]; then become_the_broker; fi
rm -rf "$data"
mkdir -p "$data"
${KEYTOOL:-keytool} -genkeypair -alias broker -keyalg RSA -keysize 2048 -validity 365 \
  -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1 \
  -storetype PKCS12 -keystore "$data/broker.p12" -storepass changeit
${KEYTOOL:-keytool} -exportcert -rfc -alias broker -keystore "$data/broker.p12" \
  -storepass changeit > "$data/ca.pem"

sed -e "s|@BIND@|${BIND:-127.0.0.1}|g" -e "s|@DATA@|$data|g" -e "s|@PLAINTEXT@|$PLAINTEXT|g" \
  -e "s|@SASL_PLAINTEXT@|$SASL_PLAINTEXT|g" -e "s|@SASL_SSL@|$SASL_SSL|g" -e "s|@SSL@|$SSL|g" \
  -e "s|@CONTROLLER@|$CONTROLLER|g" "$template" > "$properties"
# Of a property that stands twice the last one counts.
printf '\n%s\n' "${MORE:-}" >> "$properties"

"$java" ${JVM:-} -cp "$jars/*" kafka.tools.StorageTool format -c "$properties" \
  -t MkU3OEVBNTcwNTJENDM2Qg \
  --add-scram 'SCRAM-SHA-512=[name=admin,password=admin-secret]' \
  --add-scram 'SCRAM-SHA-256=[name=admin,password=admin-secret]' \
  --add-scram 'SCRAM-SHA-512=[name=scorer,password=scorer-secret]' \
  --add-scram 'SCRAM-SHA-256=[name=scorer,password=scorer-secret]'
become_the_broker
