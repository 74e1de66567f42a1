/** An end of patience that can be put off. */
export interface Deadline extends Disposable {
  /** Aborted when it has come. */
  readonly signal: AbortSignal;
  /** How long it was to come when it was last set. */
  readonly ms: number;
  /** Sets it to `ms` from now. */
  move(ms: number): void;
}

/** A deadline in `ms` from now. */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  let set = ms;
  const move = (ms: number) => {
    clearTimeout(timer);
    set = ms;
    timer = setTimeout(() => controller.abort(), ms);
  };
  move(ms);
  return {
    signal: controller.signal,
    get ms() {
      return set;
    },
    move,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
