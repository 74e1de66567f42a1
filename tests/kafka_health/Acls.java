import org.apache.kafka.tools.AclCommand;

/** Runs Kafka's own tool for each argument, a line of its options; one Java is enough for all. */
public class Acls {
    public static void main(String[] lines) throws Exception {
        for (String line : lines) AclCommand.main(line.split(" "));
    }
}
