#!/usr/bin/env node
/** The first file of the installed package. An old Node must be able to run it, to print which version is needed. */
import { existsSync } from "node:fs";

const OLDEST_NODE = 24;
/** In a clone Node itself reads `.env` for these, by a flag in the npm script. */
const READ_ENV_FILE = ["start", "dev", "doctor", "peek", "replay"];

const [major] = process.versions.node.split(".");
if (Number(major) < OLDEST_NODE) {
  process.stderr.write(`reliable-callback needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  const [first = "start"] = process.argv.slice(2);
  const command = first.startsWith("-") ? "start" : first;
  if (READ_ENV_FILE.includes(command) && existsSync(".env")) process.loadEnvFile();
  await import("./index.ts");
}
