/** Rules between settings. Each returns a message that names the setting to change. */
import type { Door } from "../core/event.ts";
import type { Given } from "../settings/given.ts";
import type { Settings } from "../settings/setting.ts";
import { ROLES } from "./settings.ts";

export type Rules = Pick<Given, "has"> & {
  readonly settings: Settings;
  /** Missing if the setting itself has a mistake. */
  readonly roles: readonly string[] | undefined;
  readonly redisUrl: string | undefined;
  readonly port: number | undefined;
  readonly pagesPort: number | undefined;
};

/** No vendor is configured: probably a new user, not a mistake. */
export function isNothingConfigured(rules: Pick<Rules, "settings" | "has">): boolean {
  return !opens(rules, "pull") && !opens(rules, "push") && !rules.has("ROLES");
}

export function brokenRules(rules: Rules): readonly string[] {
  return [vendor, pushRole, redis, sentinels, forward, ports, dashboard].flatMap((rule) => rule(rules) ?? []);
}

/** Whether one of the given settings opens this kind of door. */
function opens({ settings, has }: Pick<Rules, "settings" | "has">, door: Door): boolean {
  return Object.entries(settings).some(([name, setting]) => setting.opens === door && has(name));
}

function vendor(rules: Rules): string | undefined {
  if (isNothingConfigured(rules) || opens(rules, "pull") || opens(rules, "push")) return undefined;
  const idle = rules.roles?.filter((role) => role !== "http") ?? [];
  return idle.length > 0
    ? `ROLES: ${idle.join(" and ")} cannot do without a vendor; set the credentials of one (.env.example lists all settings)`
    : undefined;
}

/** A push door is open, and this process has no HTTP server. */
function pushRole(rules: Rules): string | undefined {
  const { roles } = rules;
  if (roles === undefined || roles.includes("http") || opens(rules, "pull") || !opens(rules, "push")) return undefined;
  return "ROLES: http is missing, but only callbacks are configured, which come by HTTP; add it";
}

/** A private Redis belongs to one process, so parts in several processes would never meet. */
function redis({ roles, has }: Rules): string | undefined {
  return roles !== undefined && roles.length < ROLES.length && !has("REDIS_URL")
    ? `REDIS_URL: is not set, but ROLES gives this process only ${roles.join(" and ")}; set the Redis all processes share`
    : undefined;
}

function sentinels({ redisUrl, has }: Rules): string | undefined {
  const areNamed = redisUrl === undefined ? has("REDIS_URL") : redisUrl.includes("+sentinel:");
  return has("REDIS_SENTINEL_PASSWORD") && !areNamed
    ? "REDIS_SENTINEL_PASSWORD: is set, but REDIS_URL names no sentinels; use redis+sentinel:// there, or remove it"
    : undefined;
}

function forward({ has }: Rules): string | undefined {
  if (has("FORWARD_URL") && !has("FORWARD_SECRET")) {
    return 'FORWARD_SECRET: is not set, but FORWARD_URL is; set it, made with: echo "whsec_$(openssl rand -base64 32)"';
  }
  return has("FORWARD_SECRET") && !has("FORWARD_URL")
    ? "FORWARD_URL: is not set, but FORWARD_SECRET is; set both or none"
    : undefined;
}

/** 0 takes a free port for each. */
function ports({ port, pagesPort }: Rules): string | undefined {
  return pagesPort !== undefined && pagesPort !== 0 && pagesPort === port
    ? `PAGES_PORT: ${pagesPort} is PORT as well; set another, so that callbacks and pages do not share one`
    : undefined;
}

function dashboard({ has }: Rules): string | undefined {
  return has("DASHBOARD_USER") && !has("DASHBOARD_PASSWORD")
    ? "DASHBOARD_PASSWORD: is not set, but DASHBOARD_USER is; set both, or only the password"
    : undefined;
}
