import type { Config } from "../../config/config.ts";
import type { Finding } from "../../core/finding.ts";
import type { Handler } from "../../core/handler.ts";
import { assertRoomToForward, takesEverything } from "../../worker/check-handlers.ts";
import { loadHandlers } from "../../worker/load-handlers.ts";
import type { Check } from "./check.ts";

const SHOWN = 12;

/** Without `config` (the settings cannot be read) only the module itself is checked. */
export function handlersCheck(path: string | undefined, config: Config | undefined): Check {
  return {
    group: "Handlers",
    about: "loading the handlers",
    async run() {
      const { list: handlers, notes = [] } = await loadHandlers(
        config ?? { ...(path !== undefined && { handlersPath: path }), roles: ["work"] },
      );
      if (config) assertRoomToForward(config, handlers);
      const everything = takesEverything(handlers);
      const doubts = notes.map((fact) => ({
        level: "warn" as const,
        fact,
        fix: "correct it, or leave it if the vendor's type is new",
      }));
      return [
        ...ownFindings(handlers),
        ...doubts,
        ...(config && !everything ? [restFinding(config, handlers.length > 0)] : []),
      ];
    },
  };
}

function ownFindings(handlers: readonly Handler[]): Finding[] {
  const names = handlers.map(({ vendor, type }) => (type === "*" ? `every other of ${nameOf(vendor)}` : type));
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : "";
  return [{ level: "ok", fact: `handled: ${names.slice(0, SHOWN).join(", ")}${more}` }];
}

function nameOf(vendor: string): string {
  return vendor === "*" ? "any vendor" : vendor;
}

/** A list without handlers is probably a mistake: every event would end like this. */
function restFinding({ forward, unhandled }: Config, some: boolean): Finding {
  if (forward) return { level: "ok", fact: `every ${some ? "other " : ""}type goes to FORWARD_URL` };
  const fate =
    unhandled === "park"
      ? "is parked: it waits for a handler, unconfirmed (UNHANDLED=park)"
      : "is confirmed and forgotten (UNHANDLED=confirm)";
  if (some) return { level: "ok", fact: `every other type ${fate}` };
  return {
    level: "warn",
    fact: `there is no handler, so every event ${fate}`,
    fix: "write one, or set FORWARD_URL",
  };
}
