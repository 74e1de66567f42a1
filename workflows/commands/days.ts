/** Milliseconds of a day of UTC. */
const DAY = 86_400_000;

/** Midnight, UTC, of each day from one to another, both included. */
export function daysBetween(from: Date, to: Date): Date[] {
  const first = Math.floor(from.getTime() / DAY);
  const last = Math.floor(to.getTime() / DAY);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    return new Date((first + index) * DAY);
  });
}

/**
 * The slot whose run takes the data of a day: so many days later, at the schedule's time.
 *
 * @param day midnight, UTC
 * @param at minutes after midnight, UTC
 */
export function slotOf(day: Date, lagDays: number, at: number): Date {
  return new Date(day.getTime() + lagDays * DAY + at * 60_000);
}
