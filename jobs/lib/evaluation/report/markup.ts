/**
 * HTML as a template: what is put in is escaped, unless it is markup itself.
 *
 * @module
 */

import { escapeText } from "../charts/mod.ts";

/** Text that is markup already. */
export class Markup {
  /** As it goes into the page. */
  readonly text: string;

  /** Takes text that is well-formed. */
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. */
export type Content = Markup | string | number | undefined | readonly Content[];

/** Markup of a template. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(rendered)));
}

function rendered(value: Content): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(rendered).join("");
  return escapeText(String(value));
}
