/**
 * The little of SVG that the pictures need.
 *
 * @see https://www.w3.org/TR/SVG2/
 * @module
 */

/** Text that stands for itself in XML, in an element or between quotes. */
export function escapeXml(text: string): string {
  return text.toWellFormed()
    // XML 1.0 has no way to say most control characters, and nobody would see the others.
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Shortened to so many characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/**
 * A whole picture.
 *
 * @param title What it shows; read aloud by screen readers.
 * @param content Elements of the classes `mark`, `box`, `line`, `faint` and none (text).
 */
export function picture(width: number, height: number, title: string, content: string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    ...content,
    "</svg>\n",
  ].join("\n");
}

/** Without a background, so that the page's shows; the colours follow the reader's choice. */
const STYLE = "text{font:13px system-ui,sans-serif;fill:#1f2328}" +
  ".mark{fill:#2f6fb3}.box{fill:#eef2f6;stroke:#8c959f}.line{stroke:#8c959f;fill:none}" +
  ".faint{fill:#59636e}" +
  "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.mark{fill:#5aa2e8}" +
  ".box{fill:#22272e;stroke:#768390}.line{stroke:#768390}.faint{fill:#9198a1}}";
