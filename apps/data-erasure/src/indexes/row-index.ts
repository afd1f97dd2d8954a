/** Which row of which version belongs to which user, in Postgres. Rows of a version never change, so all writes may be repeated. */
import type { Finding } from "../report.ts";
import { Unavailable } from "#shared/errors";
import { query } from "./postgres.ts";

/** A version is being indexed at this moment: what is found now is not all. */
export class IndexBehind extends Unavailable {}

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS user_rows (
     user_id text NOT NULL, object text NOT NULL, version text NOT NULL, row_number bigint NOT NULL,
     PRIMARY KEY (object, version, row_number))`,
  "CREATE INDEX IF NOT EXISTS user_rows_by_user ON user_rows (user_id, object, version)",
  // Rows of a version are complete when it is here.
  `CREATE TABLE IF NOT EXISTS indexed_versions (
     object text NOT NULL, version text NOT NULL, row_count bigint NOT NULL, blank_count bigint NOT NULL,
     PRIMARY KEY (object, version))`,
];
/** Two functions may create the same thing at the same moment (unique_violation, duplicate_table). */
const CREATED_MEANWHILE = /SQLState: (23505|42P07)/;

let prepared: Promise<void> | undefined;
const schema = (): Promise<void> => {
  prepared ??= createSchema();
  prepared.catch(() => (prepared = undefined));
  return prepared;
};

async function createSchema(): Promise<void> {
  for (const statement of SCHEMA) {
    try {
      await query(statement);
    } catch (error) {
      if (!(error instanceof Error && CREATED_MEANWHILE.test(error.message))) throw error;
    }
  }
}

export interface UserRow {
  readonly user: string;
  readonly row: number;
}

export async function addRows(object: string, version: string, rows: readonly UserRow[]): Promise<void> {
  if (rows.length === 0) return;
  await schema();
  await query(
    `INSERT INTO user_rows (user_id, object, version, row_number)
     SELECT entry ->> 0, :object, :version, (entry ->> 1)::bigint FROM json_array_elements(:rows::json) AS entry
     ON CONFLICT DO NOTHING`,
    { object, version, rows: JSON.stringify(rows.map(({ user, row }) => [user, row])) },
  );
}

/** All rows of the version are there. */
export async function completeVersion(object: string, version: string, rows: number, blanks: number): Promise<void> {
  await schema();
  await query(
    `INSERT INTO indexed_versions (object, version, row_count, blank_count) VALUES (:object, :version, :rows, :blanks)
     ON CONFLICT (object, version) DO UPDATE SET row_count = excluded.row_count, blank_count = excluded.blank_count`,
    { object, version, rows, blanks },
  );
}

export async function isComplete(object: string, version: string): Promise<boolean> {
  await schema();
  const found = await query("SELECT 1 FROM indexed_versions WHERE object = :object AND version = :version", {
    object,
    version,
  });
  return found.length > 0;
}

/** Forgets versions that are gone from the bucket. */
export async function forgetVersions(object: string, versions: readonly string[]): Promise<void> {
  if (versions.length === 0) return;
  await schema();
  const gone = { object, versions: JSON.stringify(versions) };
  const where = "WHERE object = :object AND version IN (SELECT json_array_elements_text(:versions::json))";
  await query(`DELETE FROM user_rows ${where}`, gone);
  await query(`DELETE FROM indexed_versions ${where}`, gone);
}

/** Answers are limited to 1 MiB; a key has up to 1,024 bytes. */
const PAGE = 500;
const USERS_AT_A_TIME = 1_000;

/** Throws IndexBehind when a version with rows of these users is not complete. */
export async function findRows(users: readonly string[]): Promise<readonly Finding[]> {
  await schema();
  const found: Finding[] = [];
  for (let from = 0; from < users.length; from += USERS_AT_A_TIME) {
    const some = JSON.stringify(users.slice(from, from + USERS_AT_A_TIME));
    let last = { object: "", version: "", user: "" };
    for (;;) {
      const page = await query(
        `SELECT r.object, r.version, r.user_id, count(*), bool_or(i.object IS NULL)
         FROM user_rows r LEFT JOIN indexed_versions i ON i.object = r.object AND i.version = r.version
         WHERE r.user_id IN (SELECT json_array_elements_text(:some::json))
           AND (r.object, r.version, r.user_id) > (:object, :version, :user)
         GROUP BY r.object, r.version, r.user_id ORDER BY r.object, r.version, r.user_id LIMIT ${PAGE}`,
        { some, ...last },
      );
      for (const [object, version, user, rows, isOpen] of page) {
        if (isOpen) throw new IndexBehind("An upload is being indexed; ask again when it is done");
        last = { object: String(object), version: String(version), user: String(user) };
        found.push({ kind: "rows", key: last.object, versionId: last.version, user: last.user, rows: Number(rows) });
      }
      if (page.length < PAGE) break;
    }
  }
  return found;
}

/** A row number has some eight characters. */
const NUMBERS = 50_000;

/** The numbers of the users' rows in one version, in order. */
export async function rowNumbers(
  object: string,
  version: string,
  users: readonly string[],
): Promise<readonly number[]> {
  await schema();
  const numbers: number[] = [];
  for (;;) {
    const [row] = await query(
      `SELECT array_to_json(array_agg(row_number ORDER BY row_number))::text FROM (
         SELECT row_number FROM user_rows WHERE object = :object AND version = :version AND row_number > :last
           AND user_id IN (SELECT json_array_elements_text(:users::json)) ORDER BY row_number LIMIT ${NUMBERS}) AS page`,
      { object, version, users: JSON.stringify(users), last: numbers.at(-1) ?? -1 },
    );
    const page = JSON.parse(String(row?.[0] ?? "[]")) as number[] | null; // what array_to_json has written
    numbers.push(...(page ?? []));
    if ((page?.length ?? 0) < NUMBERS) return numbers;
  }
}

export interface BlankedVersion {
  readonly key: string;
  readonly versionId: string;
}

/** Versions with blank rows, as they came. */
export async function blankedVersions(limit: number): Promise<readonly BlankedVersion[]> {
  await schema();
  const found = await query(
    "SELECT object, version FROM indexed_versions WHERE blank_count > 0 ORDER BY object, version LIMIT :limit",
    { limit },
  );
  return found.map(([key, versionId]) => ({ key: String(key), versionId: String(versionId) }));
}

/** A version that is not the latest any more keeps its blank rows until it is removed. */
export async function leaveBlanks(object: string, version: string): Promise<void> {
  await query("UPDATE indexed_versions SET blank_count = 0 WHERE object = :object AND version = :version", {
    object,
    version,
  });
}
