/** Both indexes as one: what is below `rows/` is indexed row by row, everything else as a whole, by its owner. */
import type { Finding } from "../report.ts";
import { readUsers } from "../objects/user-rows.ts";
import { versionOf } from "../objects/data-bucket.ts";
import { env } from "#shared/environment";
import { addOwner, findOwned, forgetOwner } from "./owner-index.ts";
import { addRows, completeVersion, findRows, forgetVersions, isComplete, type UserRow } from "./row-index.ts";

const rowPrefix = env.text("ROW_PREFIX", "rows/");
/** Some 100 kB of a request that may have 4 MiB. */
const ROWS_AT_A_TIME = 2_000;

const kindOf = (key: string): Finding["kind"] => (key.startsWith(rowPrefix) ? "rows" : "object");

/** Answers whether the version is there. Once it is indexed, doing it again costs one look. Throws RowsUnreadable, FormatUnknown. */
export async function indexVersion(key: string, versionId: string): Promise<boolean> {
  const version = await versionOf(key, versionId);
  if (!version) {
    await forget(key, [versionId]);
    return false;
  }
  if (kindOf(key) === "object") await addOwner(key, versionId);
  else if (!(await isComplete(key, versionId))) {
    let gathered: UserRow[] = [];
    const putAway = async () => {
      const rows = gathered;
      gathered = [];
      for (let at = 0; at < rows.length; at += ROWS_AT_A_TIME)
        await addRows(key, versionId, rows.slice(at, at + ROWS_AT_A_TIME));
    };
    const { rows, blanks } = await readUsers(
      key,
      version,
      (user, row) => void gathered.push({ user, row }),
      async () => {
        if (gathered.length >= ROWS_AT_A_TIME) await putAway();
      },
    );
    await putAway();
    await completeVersion(key, versionId, rows, blanks);
  }
  // It may have been removed while it was read, and the event of that come first.
  if (await versionOf(key, versionId)) return true;
  await forget(key, [versionId]);
  return false;
}

/** Forgets versions that are gone. */
export const forget = (key: string, versionIds: readonly string[]): Promise<void> =>
  kindOf(key) === "rows" ? forgetVersions(key, versionIds) : forgetOwner(key, versionIds);

/** Everything that any index knows of these users. Throws IndexBehind. */
export async function findAll(users: readonly string[]): Promise<readonly Finding[]> {
  const [rows, owned] = await Promise.all([findRows(users), findOwned(users)]);
  return [...rows, ...owned];
}
