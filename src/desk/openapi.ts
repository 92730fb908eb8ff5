/** Describes the API in OpenAPI. `docs/openapi.json` holds the same; a test compares it with the routes. */
import { z } from "zod";
import { EventPage, EventWithLife, Groups, Reach, Series } from "./contract.ts";

const schemas = { EventPage, EventWithLife, Groups, Reach, Series };

const SEARCH = query(
  "search",
  "Words are all required; state:, type:, source:, vendor:, older:, newer: ask for more; quotes keep spaces.",
  { type: "string", maxLength: 1_000 },
);

export function openApi() {
  return {
    openapi: "3.1.0",
    info: {
      title: "reliable-callback",
      version: "1",
      description:
        "Finds events and tells what became of them. Every path needs the password of the pages, if one is set.",
    },
    security: [{ password: [] }],
    paths: {
      "/api/events": {
        get: answering("EventPage", "The events that fit: open ones first, then the history, the newest first", [
          SEARCH,
          query("limit", "At most so many events.", { type: "integer", minimum: 1, maximum: 500, default: 50 }),
          query("cursor", "That of the page before.", { type: "string" }),
        ]),
      },
      "/api/events/{id}": {
        get: answering("EventWithLife", "One event, with its body while its job is there, and its life", [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
        ]),
      },
      "/api/groups": {
        get: answering("Groups", "Parked events by type and error, the largest group first", [SEARCH]),
      },
      "/api/series": {
        get: answering("Series", "How things went, in 60 steps and per type and source", [
          query("range", "How far back.", { type: "string", enum: ["15m", "3h", "2d"], default: "15m" }),
        ]),
      },
      "/api/history": { get: answering("Reach", "How many finished events are remembered, and since when", []) },
      "/api/openapi.json": { get: { summary: "This description", responses: { 200: { description: "OpenAPI 3.1" } } } },
    },
    components: {
      securitySchemes: { password: { type: "http", scheme: "basic" } },
      schemas: { ...Object.fromEntries(Object.entries(schemas).map(schemaOf)), Mistake: MISTAKE },
    },
  };
}

const MISTAKE = { type: "object", properties: { error: { type: "string" } }, required: ["error"] };

function schemaOf([name, schema]: readonly [string, z.ZodType]) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return [name, rest] as const;
}

function query(name: string, description: string, schema: object) {
  return { name, in: "query", description, schema };
}

function answering(schema: keyof typeof schemas, summary: string, parameters: readonly object[]) {
  return {
    summary,
    parameters,
    responses: {
      200: { description: "OK", content: json(schema) },
      400: { description: "A mistake in the question", content: json("Mistake") },
      401: { description: "The password is missing or wrong" },
      ...(schema === "EventWithLife" && { 404: { description: "No such event", content: json("Mistake") } }),
    },
  };
}

function json(name: string) {
  return { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } };
}
