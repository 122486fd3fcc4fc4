import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit, verifyAudit } from "../../src/db/audit.queries.ts";
import { asActor } from "../../src/db/tenancy.ts";
import { storeInbound } from "../../src/inbound/inbound.queries.ts";
import { understandInbound } from "../../src/inbound/understand-inbound.ts";
import { type DisclosureId, type InboundId, newId, type SuggestionId, type TemplateId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { assignSuggestion } from "../../src/suggestion/assign-suggestion.ts";
import { openSuggestion } from "../../src/suggestion/open-suggestion.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let here: Cast;
let there: Cast;
let owner: pg.Client;

beforeAll(async () => {
  t = await startContext();
  here = await givenVillage(t.ctx, { code: "here", households: 5, township: "town" });
  there = await givenVillage(t.ctx, { code: "there", households: 5, firstPhone: 100 });
  owner = new pg.Client({ connectionString: t.database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await t.stop();
});

const textFrom = async (n: number, body: string): Promise<InboundId> => {
  const phone = phoneOf(n) as never;
  const [id] = await storeInbound(t.ctx.db.system, [
    {
      channelId: t.ctx.channelId,
      carrier: "simulator",
      carrierMessageId: newId(),
      fromHash: t.ctx.sealer.hashPhone(phone),
      fromPhone: t.ctx.sealer.phone(phone),
      raw: t.ctx.sealer.bytes(Buffer.from(body)),
      body,
      receivedAt: t.clock.now(),
      backfilled: false,
    },
  ]);
  if (!id) throw new Error("not stored");
  return id;
};
const understood = async (n: number, body: string): Promise<InboundId> => {
  const id = await textFrom(n, body);
  await inSystemWork(t.ctx.work, (work) => understandInbound(work, id));
  return id;
};
const township = (): Actor => ({
  ...here.secretary,
  role: "township",
  villages: [here.village.id],
  township: here.village.townshipId,
});
const see = (actor: Actor, table: string) =>
  asActor(t.ctx.db.app, actor, async (tx) =>
    Number((await sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(tx)).rows[0]?.n),
  );

describe("the walls between villages", () => {
  test("every table with a village has forced row-level security", async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select c.relname as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and not (c.relrowsecurity and c.relforcerowsecurity)
         and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'village_id')
         and has_table_privilege('cunwu_test_app', c.oid, 'select, insert, update, delete')`);
    // A channel's number is no secret: villages share channels.
    expect(rows.map((row) => row.name)).toEqual(["channels"]);
  });

  test("one rule lets him at the rows of a table; those that let anybody at more are these", async () => {
    const { rows } = await owner.query<{ policy: string; tables: string[] }>(`
      select policyname as policy, array_agg(tablename::text order by tablename) as tables from pg_policies
       where 'cunwu_test_app' = any (roles) and permissive = 'PERMISSIVE'
         and tablename in (select table_name from information_schema.columns where column_name = 'village_id')
         and (cmd <> 'ALL' or with_check is not null
              or qual <> '(village_id = ANY (( SELECT app_villages() AS app_villages)::uuid[]))')
       group by policyname`);
    expect(Object.fromEntries(rows.map(({ policy, tables }) => [policy, tables]))).toEqual({
      village: ["inbound"], // what nobody has understood yet is the township's to see
      ...{ visible: ["actors"], appoint: ["actors"], change: ["actors"] },
      ...{ founding: ["columns"], platform: ["segment_months"] },
      // A township's for all its villages.
      readable: ["disclosure_rules", "policies", "templates"],
      own_new: ["disclosure_rules", "policies", "templates"],
      own_change: ["disclosure_rules", "policies", "templates"],
      // For a visitor without an account (test/e2e/public-page.test.ts).
      public: [
        ...["actors", "broadcasts", "columns", "disclosure_chains", "disclosure_photos", "disclosure_rules"],
        ...["disclosures", "public_contacts", "publications", "sheet_publications"],
      ],
    });
  });

  test("an actor sees and writes only his village's rows, whatever the query says", async () => {
    for (const table of ["villages", "households", "villagers", "phones", "columns"]) {
      expect([table, await see(here.clerk, table)]).toEqual([table, { villages: 1, columns: 11 }[table] ?? 5]);
    }
    const stolen = asActor(t.ctx.db.app, here.clerk, (tx) =>
      tx.updateTable("households").set({ number: "偷" }).where("village_id", "=", there.village.id).executeTakeFirst(),
    );
    expect((await stolen).numUpdatedRows).toBe(0n);
    await expect(
      asActor(t.ctx.db.app, here.clerk, (tx) =>
        tx.insertInto("groups").values({ id: newId(), village_id: there.village.id, name: "混入" }).execute(),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  test("nobody in particular sees nothing", async () => {
    const { n } = await t.ctx.db.app
      .selectFrom("households")
      .select((eb) => eb.fn.countAll<string>().as("n"))
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(0);
  });

  test("the owner is bound too", async () => {
    const { rows } = await owner.query("select count(*)::int as n from households");
    expect(rows[0].n).toBe(0);
  });

  test("a wall is low: naming a table does not have half the schema planned", async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select c.relname as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and has_table_privilege('cunwu_test_app', c.oid, 'select')`);
    for (const { name } of rows) {
      const plan = await asActor(t.ctx.db.app, here.clerk, (tx) =>
        sql`explain select from ${sql.table(name)}`.execute(tx),
      );
      // Policies that look into tables with policies that look into tables took 113 lines, and 30 ms for a page.
      expect([name, plan.rows.length > 40]).toEqual([name, false]);
    }
  });

  test("pages never read a password, workers never delete a message", async () => {
    await expect(
      asActor(t.ctx.db.app, here.secretary, (tx) => tx.selectFrom("staff").select("password_hash").execute()),
    ).rejects.toThrow(/permission denied/);
    await expect(t.ctx.db.system.deleteFrom("messages").execute()).rejects.toThrow(/permission denied/);
    await expect(
      t.ctx.db.system
        .updateTable("audit_log" as never)
        .set({ action: "x" } as never)
        .execute(),
    ).rejects.toThrow(/permission denied/);
  });
});

