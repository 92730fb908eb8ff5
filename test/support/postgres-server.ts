/** A PostgreSQL in a temporary folder. Call `findProgram("postgres")` first to provide the program. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { findProgram } from "./debian-programs.ts";
import { until } from "./until.ts";

const run = promisify(execFile);

/** The user `nobody`, on every Linux. */
const NOBODY = 65534;
/** PostgreSQL refuses to run as root. */
const OWNER = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const PASSWORD = "only-for-this-test";
const LOOK_MS = 100;

/** `durable`: a commit is on disk before it is answered. */
export async function startPostgresServer({ durable }: { readonly durable: boolean }) {
  const { path, env } = await findProgram("postgres");
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-postgres-"));
  if (OWNER.uid) await chown(folder, OWNER.uid, OWNER.gid);
  const how = { cwd: folder, env: { ...process.env, ...env }, ...OWNER };
  const program = (name: string): string => join(dirname(path), name);

  await writeFile(join(folder, "password"), PASSWORD);
  const login = ["--username=tester", `--pwfile=${join(folder, "password")}`, "--auth=scram-sha-256"];
  await run(program("initdb"), [...login, "--encoding=UTF8", "--locale=C", "--no-sync", join(folder, "data")], how);

  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`];
  const options = [...settings, `fsync=${durable ? "on" : "off"}`].flatMap((setting) => ["-c", setting]);
  const server = spawn(path, ["-D", join(folder, "data"), "-p", String(port), ...options], { ...how, stdio: "ignore" });
  const url = `postgresql://tester:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const query = async (sql: string): Promise<string> => {
    const { stdout } = await run(program("psql"), [url, "--no-psqlrc", "--tuples-only", "--no-align", "-c", sql], how);
    return stdout.trim();
  };
  const close = async (): Promise<void> => {
    // SIGINT stops PostgreSQL at once, without waiting for clients
    if (server.exitCode === null && server.kill("SIGINT")) await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until("PostgreSQL answers", async () => await isReady(query), { timeoutMs: 20_000, pauseMs: LOOK_MS });
  } catch (err) {
    await close();
    throw err;
  }
  return { url, pid: server.pid ?? 0, query, close };
}

async function isReady(query: (sql: string) => Promise<string>): Promise<boolean> {
  return await query("select 1").then(
    () => true,
    () => false,
  );
}
