import { html, Markup } from "./markup.ts";
import { PAGE_STYLE } from "./style.ts";

/**
 * A page that needs nothing else: it works offline, on a phone, on a light and a dark ground, without
 * scripts.
 *
 * @returns a document of HTML
 */
export function renderPage(title: string, body: Markup): string {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>${title}</title>
        <style>${new Markup(PAGE_STYLE)}</style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>
  `.text;
}
