// The kernel: what of training a forest takes the time. Each part is the twin of a file of
// jobs/lib/forest, which says what is done and why; here it is done fast. Memory is laid out as
// ../layout.ts says, and nothing is ever allocated.
export { grow, start } from "./builder";
export { quantise } from "./quantise";
export { configure } from "./state";
