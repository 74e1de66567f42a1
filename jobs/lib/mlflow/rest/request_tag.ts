/**
 * How a client knows what its own request made, if the answer was lost.
 *
 * @module
 */

/** Tag of what a request made, with an id that only this request has. */
export const REQUEST_TAG = "ml.request";
