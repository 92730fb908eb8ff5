/** Finds handlers whose type no vendor is known to have. Most of them are misspelt. */
import { UNREADABLE } from "../core/event.ts";
import type { Handler } from "../core/handler.ts";
import { nearest } from "../core/nearest.ts";
import { VENDORS } from "../vendors/index.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** The type of an event that states no type. */
const NO_TYPE = "(none)";

/** Returns one line per handler. The type may be newer than this version, so this is only a note. */
export function unlistedTypes(
  handlers: readonly Pick<Handler, "vendor" | "type">[],
  vendors: readonly Vendor[] = VENDORS,
): readonly string[] {
  return handlers.flatMap(({ vendor, type }) => {
    const asked = vendors.filter(({ name }) => vendor === "*" || name === vendor);
    if (asked.length === 0) return [strangeVendor(vendor, type, vendors)];
    return asked.some((one) => isListed(one, type)) ? [] : [strangeType(type, asked, vendors)];
  });
}

function isListed({ types, openTypes }: Vendor, type: string): boolean {
  return type === "*" || type === NO_TYPE || types.includes(type) || openTypes?.test(type) === true;
}

function strangeVendor(vendor: string, type: string, vendors: readonly Vendor[]): string {
  const names = vendors.map(({ name }) => name);
  const meant = nearest(vendor, names);
  const fix = meant === undefined ? `use one of ${names.join(", ")}, or "*"` : `did you mean ${meant}?`;
  return `a handler is for ${JSON.stringify(type)} of the vendor ${JSON.stringify(vendor)}, and there is no such vendor: ${fix}`;
}

function strangeType(type: string, asked: readonly Vendor[], vendors: readonly Vendor[]): string {
  const whose = asked.length === 1 ? asked.map(({ title }) => title).join() : "any vendor";
  const fact = `a handler is for ${JSON.stringify(type)}, which is no type of ${whose} that this version knows`;
  return `${fact}: ${hintFor(type, asked, vendors)}`;
}

function hintFor(type: string, asked: readonly Vendor[], vendors: readonly Vendor[]): string {
  if (type === UNREADABLE) return "what cannot be read is parked, and no handler gets it";
  const owner = vendors.find(({ types }) => types.includes(type));
  if (owner) return `it is one of ${owner.title}, so use the \`on\` of ${owner.name}`;
  const meant = nearestOf(type, asked) ?? nearestOf(type, vendors);
  if (meant === undefined) return "it runs once there are such events";
  const theirs = asked.some(({ types }) => types.includes(meant))
    ? undefined
    : vendors.find(({ types }) => types.includes(meant));
  return theirs ? `did you mean ${meant}, which is one of ${theirs.title}?` : `did you mean ${meant}?`;
}

function nearestOf(type: string, vendors: readonly Vendor[]): string | undefined {
  return nearest(
    type,
    vendors.flatMap(({ types }) => types),
  );
}
