/**
 * When a schedule of EventBridge starts something.
 *
 * @module
 */
export { latestSlot, nextSlot } from "./slot.ts";
