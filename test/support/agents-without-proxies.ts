/** Loaded before a program, it makes the agents of its Node know as little of proxies as those of Node 24.4. */
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";

http.Agent = class extends http.Agent {
  constructor({ proxyEnv: _unknown, ...options }: http.AgentOptions = {}) {
    super(options);
  }
};
syncBuiltinESMExports();
