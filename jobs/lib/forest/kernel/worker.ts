/**
 * A worker that grows trees. It says `ready`, is sent a {@linkcode GrowerSetup}, and answers with a
 * `GrownTree` for each tree, then with `done`.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { Grower, type GrowerSetup } from "./grower.ts";

self.onmessage = ({ data }: MessageEvent<GrowerSetup>) => {
  const grower = new Grower(data);
  while (!grower.done) {
    const tree = grower.next();
    if (tree === undefined) continue;
    self.postMessage(tree, [tree.nodes.buffer, tree.values.buffer, tree.decrease.buffer]);
  }
  self.postMessage("done");
};
self.postMessage("ready");
