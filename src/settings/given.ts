import { readFileSync } from "node:fs";
import { codeOf } from "../core/failure.ts";
import type { Settings, ValuesOf } from "./setting.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** The texts that the operator set, not yet validated. */
export type Given = {
  readonly texts: Readonly<Record<string, string>>;
  /** Also true if the file of the setting cannot be read. So the setting is not reported as missing too. */
  readonly has: (name: string) => boolean;
  readonly mistakes: readonly string[];
};

/** Empty counts as unset. Secrets may be in files. Proxy variables also work in lower case, as in other programs. */
export function readGiven(env: Env, settings: Settings): Given {
  const texts: Record<string, string> = {};
  const mistakes: string[] = [];
  const unreadable = new Set<string>();
  for (const [name, { isSecret = false }] of Object.entries(settings)) {
    const given = name.endsWith("_PROXY") ? (text(env, name.toLowerCase()) ?? text(env, name)) : text(env, name);
    if (given !== undefined) texts[name] = isSecret ? given : given.trim();
    const path = isSecret ? text(env, `${name}_FILE`) : undefined;
    if (path === undefined) continue;
    if (given !== undefined) {
      mistakes.push(`${name}: is set, and ${name}_FILE too; keep one of them`);
      continue;
    }
    const secret = readSecret(path);
    if ("text" in secret) texts[name] = secret.text;
    else {
      unreadable.add(name);
      mistakes.push(`${name}_FILE: ${secret.mistake}`);
    }
  }
  return { texts, has: (name) => texts[name] !== undefined || unreadable.has(name), mistakes };
}

export type Read<S extends Settings> = {
  /** The values of the settings without a mistake. */
  readonly values: Partial<ValuesOf<S>>;
  /** All values. Missing if any setting has a mistake. */
  readonly complete?: ValuesOf<S>;
  readonly mistakes: readonly string[];
};

/** The values of the texts, or the defaults. */
export function readSettings<S extends Settings>(settings: S, given: Given): Read<S>;
export function readSettings(settings: Settings, { texts }: Given): Read<Settings> {
  const values: Record<string, unknown> = {};
  const mistakes: string[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    const given = texts[name] ?? setting.default;
    const read = given === undefined ? undefined : setting.field.safeParse(given);
    if (read === undefined || read.success) values[name] = read?.data;
    else mistakes.push(...read.error.issues.map(({ message }) => `${name}: ${message}`));
  }
  return { values, mistakes, ...(mistakes.length === 0 && { complete: values }) };
}

function text(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

function readSecret(path: string): { readonly text: string } | { readonly mistake: string } {
  try {
    const read = readFileSync(path, "utf8").replace(/[\r\n]+$/, "");
    return read.trim() === ""
      ? { mistake: `${JSON.stringify(path)} is empty; write the secret into it` }
      : { text: read };
  } catch (error) {
    // The value may be the secret itself, set by mistake in place of its path. So it is shown only if it looks like a
    // path.
    const named = /^\.{0,2}\//.test(path) ? JSON.stringify(path) : "the file it names";
    return { mistake: `cannot read ${named} (${codeOf(error)}); check the path and who may read it` };
  }
}
