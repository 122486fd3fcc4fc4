import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { countSegments } from "../src/message/segments.ts";
import { renderSms, SMS_FOLDER, SMS_TEMPLATES, type SmsTemplate } from "../src/message/templates.ts";
import { QUEUE_NAMES } from "../src/queue/queues.ts";
import { writeSignature } from "../src/village/village.ts";

const ROOT = resolve(import.meta.dirname, "..");
const files = (folder: string, ending: string): string[] =>
  readdirSync(resolve(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file}`);
const read = (file: string) => readFileSync(resolve(ROOT, file), "utf8");
const sources = [...files("src", ".ts"), ...files("workers", ".ts")];

/** Imports go down: each folder's own list of what lies below it. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "src/lib": [],
  "src/db": ["src/lib", "src/log"],
  "src/queue": ["src/lib", "src/db", "src/log"],
  "src/web": ["src/lib", "src/db", "src/queue"],
  "src/carrier": ["src/lib", "src/db", "src/web", "src/log"],
  "src/village": ["src/lib", "src/db", "src/queue", "src/web"],
  "src/staff": ["src/lib", "src/db", "src/queue", "src/web", "src/village"],
  "src/roster": ["src/lib", "src/db", "src/queue", "src/web", "src/carrier", "src/village", "src/staff"],
  "src/message": [
    "src/lib",
    "src/db",
    "src/queue",
    "src/web",
    "src/village",
    "src/staff",
    "src/roster",
    "src/carrier",
    "src/log",
  ],
  "src/broadcast": [
    "src/lib",
    "src/db",
    "src/queue",
    "src/web",
    "src/village",
    "src/staff",
    "src/roster",
    "src/carrier",
    "src/message",
    "src/policy",
  ],
  "src/suggestion": [
    "src/lib",
    "src/db",
    "src/queue",
    "src/web",
    "src/village",
    "src/staff",
    "src/roster",
    "src/message",
  ],
  "src/policy": ["src/lib", "src/db", "src/queue", "src/web", "src/village", "src/message"],
  "src/disclosure": [
    ...["src/lib", "src/db", "src/queue", "src/web", "src/village", "src/staff", "src/roster", "src/message"],
    ...["src/broadcast", "src/suggestion"],
  ],
  "src/finance": [
    ...["src/lib", "src/db", "src/queue", "src/web", "src/village", "src/staff", "src/roster", "src/message"],
    ...["src/broadcast", "src/disclosure"],
  ],
  "src/report": [
    ...["src/lib", "src/db", "src/queue", "src/web", "src/village", "src/staff", "src/roster", "src/message"],
    ...["src/broadcast", "src/suggestion", "src/disclosure", "src/finance", "src/policy"],
  ],
  "src/inbound": [
    ...["src/lib", "src/db", "src/queue", "src/web", "src/village", "src/staff", "src/roster", "src/carrier"],
    ...["src/message", "src/broadcast", "src/suggestion", "src/policy", "src/log"],
  ],
};
/** The one exception: the table types take the unions of states from their nouns. */
const EXCEPTION = { file: "src/db/tables.ts", kind: "import type" };

type Import = { statement: string; from: string };
const importsOf = (file: string): Import[] =>
  [
    ...read(file).matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)";|^import\s+"([^"]+)";|import\("([^"]+)"\)/gms),
  ].map((match) => ({
    statement: match[0],
    from: match[1] ?? match[2] ?? match[3] ?? "",
  }));
const folderOf = (file: string): string => {
  const [top, next = ""] = file.split("/");
  return next.endsWith(".ts") ? `${top}/${next.slice(0, -3)}` : `${top}/${next}`;
};
const targetOf = (file: string, from: string): string => folderOf(relative(ROOT, resolve(ROOT, dirname(file), from)));

describe("imports go down", () => {
  test.each(sources.filter((file) => folderOf(file) in MAY_IMPORT))("%s", (file) => {
    const folder = folderOf(file);
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    const up = importsOf(file).filter(({ statement, from }) => {
      if (!from.startsWith(".")) return false;
      if (file === EXCEPTION.file && statement.startsWith(EXCEPTION.kind)) return false;
      return !allowed.includes(targetOf(file, from));
    });
    expect(up.map((one) => one.from)).toEqual([]);
  });

  test("every folder of src has its list, and only what wires the parts stands above them", () => {
    const folders = new Set(
      sources.filter((file) => file.split("/").length > 2 && file.startsWith("src/")).map(folderOf),
    );
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual(["src/demo"]);
  });
});

describe("a package is used where it belongs", () => {
  const PLACES: Record<string, (file: string) => boolean> = {
    bullmq: (file) => file.startsWith("src/queue/") || file.startsWith("workers/"),
    ioredis: (file) => file.startsWith("src/queue/"),
    kysely: (file) => file.startsWith("src/db/") || file.endsWith(".queries.ts"),
    pg: (file) => file.startsWith("src/db/") || file.startsWith("src/queue/"),
    fastify: (file) => file === "src/server.ts" || file.startsWith("src/web/") || file.endsWith(".routes.ts"),
    undici: (file) => file.startsWith("src/carrier/"),
    twilio: (file) => file.startsWith("src/carrier/"),
    pino: (file) => file === "src/log.ts",
  };
  test.each(Object.keys(PLACES))("%s", (name) => {
    const users = sources.filter((file) =>
      importsOf(file).some(
        ({ statement, from }) => (from === name || from.startsWith(`${name}/`)) && !/^import type/.test(statement),
      ),
    );
    expect(users.filter((file) => !PLACES[name]?.(file))).toEqual([]);
  });

  test("Twilio is mentioned only by its adapter, its simulator and what wires them", () => {
    const allowed =
      /^src\/(carrier\/|config\.ts|secrets\.ts|context\.ts|server\.ts|main\.ts|inbound\/hooks\.routes\.ts)/;
    expect(sources.filter((file) => /twilio/i.test(read(file)) && !allowed.test(file))).toEqual([]);
  });
});

describe("queues", () => {
  const compose = parse(read("docker-compose.yml"), { merge: true }) as {
    services: Record<string, { command?: string[] }>;
  };
  test.each(QUEUE_NAMES)("%s has a worker", (name) => {
    expect(read("workers/index.ts")).toContain(`./${name}.ts`);
    expect(read(`workers/${name}.ts`)).toContain(`ctx.bells.answer("${name}"`);
  });
  test("have a service that answers them", () => {
    expect(compose.services.worker?.command).toEqual(["node", "src/main.ts", "worker"]);
  });
  test("every worker file answers a queue", () => {
    const names = files("workers", ".ts").map((file) => file.slice("workers/".length, -3));
    expect(names.filter((name) => name !== "index").sort()).toEqual([...QUEUE_NAMES].sort());
  });
});

describe("texts the service writes", () => {
  const ORDINARY: Record<string, string> = {
    number: "128",
    owner: "刘建国书记",
    due: "10月15日",
    answer: "小广场已修好，晚上亮灯。",
    reason: "施工队下周才能来。",
    lead: "村民说没办好",
    who: "2组12号郭传福",
    words: "路灯坏了三天了。",
    to: "王春霞",
    hint: "已经延期过一次，不能再延。",
    what: "要交给王春霞吗？",
    cases: "编号12（10月15日）、编号13（10月16日）。",
    minutes: "5",
    duty: "或村值班13800000000",
    people: "刘建国、郭长顺",
    readers: "村监会郭长顺和乡镇督导员",
    fresh: "密1",
    households: "12",
    part: "二组的变压器嗡嗡响",
    main: "97",
    topic: "村西头路灯坏了",
    state: "已受理",
    date: "10月12日",
    result: "已解决",
    count: "3",
    name: "王春霞",
    phone: "19900000007",
    title: "高龄津贴",
    standard: "每月50元。",
    process: "带身份证到村委会登记。",
    contact: "民政办张敏，电话0533-6550000",
    choices: "1高龄津贴 2低保 3临时救助",
    column: "智慧语录",
    said: "村西头下水道堵了漫到路上…",
    standing: "时间已过半，10月15日前要答复",
    cause: "放假安排有变",
    village: "郭家村",
    demand: "查明原因，三天内修好。",
    channel: "请找公安110。",
    body: "镇供水站",
    question: "是哪一盏灯？",
  };
  const names = Object.keys(SMS_TEMPLATES) as SmsTemplate[];
  test("have a file each, and no file is left over", () => {
    expect(readdirSync(SMS_FOLDER).sort()).toEqual(names.map((name) => `${name}.txt`).sort());
  });
  test.each(names)("%s has the blanks it declares, and fits one segment with ordinary values", (name) => {
    const blanks = [...readFileSync(resolve(SMS_FOLDER, `${name}.txt`), "utf8").matchAll(/\{\{(\w+)\}\}/g)].map(
      (match) => match[1],
    );
    expect(new Set(blanks)).toEqual(new Set(SMS_TEMPLATES[name]));
    const text = writeSignature("郭家村村委会") + renderSms(name, ORDINARY as never);
    expect({ text, segments: countSegments(text).segments }).toEqual({ text, segments: 1 });
    // Carriers read these as an opt-out, whoever wrote them (reference/domain.md 2.4).
    expect(text).not.toMatch(/\b(?:T|TD|R|N|QX|0000)\b/);
  });
});

test("files that comments point at exist", () => {
  const named = [...sources, ...files("migrations", ".sql"), ...files("test", ".ts")].flatMap((file) =>
    [...read(file).matchAll(/\b(?:src|test|workers|migrations|templates)\/[\w/.-]+\.(?:ts|sql|eta|txt)\b/g)].map(
      ([path]) => `${file} → ${path}`,
    ),
  );
  expect(named.filter((one) => !existsSync(resolve(ROOT, one.split(" → ")[1] ?? "")))).toEqual([]);
});

test("top-level names are the customer's", () => {
  const fixed = "src migrations workers templates test docker-compose.yml package.json tsconfig.json README.md";
  const needed = "package-lock.json Dockerfile LICENSE node_modules";
  const extra = readdirSync(ROOT).filter(
    (name) => !name.startsWith(".") && !`${fixed} ${needed}`.split(" ").includes(name),
  );
  expect(extra).toEqual([]);
});

test("files stay small enough to read at one sitting", () => {
  const long = sources
    .map((file) => [file, read(file).split("\n").length] as const)
    .filter(([file, lines]) => lines > 260 && !file.endsWith("tables.ts"));
  expect(long).toEqual([]);
});
