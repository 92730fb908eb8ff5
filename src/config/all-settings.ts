/** Every variable of the worker: the vendors' own, and all others. */
import type { SettingGroup, Settings } from "../settings/setting.ts";
import { VENDORS } from "../vendors/index.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { OWN_GROUPS } from "./settings.ts";

export function groupsWith(vendors: readonly Vendor[]): readonly SettingGroup[] {
  return [...vendors, ...OWN_GROUPS];
}

/** Two vendors of one cloud may share a variable. */
export function settingsWith(vendors: readonly Vendor[]): Settings {
  return Object.fromEntries(groupsWith(vendors).flatMap(({ settings }) => Object.entries(settings)));
}

const ALL = Object.entries(settingsWith(VENDORS));

/** Their names, without the `NAME_FILE` forms of the secrets. */
export const VARIABLES: readonly string[] = ALL.map(([name]) => name);

/** These may come as `NAME_FILE`, and no message shows their value. */
export const SECRETS: readonly string[] = ALL.filter(([, { isSecret }]) => isSecret).map(([name]) => name);
