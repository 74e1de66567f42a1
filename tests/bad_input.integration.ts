/** Every way to be wrong ends with a clear message, the right exit code, and nothing half-done. */

import "./bad_input/train.ts";
import "./bad_input/output.ts";
import "./bad_input/champion.ts";
import "./bad_input/score.ts";
