/** The command line of a simulator. The message about a mistake says what to type instead. */
import { parseArgs } from "node:util";
import type { z } from "zod";
import { codeOf, messageOf } from "../../core/failure.ts";
import { UsageError } from "./usage-error.ts";

/** The flags by their schema, in which those in `switches` take no value. Undefined when only `--help` was asked for. */
export function readFlags<S extends z.ZodObject>(
  schema: S,
  argv: readonly string[],
  switches: readonly string[] = [],
): z.output<S> | undefined {
  const values = valuesOf(Object.keys(schema.shape), argv, switches);
  if (values["help"] === true) return undefined;
  const read = schema.safeParse(values);
  if (read.success) return read.data;
  throw new UsageError(read.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`).join("\n"));
}

function valuesOf(
  names: readonly string[],
  argv: readonly string[],
  switches: readonly string[],
): Readonly<Record<string, unknown>> {
  const options = Object.fromEntries(
    [...names, "help"].map((name) => {
      const type: "boolean" | "string" = name === "help" || switches.includes(name) ? "boolean" : "string";
      return [name, { type }];
    }),
  );
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(`${messageOf(cause)} (--help lists the options)`, { cause });
  }
}

/** Starts the server, or explains a wrong `--port` or `--host`. */
export async function listening<T>(
  { host, port }: { readonly host?: string | undefined; readonly port: number },
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "EADDRINUSE") throw new UsageError(`port ${port} is taken: choose another with --port`, { cause });
    if (code === "EACCES")
      throw new UsageError(`port ${port} is not allowed: choose one from 1024 on with --port`, { cause });
    throw new UsageError(`the simulator cannot listen on ${host}: ${messageOf(cause)}`, { cause });
  }
}
