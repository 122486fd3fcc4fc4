import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Db } from "./db/connect.ts";
import type { Clock } from "./lib/clock.ts";
import { countStates } from "./message/metrics.queries.ts";
import { listRates } from "./message/slow-down.queries.ts";
import { countAlarms } from "./suggestion/alarm.queries.ts";
import { measureReceipts } from "./suggestion/receipts.queries.ts";
import { missingHolidays } from "./village/missing-holidays.ts";

/** What an operator's dashboard and alarms need; no label names a person. */
export function createMetrics(system: Db, clock: Clock) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "cunwu_messages",
    help: "texts that still need something: pending, claimed, unknown",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      for (const [state, n] of Object.entries((await countStates(system)).messages)) this.set({ state }, n);
    },
  });
  new Gauge({
    name: "cunwu_waiting",
    help: "things that wait for us: texts not understood, reports without a message, cases past their date",
    labelNames: ["kind"],
    registers: [registry],
    async collect() {
      for (const [kind, n] of Object.entries((await countStates(system)).waiting)) this.set({ kind }, n);
    },
  });
  new Gauge({
    name: "cunwu_alarms",
    help: "villagers in danger whom nobody has taken on: people being called, or all called in vain",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      for (const [state, n] of Object.entries(await countAlarms(system))) this.set({ state }, n);
    },
  });
  new Gauge({
    name: "cunwu_channel_rate",
    help: "segments per second: full, and now (less for a minute after the carrier said too fast)",
    labelNames: ["channel", "rate"],
    registers: [registry],
    async collect() {
      for (const { id, full, now } of await listRates(system)) {
        this.set({ channel: id, rate: "full" }, full);
        this.set({ channel: id, rate: "now" }, now);
      }
    },
  });
  new Gauge({
    name: "cunwu_receipt_delay_seconds",
    help: "from a villager's text to the carrier's taking of its receipt, over the last hour (promised: 180)",
    labelNames: ["of"],
    registers: [registry],
    async collect() {
      const { median, p95, longest } = await measureReceipts(system);
      for (const [of, seconds] of Object.entries({ median, p95, longest })) this.set({ of }, seconds);
    },
  });
  new Gauge({
    name: "cunwu_receipts_late",
    help: "receipts of the last hour that took longer than three minutes, or still do",
    registers: [registry],
    async collect() {
      this.set((await measureReceipts(system)).late);
    },
  });
  new Gauge({
    name: "cunwu_missing_holiday_years",
    help: "years within reach of a promise whose holidays are not known, so that Monday to Friday is assumed",
    registers: [registry],
    async collect() {
      this.set((await missingHolidays(system, clock.now())).length);
    },
  });
  const counter = <Label extends string>(name: string, help: string, label: Label) =>
    new Counter({ name, help, labelNames: [label], registers: [registry] });
  return {
    registry,
    calls: counter("cunwu_carrier_calls_total", "calls to the carrier by outcome", "outcome"),
    badSignatures: counter("cunwu_bad_signatures_total", "webhooks refused for their signature", "hook"),
    slowDowns: new Counter({
      name: "cunwu_slow_downs_total",
      help: "times a channel's rate was halved because the carrier said too fast",
      registers: [registry],
    }),
    automaticResends: new Counter({
      name: "cunwu_automatic_resends_total",
      help: "texts of emergencies set to at least once that were sent again because nobody knows whether they left",
      registers: [registry],
    }),
    swept: counter("cunwu_swept_total", "what the sweeps found", "sweep"),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
