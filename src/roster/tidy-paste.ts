/**
 * A list pasted from a spreadsheet has tabs, one from a chat what people put between words. Where nothing else parts
 * the lines, spaces and 、 do; a phone that is itself written with spaces stays one.
 */
export function tidyPaste(text: string): string {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) =>
      line.replace(/^[\s\u3000]*(?:[-*•·]|\d{1,4}[.、)）])[\s\u3000]+/, "").replace(/[\u00a0\u2003]/g, " "),
    )
    .filter((line) => line.trim() !== "");
  const parted = lines.filter((line) => /[\t,;\uff0c|]/.test(line)).length;
  if (parted * 2 >= lines.length) return lines.join("\n");
  return lines
    .map((line) =>
      line
        .trim()
        .replace(/(1[3-9]\d)[ -](\d{4})[ -](\d{4})/g, "$1$2$3")
        .replace(/[ \u3000、]+/g, "\t"),
    )
    .join("\n");
}
