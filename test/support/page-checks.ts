import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page, Response } from "playwright-core";

/** What can be measured of a page by a machine. The code that runs in the page is text: tests have no DOM types. */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

type Violation = { id: string; nodes: { target: unknown; failureSummary?: string }[] };

/** Each broken rule with the first places where it is broken; `only` runs one rule alone. */
export async function findViolations(page: Page, only?: string): Promise<string[]> {
  await page.evaluate(AXE);
  const options = only ? { runOnly: { type: "rule", values: [only] } } : { runOnly: { type: "tag", values: RULES } };
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, ${JSON.stringify({ ...options, resultTypes: ["violations"] })})`,
  );
  return violations.map(({ id, nodes }) =>
    [id, ...nodes.slice(0, 3).map((node) => `${JSON.stringify(node.target)} ${node.failureSummary ?? ""}`)].join("\n"),
  );
}

/** At the size of letters given, or as the page comes. */
export async function isTooWide(page: Page, fontSize = ""): Promise<boolean> {
  return await page.evaluate<boolean>(`(() => {
    const root = document.documentElement;
    root.style.fontSize = ${JSON.stringify(fontSize)};
    const wide = root.scrollWidth > window.innerWidth;
    root.style.fontSize = "";
    return wide;
  })()`);
}

/** What a finger is meant to hit and is lower than 44 px. A link inside a sentence is as high as its line. */
export async function findSmallTargets(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(() => {
    const inSentence = (link) =>
      link.tagName === "A" && getComputedStyle(link).display === "inline" &&
      [...link.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter((one) => one.checkVisibility() && !one.closest(".skip") && !inSentence(one))
      .map((one) => [one, (one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one).getBoundingClientRect().height])
      .filter(([, height]) => height < 44)
      .map(([one, height]) => one.outerHTML.slice(0, 80) + " " + Math.round(height) + " px");
  })()`);
}

/** What one can click and not come to with the Tab key. */
export async function findUnreachable(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(() => {
    const usable = "a[href], button, input, select, textarea, summary";
    const clicked = [...document.querySelectorAll("[onclick], [hx-get], [hx-post]")]
      .filter((one) => !one.matches(usable + ", form") && !one.hasAttribute("hx-trigger"));
    const skipped = [...document.querySelectorAll(usable)]
      .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex < 0);
    return [...clicked, ...skipped].map((one) => one.outerHTML.slice(0, 80));
  })()`);
}

/** Counts what a page brings along the first time, as it comes over the line: its HTML, its style and its script. */
export function weigh(page: Page): { bytes(): number; reset(): void } {
  let bytes = 0;
  page.on("response", (response: Response) => {
    const kind = response.request().resourceType();
    // The length that the server names stays with an answer that the browser kept.
    if (["document", "stylesheet", "script"].includes(kind)) bytes += Number(response.headers()["content-length"] ?? 0);
  });
  return {
    bytes: () => bytes,
    reset() {
      bytes = 0;
    },
  };
}
