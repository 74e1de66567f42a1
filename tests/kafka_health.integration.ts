/**
 * What is said of Kafka is so: each way in which a cluster can be unfit is told by the right step, and
 * what users may do, how fast a topic grows and how far its readers are is what Kafka's own tools and
 * readers say.
 */

import "./kafka_health/reaching.ts";
import "./kafka_health/fitness.ts";
import "./kafka_health/monitoring.ts";
import "./kafka_health/consuming.ts";
