import type { FastifyInstance } from "fastify";
import type { PageDeps } from "../web/page.ts";
import { disclosureCalendarRoutes } from "./calendar.routes.ts";
import { disclosureChainRoutes } from "./chains.routes.ts";
import { disclosureApiRoutes } from "./disclosure-api.routes.ts";
import { disclosureItemRoutes } from "./item.routes.ts";
import { disclosureRuleRoutes } from "./rules.routes.ts";
import { disclosureTownshipRoutes } from "./township.routes.ts";

/** 公开: calendar, items, chains, the catalogue's rules, the township's view, and the API. */
export function disclosureRoutes(app: FastifyInstance, deps: PageDeps): void {
  disclosureApiRoutes(app, deps);
  disclosureCalendarRoutes(app, deps);
  disclosureChainRoutes(app, deps);
  disclosureRuleRoutes(app, deps);
  disclosureItemRoutes(app, deps);
  disclosureTownshipRoutes(app, deps);
}