describe("what a village's own staff may not see", () => {
  test("a text nobody has understood yet: only the township does", async () => {
    const id = await textFrom(1, "还没读");
    await t.ctx.db.system.updateTable("inbound").set({ village_id: here.village.id }).where("id", "=", id).execute();
    const visible = (actor: Actor) =>
      asActor(t.ctx.db.app, actor, (tx) =>
        tx.selectFrom("inbound").select("id").where("id", "=", id).executeTakeFirst(),
      );
    expect(await visible(here.secretary)).toBeUndefined();
    expect(await visible(await here.actor("overseer"))).toBeUndefined();
    expect(await visible(township())).toBeDefined();
  });

  test("a sealed case, its texts and its number", async () => {
    const id = await inSystemWork(t.ctx.work, async (work) =>
      openSuggestion(work, here.village, {
        inboundId: await textFrom(2, "密件"),
        text: "密件",
        phone: { hash: t.ctx.sealer.hashPhone(phoneOf(2) as never), sealed: t.ctx.sealer.phone(phoneOf(2) as never) },
        householdId: null,
        villagerId: null,
        channelId: null,
      }),
    );
    await t.ctx.db.system.updateTable("suggestions").set({ sealed: true, number: 9001 }).where("id", "=", id).execute();
    await t.ctx.db.system.updateTable("messages").set({ sealed: true }).where("suggestion_id", "=", id).execute();
    const disclosureId = newId<DisclosureId>();
    await inWork(t.ctx.work, township(), async ({ tx, now, actor }) => {
      const of = { village_id: here.village.id };
      const made = { item: "F01", period: "2026-07", created_by: actor.id, created_at: now };
      await tx
        .insertInto("disclosures")
        .values({ ...of, ...made, id: disclosureId })
        .execute();
      const marked = { disclosure_id: disclosureId, suggestion_id: id, marked_by: actor.id, marked_at: now };
      await tx
        .insertInto("disclosure_objections")
        .values({ ...of, ...marked })
        .execute();
    });
    const looks = async (actor: Actor) =>
      asActor(t.ctx.db.app, actor, async (tx) => [
        (await tx.selectFrom("suggestions").select("id").where("id", "=", id).execute()).length,
        (await tx.selectFrom("suggestion_events").select("id").where("suggestion_id", "=", id).execute()).length,
        (await tx.selectFrom("messages").select("id").where("suggestion_id", "=", id).execute()).length,
        (await tx.selectFrom("disclosure_objections").select("suggestion_id").execute()).length,
      ]);
    expect(await looks(here.secretary)).toEqual([0, 0, 0, 0]);
    expect(await looks(here.clerk)).toEqual([0, 0, 0, 0]);
    expect(await looks(await here.actor("overseer", "overseer2"))).toEqual([1, 2, 1, 1]);
    expect(await looks(township())).toEqual([1, 2, 1, 1]);
  });

  test("a cadre finds the cases given to him and no other", async () => {
    await understood(3, "三组的桥栏杆松了，孩子走着害怕");
    await understood(4, "文化广场能不能装个灯");
    const cadre = await here.actor("cadre", "郭三");
    const cases = await asActor(t.ctx.db.app, here.secretary, (tx) =>
      tx.selectFrom("suggestions").select("id").execute(),
    );
    expect(await see(cadre, "suggestions")).toBe(0);
    expectOk(
      await inWork(t.ctx.work, here.secretary, (work) =>
        assignSuggestion(work, cases[0]?.id as SuggestionId, cadre.id),
      ),
    );
    expect(await see(cadre, "suggestions")).toBe(1);
    expect(await see(cadre, "inbound")).toBe(0);
    expect(await see(cadre, "households")).toBe(0);
  });

  test("a cadre finds of people and phones what is behind his own doors, and no request to be forgotten", async () => {
    const cadre = await here.actor("cadre", "wang", phoneOf(905));
    await asActor(t.ctx.db.app, here.secretary, async (tx) => {
      await tx.updateTable("households").set({ cadre_id: cadre.id }).where("number", "=", "5").execute();
      const people = await tx.selectFrom("villagers").selectAll().where("phone_hash", "is not", null).execute();
      const [by, at, village_id] = [here.secretary.id, t.clock.now(), here.village.id];
      for (const { id, phone_hash } of people) {
        const of = { id: newId(), village_id, phone_hash: phone_hash as Buffer };
        const given = { basis: "visit" as const, told: "x", given_on: "2026-01-05", recorded_by: by, recorded_at: at };
        await tx
          .insertInto("phone_consents")
          .values({ ...of, ...given })
          .execute();
        const left = { column_id: null, source: "staff" as const, inbound_id: null, at, ended_at: null };
        await tx
          .insertInto("opt_outs")
          .values({ ...of, ...left, set_by: by, note: "x" })
          .execute();
        const asked = { name: null, phone: null, asked_by: by, asked_at: at, keep_until: at, marks: [] };
        await tx
          .insertInto("erasures")
          .values({ ...of, ...asked, villager_id: id })
          .execute();
      }
    });
    const seen: Record<string, number[]> = {};
    for (const table of ["households", "villagers", "phones", "phone_consents", "opt_outs", "erasures"])
      seen[table] = [await see(here.secretary, table), await see(cadre, table)];
    expect(seen).toEqual({
      ...{ households: [5, 1], villagers: [5, 1], phones: [5, 1] },
      ...{ phone_consents: [5, 1], opt_outs: [5, 1], erasures: [5, 0] },
    });
  });
});

