/** Reads the parts of Docker's file formats that this project uses. Anything else is an error. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const PROJECT = join(import.meta.dirname, "../..");

export type Instruction = { readonly name: string; readonly flags: readonly string[]; readonly text: string };

/** One image, with all that it inherits from the stages before it; default: the last one. */
export function readDockerfile(target?: string) {
  const all = instructionsOf(target);
  const texts = (name: string) => all.filter((one) => one.name === name).map(({ text }) => text);
  const last = (name: string) => z.string().parse(texts(name).at(-1));
  const pairs = (name: string) => Object.fromEntries(texts(name).flatMap(pairsIn));
  return {
    instructions: all,
    from: z.tuple([z.string()]).parse(texts("FROM"))[0],
    labels: pairs("LABEL"),
    env: pairs("ENV"),
    workdir: last("WORKDIR"),
    copies: all.filter(({ name }) => name === "COPY").map(copyOf),
    runs: texts("RUN"),
    user: last("USER"),
    port: last("EXPOSE"),
    healthcheck: execForm(last("HEALTHCHECK").replace(/^CMD /, "")),
    command: execForm(last("CMD")),
  };
}

/** From the image that comes from elsewhere to this stage. */
function instructionsOf(target?: string): readonly Instruction[] {
  const stages = stagesIn(instructionsIn(readFileSync(join(PROJECT, "Dockerfile"), "utf8")));
  const stage = target === undefined ? stages.at(-1) : stages.find(({ name }) => name === target);
  if (!stage) throw new Error(`Dockerfile: there is no stage ${target}`);
  const isOurs = stages.some(({ name }) => name === stage.base);
  const inherited = isOurs ? instructionsOf(stage.base) : [{ name: "FROM", flags: [], text: stage.base }];
  return [...inherited, ...stage.instructions.slice(1)];
}

function stagesIn(all: readonly Instruction[]) {
  const starts = all.flatMap(({ name }, index) => (name === "FROM" ? [index] : []));
  return starts.map((start, nth) => {
    const instructions = all.slice(start, starts[nth + 1]);
    const [base = "", name = ""] = (instructions[0]?.text ?? "").split(" AS ");
    return { base, name, instructions };
  });
}

/** Whether .dockerignore excludes the path. The last line that matches the path, or a folder above it, decides. */
export function readIgnore(): (path: string) => boolean {
  const lines = readFileSync(join(PROJECT, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const rules = lines.map((line) => ({ keeps: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps === false;
}

function patternOf(line: string): RegExp {
  if (!/^[\w./*-]+$/.test(line)) throw new Error(`.dockerignore: ${line} is not understood`);
  const source = line
    .replaceAll(".", String.raw`\.`)
    .replaceAll("**/", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", "(.*/)?");
  return new RegExp(`^${source}(/|$)`);
}

function instructionsIn(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [, name, flags, rest] = z.array(z.string()).parse(/^([A-Z]+) +((?:--\S+ +)*)(.+)$/.exec(line));
      return z
        .object({ name: z.string(), flags: z.array(z.string()), text: z.string() })
        .parse({ name, flags: flags?.split(" ").filter(Boolean), text: rest });
    });
}

function pairsIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = "", quoted, bare]) => [
    name,
    quoted ?? bare ?? "",
  ]);
}

/** `from`: the stage that the sources come from, instead of this folder. */
export function copyOf({ flags, text }: Instruction) {
  const words = text.split(/ +/);
  const flag = (pattern: RegExp) => flags.map((one) => pattern.exec(one)?.[1]).find((found) => found !== undefined);
  const [from, mode] = [flag(/^--from=([\w-]+)$/), flag(/^--chmod=([0-7]{3})$/)];
  if (flags.length !== 1 || (from ?? mode) === undefined)
    throw new Error(`Dockerfile: COPY ${flags.join(" ")} ${text}`);
  return { sources: words.slice(0, -1), target: z.string().parse(words.at(-1)), from, mode };
}

function execForm(text: string) {
  return z.tuple([z.string()], z.string()).parse(JSON.parse(text));
}
