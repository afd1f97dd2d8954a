/** What would be erased: every version of every object that holds something of the users, and the hash that an approval names. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";

/** One version of one object that holds something of one user: so many rows, or all of it. */
export interface Finding {
  readonly kind: "rows" | "object";
  readonly key: string;
  readonly versionId: string;
  readonly user: string;
  /** Zero for a whole object. */
  readonly rows: number;
}

export const ReportedObject = z.object({
  kind: z.enum(["rows", "object"]),
  key: z.string(),
  versions: z.array(
    z.object({ versionId: z.string(), users: z.array(z.object({ user: z.string(), rows: z.number() })) }),
  ),
});
export type ReportedObject = z.infer<typeof ReportedObject>;

export const Report = z.object({
  objects: z.array(ReportedObject),
  notFound: z.array(z.string()),
});
export type Report = z.infer<typeof Report>;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The same findings make the same report, in whatever order they come. */
export function reportOf(users: readonly string[], findings: readonly Finding[]): Report {
  const found = new Set(findings.map(({ user }) => user));
  const objects = [...Map.groupBy(findings, ({ kind, key }) => `${kind} ${key}`).values()].map((group) => ({
    kind: group[0]?.kind ?? "rows",
    key: group[0]?.key ?? "",
    versions: [...Map.groupBy(group, ({ versionId }) => versionId)]
      .map(([versionId, parts]) => ({
        versionId,
        // A list, not an object: a user may be called `__proto__`.
        users: parts.map(({ user, rows }) => ({ user, rows })).toSorted((a, b) => order(a.user, b.user)),
      }))
      .toSorted((a, b) => order(a.versionId, b.versionId)),
  }));
  return {
    objects: objects.toSorted((a, b) => order(`${a.kind} ${a.key}`, `${b.kind} ${b.key}`)),
    notFound: users.filter((user) => !found.has(user)).toSorted(order),
  };
}

/** SHA-256 of what is to be erased, in hexadecimal. */
export const hashOf = ({ objects }: Report): string =>
  createHash("sha256").update(JSON.stringify(objects)).digest("hex");

export interface Summary {
  readonly objects: number;
  readonly wholeObjects: number;
  readonly versions: number;
  readonly rows: number;
  readonly usersFound: number;
  readonly usersNotFound: number;
}

/** In figures only: fit for mails, states and logs. */
export function summaryOf({ objects, notFound }: Report): Summary {
  const versions = objects.flatMap((object) => object.versions);
  const parts = versions.flatMap((version) => version.users);
  return {
    objects: objects.length,
    wholeObjects: objects.filter(({ kind }) => kind === "object").length,
    versions: versions.length,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    usersFound: new Set(parts.map(({ user }) => user)).size,
    usersNotFound: notFound.length,
  };
}

/** An execution's history holds 25,000 events. A part takes some fifteen of them, more when it is tried again; there may be several rounds. */
const MOST_PARTS = 500;

/** How many parts the purge has. */
export const partsOf = ({ objects }: Report): number => Math.min(MOST_PARTS, objects.length);

/** The objects of one part. */
export function partOf(report: Report, part: number): readonly ReportedObject[] {
  const parts = partsOf(report);
  return report.objects.filter((_, index) => index % parts === part);
}
