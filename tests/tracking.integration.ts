/** What trainings leave in MLflow when they meet each other, are killed, or lose their server. */

import "./tracking/kills.ts";
import "./tracking/rivals.ts";
import "./tracking/outages.ts";
import "./tracking/stages.ts";
import "./tracking/variables.ts";
