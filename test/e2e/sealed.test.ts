import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { givenApproved } from "../support/given.ts";
import { hears } from "../support/hears.ts";
import { villager } from "../support/villager.ts";
import { normalise, OVERSEER, startWorld, type World } from "../support/worlds.ts";

/**
 * Nobody of the village can find a sealed case, nor find out that there is one: two worlds that differ by nothing but a
 * sealed text, with all that follows from it, look the same to them wherever they look.
 */
const VILLAGE_STAFF = ["secretary", "clerk", "cadre", "overseer"] as const;
const SECRET = "把救济粮分给自家亲戚";

let without: World;
let accusing: World;
let open: World;

beforeAll(async () => {
  without = await startWorld(async () => undefined);
  accusing = await startWorld(async (t) => {
    const who = villager(t, 5);
    await who.texts(`密：书记和${OVERSEER.name}${SECRET}`);
    await who.texts("证人是三组的李四");
    await who.texts("谢谢");
    await hears(t, 3, `${OVERSEER.name}收了砖厂的烟酒`, { meaning: "sealed", why: "", accused: [OVERSEER.name] });
  });
  open = await startWorld((t) =>
    villager(t, 5)
      .texts(`密：书记${SECRET}`)
      .then(() => undefined),
  );
}, 120_000);
afterAll(async () => {
  await Promise.all([without, accusing, open].map((world) => world?.stop()));
});

/** Not the simulated phones: they stand for villagers' own, and show whatever lies in them. */
const readable = (world: World) =>
  world.routes.filter(({ method, url }) => method === "GET" && !url.endsWith("/live") && !url.startsWith("/simulator"));

describe.each(VILLAGE_STAFF)("a %s whom it may be about", (role) => {
  test("reads the same on every page and in every answer of the API", async () => {
    let compared = 0;
    for (const route of readable(without)) {
      const [plain, other] = [await without.asks(role, route), await accusing.asks(role, route)];
      expect([route.url, other]).toEqual([route.url, plain]);
      if (plain) compared++;
      expect(other?.body ?? "").not.toContain(SECRET);
    }
    expect(compared).toBeGreaterThan(role === "cadre" ? 8 : 20);
  });

  test("is told the same whatever he tries to do", async () => {
    for (const route of without.routes.filter(({ method, kind }) => method === "POST" && kind === "api")) {
      expect([route.url, await accusing.asks(role, route)]).toEqual([route.url, await without.asks(role, route)]);
    }
  });

  test("who guesses its id finds it no more than one that never was", async () => {
    const { id } = await accusing.t.ctx.db.system
      .selectFrom("suggestions")
      .select("id")
      .where("sealed", "=", true)
      .executeTakeFirstOrThrow();
    const never = "01890000-0000-7000-8000-000000000000";
    const ofCases = accusing.routes.filter(({ url }) => url.includes(":id") && /suggestions|cases|sealed/.test(url));
    expect(ofCases.length).toBeGreaterThan(15);
    for (const route of ofCases) {
      const [real, made] = [await accusing.asks(role, route, id), await accusing.asks(role, route, never)];
      const plain = (answer: typeof real) => answer && { ...answer, headers: { ...answer.headers, etag: null } };
      expect([route.url, plain(real)]).toEqual([route.url, plain(made)]);
      if (real) expect([route.url, real.status >= 400]).toEqual([route.url, true]);
    }
  });

  test("counts the same in every table", async () => {
    const counts = async (world: World) => {
      const actor = world.actors.get(role);
      if (!actor) throw new Error(`no ${role}`);
      return await world.counts(actor);
    };
    expect(await counts(accusing)).toEqual(await counts(without));
  });
});

test("metrics say the same", async () => {
  expect(await accusing.metrics()).toBe(await without.metrics());
});

test("the log says nothing of it", () => {
  const said = (world: World) => world.lines.map((line) => JSON.parse(line) as { msg: string }).map(({ msg }) => msg);
  expect(said(accusing)).toEqual(said(without));
  expect(accusing.lines.join("")).not.toContain(SECRET);
  expect(normalise(accusing.lines.join("")).length).toBeGreaterThan(0);
});

test("the next numbers, the month's budget and the replies to a notice are the same", async () => {
  for (const world of [without, accusing]) {
    const next = villager(world.t, 8);
    await next.texts("能不能装个健身器材");
    await givenApproved(world.t.ctx, world.cast, "周五放电影。");
  }
  const see = async (world: World) =>
    await world.t.ctx.db.system
      .selectFrom("suggestions")
      .select(["number", "text"])
      .where("sealed", "=", false)
      .orderBy("number")
      .execute();
  expect(await see(accusing)).toEqual(await see(without));
  const months = (world: World) => world.t.ctx.db.system.selectFrom("segment_months").select("used").execute();
  expect(await months(accusing)).toEqual(await months(without));
});

describe("those it is meant for", () => {
  const route = (url: string) => without.routes.find((one) => one.url === url && one.method === "GET");
  const read = async (world: World, role: "township" | "overseer", url: string) => {
    const found = route(url);
    return found ? ((await world.asks(role, found))?.body ?? "") : "";
  };

  test("the township reads it, whomever it is about", async () => {
    expect(await read(accusing, "township", "/v/:code/sealed")).toContain(SECRET);
    expect(await read(accusing, "township", "/api/v1/villages/:code/suggestions")).toContain(SECRET);
  });

  test("an overseer whom it is not about reads it; of the village, nobody else does", async () => {
    expect(await read(open, "overseer", "/v/:code/sealed")).toContain(SECRET);
    expect(await read(open, "overseer", "/api/v1/villages/:code/suggestions")).toContain('"sealed":true');
    expect(await read(accusing, "overseer", "/v/:code/sealed")).not.toContain(SECRET);
    for (const role of ["secretary", "clerk", "cadre"] as const) {
      for (const one of readable(open)) {
        const [plain, other] = [await without.asks(role, one), await open.asks(role, one)];
        if (!one.url.endsWith("/budget") && plain?.body) expect(other?.body.includes(SECRET)).toBe(false);
      }
    }
  });

  test("nor does it stand on an ordinary page of theirs", async () => {
    for (const url of ["/v/:code", "/v/:code/cases", "/v/:code/cases/:id"]) {
      expect([url, (await read(open, "overseer", url)).includes(SECRET)]).toEqual([url, false]);
    }
  });
});
