/** Keeps the unit tests quick and at home everywhere: one that starts a process fails. */
import childProcess, { ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

function refuse(): never {
  throw new Error("a unit test starts no process: name its file NAME.redis.test.ts or NAME.e2e.test.ts");
}

// spawn, fork, exec and execFile all come to the first
Object.assign(ChildProcess.prototype, { spawn: refuse });
Object.assign(childProcess, { spawnSync: refuse, execSync: refuse, execFileSync: refuse });
syncBuiltinESMExports();
