import { commandLine } from "../core/command-line.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** For a new user: which settings to set, and how to try the worker without an account. */
export function nothingConfigured(vendors: readonly Vendor[]): string {
  const width = Math.max(...vendors.map(({ title }) => title.length));
  const needs = vendors.map((vendor) => `    ${vendor.title.padEnd(width)}  ${vendor.needs.join(", ")}`);
  const trial = Object.entries(vendors.find((vendor) => vendor.trial)?.trial ?? {});
  return `nothing is configured: without the settings of a vendor there is nothing to handle
  with a real account, set what it takes (.env.example lists all settings):
${needs.join("\n")}
  to see it at work:      ${commandLine("demo")}
  to try it by yourself:  ${commandLine("simulate")}, and beside it ${commandLine("start")} with these in its environment or in .env:
${trial.map(([name, value]) => `    ${name}=${value}`).join("\n")}`;
}
