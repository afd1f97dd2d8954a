/** Says what state a database is in, and what that means for the workflow. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { phaseOf } from "./database.ts";
import { DatabaseNotFound, describeDatabase } from "./database-store.ts";

export const Database = z.object({ kind: z.enum(["instance", "cluster"]), id: z.string().check(z.minLength(1)) });

export const handler = handle({ input: Database }, async (database) => {
  const status = await describeDatabase(database).then(
    (found) => found.status,
    (error: unknown) => {
      // A database that is gone is an outcome that the administrator is told, not a failure of this function.
      if (error instanceof DatabaseNotFound) return "deleted";
      throw error;
    },
  );
  return { status, phase: phaseOf(status) };
});
