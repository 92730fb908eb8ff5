import { readFileSync } from "node:fs";
import { SECRETS, VARIABLES } from "./environment.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** What the operator set, before anyone asks whether it makes sense. */
export type Given = {
  readonly values: Readonly<Record<string, string>>;
  /** Set, even if its file cannot be read: then it is not reported as missing a second time. */
  readonly has: (name: string) => boolean;
  readonly mistakes: readonly string[];
};

/** Empty counts as unset; secrets may stand in files; the proxy's names are also known in lower case, as everywhere. */
export function readGiven(env: Env): Given {
  const values: Record<string, string> = {};
  const mistakes: string[] = [];
  const unreadable = new Set<string>();
  for (const name of VARIABLES) {
    const value = name.endsWith("_PROXY") ? (text(env, name.toLowerCase()) ?? text(env, name)) : text(env, name);
    if (value !== undefined) values[name] = SECRETS.includes(name) ? value : value.trim();
  }
  for (const name of SECRETS) {
    const path = text(env, `${name}_FILE`);
    if (path === undefined) continue;
    if (values[name] !== undefined) {
      mistakes.push(`${name}: is set, and ${name}_FILE too; keep one of them`);
      continue;
    }
    const secret = readSecret(path);
    if ("value" in secret) values[name] = secret.value;
    else {
      unreadable.add(name);
      mistakes.push(`${name}_FILE: ${secret.mistake}`);
    }
  }
  return { values, has: (name) => values[name] !== undefined || unreadable.has(name), mistakes };
}

function text(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

function readSecret(path: string): { readonly value: string } | { readonly mistake: string } {
  try {
    const value = readFileSync(path, "utf8").replace(/[\r\n]+$/, "");
    return value.trim() === "" ? { mistake: `${JSON.stringify(path)} is empty; write the secret into it` } : { value };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    // Some put the secret itself where its path should stand: what does not begin as a path does is not shown.
    const named = /^\.{0,2}\//.test(path) ? JSON.stringify(path) : "the file it names";
    return { mistake: `cannot read ${named} (${code}); check the path and who may read it` };
  }
}
