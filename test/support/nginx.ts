import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { onTestFinished } from "vitest";
import { freePort } from "./free-port.ts";
import { findProgram } from "./debian-programs.ts";
import { tempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** A real nginx with one server that has these directives. It stops after the test. Call `findProgram` in a `beforeAll`. */
export async function startNginx(directives: string) {
  const { path, env } = await findProgram("nginx");
  const folder = await tempFolder();
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${kind};`);
  const config = `
    daemon off;
    master_process off;
    pid nginx.pid;
    events {}
    http {
      access_log off;
      ${temporary.join("\n")}
      server {
        listen 127.0.0.1:${port};
        ${directives}
      }
    }`;
  await writeFile(join(folder, "nginx.conf"), config);
  const nginx = spawn(path, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], { env: { ...process.env, ...env } });
  let said = "";
  nginx.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  onTestFinished(async () => {
    if (nginx.exitCode === null && nginx.kill("SIGKILL")) await once(nginx, "exit");
  });
  await until("nginx listens", async () => nginx.exitCode !== null || (await listens(port)), {
    timeoutMs: 10_000,
    pauseMs: 20,
  });
  if (nginx.exitCode !== null) throw new Error(`nginx ended at once:\n${said}`);
  return { port, url: `http://127.0.0.1:${port}` };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
