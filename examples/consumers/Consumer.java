import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Reads predictions run by run: a run is handed on when it is complete, and never in part.
 *
 * <pre>java -cp "FOLDER-WITH-kafka-clients-AND-jackson-databind/*" Consumer.java \
 *     BOOTSTRAP_SERVERS TOPIC GROUP [RUNS]</pre>
 *
 * Prints each prediction as a line of JSON, then goes on to the next run; ends after RUNS runs, if
 * given. System properties like -Dsecurity.protocol=… are settings of the consumer too. It keeps the
 * predictions of open runs in memory, so it must be the only process of its group: with more, each
 * gets some of the partitions, and they would have to meet in a database.
 */
public class Consumer {
    public static void main(String[] arguments) throws Exception {
        String topic = arguments[1];
        long runs = arguments.length > 3 ? Long.parseLong(arguments[3]) : Long.MAX_VALUE;
        Properties settings = new Properties();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.matches("(security|sasl|ssl)\\..*")) settings.put(name, System.getProperty(name));
        }
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("group.id", arguments[2]);
        // Without it, messages of transactions that were aborted or are still open are read too.
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        // Offsets are committed once what was read is handed on, not before.
        settings.put("enable.auto.commit", "false");
        String text = "org.apache.kafka.common.serialization.StringDeserializer";
        settings.put("key.deserializer", text);
        settings.put("value.deserializer", text);

        ObjectMapper json = new ObjectMapper();
        Map<String, List<String>> pending = new HashMap<>(); // predictions by run
        Map<String, JsonNode> complete = new HashMap<>(); // records of completed runs, by run
        Set<String> replaced = new HashSet<>(); // runs that are not wanted any more
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(topic, topic + ".runs"));
            for (long handedOn = 0; handedOn < runs;) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.topic().equals(topic)) {
                        String run = header(record, "run-id");
                        if (replaced.contains(run)) continue;
                        pending.computeIfAbsent(run, key -> new ArrayList<>()).add(record.value());
                    } else {
                        JsonNode completed = json.readTree(record.value());
                        if (!replaced.contains(record.key())) complete.put(record.key(), completed);
                        // It may have been abandoned half-way, and what is left of it may come later.
                        String old = completed.path("supersedes").asText();
                        replaced.add(old);
                        pending.remove(old);
                        complete.remove(old);
                    }
                }
                // The record can arrive before the last predictions: they are in other partitions.
                for (String run : List.copyOf(complete.keySet())) {
                    List<String> predictions = pending.getOrDefault(run, List.of());
                    if (predictions.size() != complete.get(run).get("accepted").asInt()) continue;
                    handOn(complete.remove(run), predictions);
                    pending.remove(run);
                    handedOn++;
                }
                // Another run that has begun is read again after a restart.
                if (pending.isEmpty() && complete.isEmpty()) consumer.commitSync();
            }
        }
    }

    /** Your part. It must not mind to get a run again: a crash just before the commit repeats it. */
    private static void handOn(JsonNode record, List<String> predictions) {
        String supersedes = record.has("supersedes")
            ? " in place of " + record.get("supersedes").asText()
            : "";
        System.err.printf(
            "run %s%s: %d predictions%n",
            record.get("run_id").asText(), supersedes, predictions.size());
        predictions.forEach(System.out::println);
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
