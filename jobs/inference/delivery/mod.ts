/**
 * How fast rows go, and what happens when they cannot.
 *
 * @module
 */
export { oneAhead } from "./ahead.ts";
export { type Clock, realClock } from "./clock.ts";
export { type RateLimit, rateLimit } from "./rate_limit.ts";
export { type Attempt, retrying } from "./retry.ts";
export { DeliveryStatistics, type DeliverySummary } from "./statistics.ts";
