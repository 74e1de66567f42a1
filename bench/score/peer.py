"""The job as its users write it in Python: pandas, scikit-learn, confluent-kafka's transactions.

usage: peer.py DAY MODEL BOOTSTRAP TOPIC RUN
"""

import json
import sys

import joblib
import pyarrow.parquet as pq
from confluent_kafka import Producer

day, path, servers, topic, run = sys.argv[1:6]
columns, model = joblib.load(path)
# The scorer has one thread, as ours.
model[-1].n_jobs = 1
producer = Producer(
    {
        "bootstrap.servers": servers,
        "transactional.id": f"peer-{topic}",
        "linger.ms": 50,
        "queue.buffering.max.messages": 1_000_000,
    }
)
producer.init_transactions()
count = 0
for batch in pq.ParquetFile(day).iter_batches(batch_size=10_000):
    frame = batch.to_pandas()
    probabilities = model.predict_proba(frame[columns])
    producer.begin_transaction()
    for key, (no, yes) in zip(frame["flight_id"], probabilities.tolist()):
        late = yes > no
        value = {
            "id": key,
            "prediction": late,
            "probability": max(no, yes),
            "probabilities": {"false": no, "true": yes},
            "model": {"name": "flights-late", "version": "1"},
            "run_id": run,
            "scored_at": "2013-10-01T06:00:00.000Z",
        }
        producer.produce(
            topic,
            key=key,
            value=json.dumps(value),
            headers={
                "event-id": f"{run}-{count}",
                "model-version": "1",
                "run-id": run,
                "content-type": "application/json",
            },
        )
        count += 1
        if count % 1000 == 0:
            producer.poll(0)
    producer.commit_transaction()
print(json.dumps({"accepted": count}))