test("what a township keeps for all its villages they read and nobody else does; each writes only his own", async () => {
  const elsewhere = await givenVillage(t.ctx, { code: "elsewhere", township: "town3" });
  const stranger: Actor = { ...elsewhere.secretary, role: "township", township: elsewhere.townshipId as never };
  const ofVillage = { village_id: here.village.id, township_id: null };
  const ofTownship = { village_id: null, township_id: here.village.townshipId };
  const write = {
    templates: (actor: Actor, owner: typeof ofVillage | typeof ofTownship) =>
      asActor(t.ctx.db.app, actor, (tx) => {
        const words = { column_name: "村务公开", name: newId(), body: "x", written_by: actor.id };
        const values = { id: newId<TemplateId>(), ...owner, ...words, written_at: t.clock.now() };
        return tx.insertInto("templates").values(values).returning("id").executeTakeFirstOrThrow();
      }),
    disclosure_rules: (actor: Actor, owner: typeof ofVillage | typeof ofTownship) =>
      asActor(t.ctx.db.app, actor, (tx) => {
        const level = owner.village_id === null ? ("township" as const) : ("village" as const);
        const what = { item: newId(), from_on: "2026-01-01", change: "{}", set_by: actor.id };
        const values = { id: newId(), level, ...owner, ...what, set_at: t.clock.now() };
        return tx.insertInto("disclosure_rules").values(values).returning("id").executeTakeFirstOrThrow();
      }),
  };
  for (const table of ["templates", "disclosure_rules"] as const) {
    const own = (await write[table](here.clerk, ofVillage)).id;
    const shared = (await write[table](township(), ofTownship)).id;
    for (const [actor, owner] of [
      ...[[here.clerk, ofTownship] as const, [township(), ofVillage] as const],
      ...[[elsewhere.clerk, ofVillage] as const, [stranger, ofTownship] as const, [stranger, ofVillage] as const],
    ])
      await expect(write[table](actor, owner), `${actor.role} ${table}`).rejects.toThrow(/row-level security/);
    const may = (actor: Actor) =>
      asActor(t.ctx.db.app, actor, async (tx) => {
        const touched = table === "templates" ? sql`version = version` : sql`level = level`;
        const seen = await sql<{
          id: string;
        }>`select id from ${sql.table(table)} where id in (${own}, ${shared})`.execute(tx);
        const changed = await sql<{ id: string }>`
          update ${sql.table(table)} set ${touched} where id in (${own}, ${shared}) returning id`.execute(tx);
        return [seen.rows, changed.rows].map((rows) => rows.map(({ id }) => (id === own ? "own" : "shared")).sort());
      });
    expect([table, await may(here.clerk)]).toEqual([table, [["own", "shared"], ["own"]]]);
    expect([table, await may(township())]).toEqual([table, [["own", "shared"], ["shared"]]]);
    for (const actor of [elsewhere.clerk, stranger]) expect([table, await may(actor)]).toEqual([table, [[], []]]);
    if (table !== "templates") continue;
    // What a template said before goes with it.
    const keep = (actor: Actor, version: number) =>
      asActor(t.ctx.db.app, actor, async (tx) => {
        const words = { column_name: "x", name: "x", body: "x", written_by: actor.id, written_at: t.clock.now() };
        await tx
          .insertInto("template_versions")
          .values({ template_id: own as TemplateId, version, ...words })
          .execute();
      });
    await keep(here.clerk, 1);
    await expect(keep(elsewhere.clerk, 2)).rejects.toThrow(/row-level security/);
    expect([await see(here.clerk, "template_versions"), await see(elsewhere.clerk, "template_versions")]).toEqual([
      1, 0,
    ]);
  }
});

