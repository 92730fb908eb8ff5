/** A unit test that starts a process fails. This keeps unit tests fast and portable. */
import childProcess, { ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

function refuse(): never {
  throw new Error("a unit test starts no process: name its file NAME.redis.test.ts or NAME.e2e.test.ts");
}

// `spawn`, `fork`, `exec` and `execFile` all end in `ChildProcess.spawn`
Object.assign(ChildProcess.prototype, { spawn: refuse });
Object.assign(childProcess, { spawnSync: refuse, execSync: refuse, execFileSync: refuse });
syncBuiltinESMExports();
