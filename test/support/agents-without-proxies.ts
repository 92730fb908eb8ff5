/** Preload this to make Node's HTTP agents ignore proxies, as those of Node 24.4 do. */
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";

http.Agent = class extends http.Agent {
  constructor({ proxyEnv: _unknown, ...options }: http.AgentOptions = {}) {
    super(options);
  }
};
syncBuiltinESMExports();
