import { freshPage } from "../conformance.ts";
import type { Gate } from "./gate.ts";

/** The table in local/README.md says what the handlers are. */
export const conformance: Gate = {
  name: "table of services and operations",
  async check() {
    const { present, fresh } = await freshPage();
    return present === fresh ? [] : ["local/README.md is stale: node scripts/conformance.ts"];
  },
};
