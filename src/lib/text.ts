/**
 * The copy of a stranger's text that may be stored and shown: no NUL (PostgreSQL refuses it), no lone surrogates
 * (JSON and UTF-8 refuse them), no control or direction-changing characters (they make a line lie about itself).
 * The raw form is kept elsewhere, encrypted, byte for byte.
 */
export function cleanText(raw: string): string {
  return (
    raw
      .toWellFormed()
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing exactly these is the point
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
  );
}

/** Cuts for a list or a log-free summary, never inside a surrogate pair. */
export function shorten(text: string, max: number): string {
  const characters = Array.from(text.replace(/\s+/g, " ").trim());
  return characters.length <= max ? characters.join("") : `${characters.slice(0, max - 1).join("")}…`;
}