describe("the audit log", () => {
  test("is whole, and tells of a changed or a missing line", async () => {
    await inWork(t.ctx.work, here.clerk, (work) =>
      audit(work, { chain: here.village.id, action: "test.one", subject: "test", subjectId: null }),
    );
    await inWork(t.ctx.work, here.clerk, (work) =>
      audit(work, { chain: here.village.id, action: "test.two", subject: "test", subjectId: null, detail: { n: 1 } }),
    );
    expect(await verifyAudit(t.ctx.db.system)).toEqual([]);
    await expect(owner.query("update audit_log set action = 'x'")).rejects.toThrow(/append-only/);
    await expect(owner.query("delete from audit_log")).rejects.toThrow(/append-only/);

    // Even somebody who switches the guards off is found out.
    await owner.query("alter table audit_log disable trigger append_only");
    await owner.query("update audit_log set detail = '{\"n\": 2}' where action = 'test.two'");
    await owner.query("alter table audit_log enable trigger append_only");
    expect(await verifyAudit(t.ctx.db.system)).toMatchObject([{ chain: here.village.id }]);
  });

  test("names the actor that the transaction was opened for", async () => {
    const { rows } = await owner.query("select actor_id, actor_role from audit_log where action = 'test.one'");
    expect(rows).toEqual([{ actor_id: here.clerk.id, actor_role: "clerk" }]);
  });
});
