import { join } from "node:path";

export const CACHE_FOLDER = join(import.meta.dirname, "../../.cache");
