/**
 * The name of an environment: that of its folder in `infra/`.
 *
 * @throws {Error} that says what it must be like
 */
export function environmentName(value: string): string {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(value)) throw new Error("it must be like staging or prod");
  return value;
}
