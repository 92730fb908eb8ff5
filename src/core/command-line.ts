/** In a clone Node runs the sources, and npm scripts are the commands. */
const IN_CLONE = import.meta.filename.endsWith(".ts");

/** How a command is typed here: `npm run simulate -- --rate 0`, or `npx reliable-callback simulate --rate 0`. */
export function commandLine(command: string, ...args: readonly string[]): string {
  const parts = IN_CLONE
    ? [command === "start" ? "npm start" : `npm run ${command}`, ...(args.length > 0 ? ["--", ...args] : [])]
    : [`npx reliable-callback ${command}`, ...args];
  return parts.join(" ");
}
