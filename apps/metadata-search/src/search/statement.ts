/**
 * Questions as SQL. The text of a statement is made of the parts below and of nothing else; everything that somebody asked for is a
 * parameter, a `?` with a literal of its own.
 */
export interface Statement {
  readonly sql: string;
  /** One literal for each `?`, in their order. */
  readonly parameters: readonly string[];
}

export interface Question {
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly keyPrefix?: string | undefined;
  readonly name?: string | undefined;
  readonly nameContains?: string | undefined;
  readonly customer?: string | undefined;
  readonly category?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Days of the upload, `YYYY-MM-DD`, both included: these decide how much is read. */
  readonly from: string;
  readonly to: string;
  /** Days that uploaders give as received, both included. */
  readonly receivedFrom?: string | undefined;
  readonly receivedTo?: string | undefined;
}

/** A text as Athena takes it for a parameter: in single quotes, of which one within is doubled. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

interface Condition {
  readonly sql: string;
  readonly values: readonly string[];
}

/** All answers beyond this many are left out: who asks for more asks too broadly. */
const MOST_ANSWERS = 10_000;

const ANSWER = `f.bucket, f.object_key, f.version_id, f.file_name, f.size, f.etag, f.content_type, f.customer, f.category, f.received_on, f.uploaded_at, json_format(CAST(f.metadata AS JSON)) AS metadata, json_format(CAST(f.tags AS JSON)) AS tags`;

/** The objects as they are now that fit a question, the latest upload first. */
export function searchStatement(question: Question): Statement {
  return currentObjects(conditionsOf(question), [], question);
}

/** The objects as they are now that lack one of these metadata, or have it empty. */
export function incompleteStatement(required: readonly string[], days: Pick<Question, "from" | "to">): Statement {
  const lacks = "coalesce(trim(element_at(f.metadata, ?)), '') = ''";
  const sql = required.length === 0 ? "1 = 0" : `f.is_read AND (${required.map(() => lacks).join(" OR ")})`;
  return currentObjects([], [{ sql, values: required }], days);
}

/**
 * `found`: rows of uploads in the days that are asked for. `versions`: what became of each version of their keys since, by its latest row;
 * what follows a row lies on its day or later, and on the day before where a clock was slow. `latest`: the version that a key shows. Copies of
 * a row, by deliveries that came twice or a compaction under way, count once.
 */
function currentObjects(
  inside: readonly Condition[],
  outside: readonly Condition[],
  { from, to }: Pick<Question, "from" | "to">,
): Statement {
  const sql = `WITH found AS (
  SELECT *, row_number() OVER (PARTITION BY bucket, object_key, version_id, event_order ORDER BY is_read DESC, indexed_at DESC) AS copy
  FROM objects WHERE day BETWEEN ? AND ? AND kind = 'created'${all(inside)}
), versions AS (
  SELECT bucket, object_key, version_id, max(event_order) AS event_order, max_by(kind, event_order) AS kind
  FROM objects WHERE day >= ? AND object_key IN (SELECT object_key FROM found) GROUP BY bucket, object_key, version_id
), latest AS (
  SELECT bucket, object_key, max(event_order) AS event_order FROM versions WHERE kind <> 'deleted' GROUP BY bucket, object_key
)
SELECT ${ANSWER}
FROM found f JOIN latest l ON f.bucket = l.bucket AND f.object_key = l.object_key AND f.event_order = l.event_order
WHERE f.copy = 1${all(outside)} ORDER BY f.uploaded_at DESC, f.object_key LIMIT ${MOST_ANSWERS}`;
  const values = [from, to, ...valuesOf(inside), dayBefore(from), ...valuesOf(outside)];
  return { sql, parameters: values.map(literal) };
}

function conditionsOf(question: Question): Condition[] {
  const equal = (column: string, value: string | undefined) => given(value, `${column} = ?`);
  const pairs = (column: string, wanted: Readonly<Record<string, string>> | undefined) =>
    Object.entries(wanted ?? {}).map(([name, value]) => ({
      sql: `element_at(${column}, ?) = ?`,
      values: [column === "metadata" ? name.toLowerCase() : name, value],
    }));
  return [
    ...equal("bucket", question.bucket),
    ...equal("object_key", question.key),
    ...given(question.keyPrefix, "starts_with(object_key, ?)"),
    ...equal("file_name", question.name),
    ...given(question.nameContains?.toLowerCase(), "strpos(lower(file_name), ?) > 0"),
    ...equal("customer", question.customer),
    ...equal("category", question.category),
    ...pairs("metadata", question.metadata),
    ...pairs("tags", question.tags),
    ...given(question.receivedFrom, "received_on >= ?"),
    ...given(question.receivedTo, "received_on <= ?"),
  ];
}

const given = (value: string | undefined, sql: string): Condition[] =>
  value === undefined ? [] : [{ sql, values: [value] }];
const all = (conditions: readonly Condition[]): string => conditions.map(({ sql }) => ` AND ${sql}`).join("");
const valuesOf = (conditions: readonly Condition[]): string[] => conditions.flatMap(({ values }) => [...values]);

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
