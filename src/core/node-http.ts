/**
 * Node's `http` and `https`. An `import` of them reads all their exports, and the one named `WebSocket` loads Node's own
 * fetch. That takes 25 ms of a start, and most processes never call it.
 */
export const http = process.getBuiltinModule("node:http");
export const https = process.getBuiltinModule("node:https");
