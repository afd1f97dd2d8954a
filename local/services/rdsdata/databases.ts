/**
 * The databases behind the clusters: PGlite, which is Postgres itself in WebAssembly. Each is started when it is first asked something
 * (about two seconds, 470 MB) and has one connection: while a transaction is open, other statements wait for its end, where a server
 * would let them run beside it unless they touch the same rows.
 */
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Call } from "../../core/service.ts";
import { AS_WRITTEN, type ResultColumn } from "./fields.ts";
import { freshDatabase } from "./fresh-database.ts";
import type { Prepared } from "./parameters.ts";

/** A transaction without a call ends after three minutes, a statement after 45 seconds (Calling the Amazon RDS Data API). */
const IDLE_MS = 180_000;
const STATEMENT_MS = 45_000;

export interface Answer {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly changed: number;
}

interface Transaction {
  readonly id: string;
  readonly cluster: string;
  /** Gives the connection back; undefined until the first statement has taken it. */
  release?: () => void;
  timer: Cancel;
}

export class Databases {
  readonly #cloud: Cloud;
  readonly #started = new Map<string, Promise<PGlite>>();
  readonly #queues = new Map<string, Promise<void>>();
  readonly #transactions = new Map<string, Transaction>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Takes no connection yet: that is for its first statement. */
  begin(cluster: string): string {
    const id = Buffer.from(`${this.#cloud.uuid()}${this.#cloud.uuid()}`).toString("base64");
    this.#transactions.set(id, { id, cluster, timer: this.#idleTimer(id) });
    return id;
  }

  async end(cluster: string, id: string, how: "COMMIT" | "ROLLBACK"): Promise<void> {
    const transaction = this.#find(cluster, id);
    transaction.timer();
    this.#transactions.delete(id);
    if (!transaction.release) return;
    try {
      await this.#ask(cluster, { sql: how, values: [] });
    } finally {
      transaction.release();
    }
  }

  /** Runs statements one after the other: within the transaction, or all together in one of their own. */
  async run(
    cluster: string,
    statements: readonly Prepared[],
    transactionId: string | undefined,
    call: Call,
  ): Promise<Answer[]> {
    if (transactionId !== undefined) {
      const transaction = this.#find(cluster, transactionId);
      transaction.timer();
      if (!transaction.release) {
        transaction.release = await this.#turn(cluster, call);
        await this.#ask(cluster, { sql: "BEGIN", values: [] });
      }
      try {
        return await this.#askAll(cluster, statements);
      } finally {
        transaction.timer = this.#idleTimer(transactionId);
      }
    }
    const release = await this.#turn(cluster, call);
    try {
      if (statements.length === 1) return await this.#askAll(cluster, statements);
      await this.#ask(cluster, { sql: "BEGIN", values: [] });
      try {
        const answers = await this.#askAll(cluster, statements);
        await this.#ask(cluster, { sql: "COMMIT", values: [] });
        return answers;
      } catch (error) {
        await this.#ask(cluster, { sql: "ROLLBACK", values: [] });
        throw error;
      }
    } finally {
      release();
    }
  }

  async stop(): Promise<void> {
    for (const { timer } of this.#transactions.values()) timer();
    this.#transactions.clear();
    const started = [...this.#started.values()];
    this.#started.clear();
    await Promise.all(started.map(async (database) => (await database).close()));
  }

  #find(cluster: string, id: string): Transaction {
    const found = this.#transactions.get(id);
    if (found?.cluster !== cluster) {
      throw new ServiceError("TransactionNotFoundException", `Transaction ${id} is not found`);
    }
    return found;
  }

  #idleTimer(id: string): Cancel {
    return this.#cloud.clock.after(IDLE_MS, async () => {
      const transaction = this.#transactions.get(id);
      if (transaction) await this.end(transaction.cluster, id, "ROLLBACK");
    });
  }

  /** Waits for the connection, as long as a statement may take. Answers how to give it back. */
  async #turn(cluster: string, call: Call): Promise<() => void> {
    const before = this.#queues.get(cluster);
    let free = () => {};
    const mine = new Promise<void>((resolve) => (free = resolve));
    const tail = (before ?? Promise.resolve()).then(() => mine);
    this.#queues.set(cluster, tail);
    const release = () => {
      free();
      if (this.#queues.get(cluster) === tail) this.#queues.delete(cluster);
    };
    if (before === undefined) return release;
    const isFree = await call.waiting(this.#within(before));
    if (isFree) return release;
    release();
    throw new ServiceError("StatementTimeoutException", "Request timed out", { detail: { dbConnectionId: 0 } });
  }

  async #within(before: Promise<void>): Promise<boolean> {
    let cancel: Cancel = () => {};
    const late = new Promise<false>((resolve) => {
      cancel = this.#cloud.clock.after(STATEMENT_MS, () => resolve(false));
    });
    const isFree = await Promise.race([before.then(() => true), late]);
    cancel();
    return isFree;
  }

  async #askAll(cluster: string, statements: readonly Prepared[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const statement of statements) answers.push(await this.#ask(cluster, statement));
    return answers;
  }

  /** Throws DatabaseErrorException with what Postgres says. */
  async #ask(cluster: string, { sql, values }: Prepared): Promise<Answer> {
    const database = await this.#database(cluster);
    try {
      const { fields, rows, affectedRows } = await database.query<(string | null)[]>(sql, [...values], {
        rowMode: "array",
        parsers: AS_WRITTEN,
      });
      return { columns: fields, rows, changed: fields.length > 0 ? 0 : (affectedRows ?? 0) };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  #database(cluster: string): Promise<PGlite> {
    const known = this.#started.get(cluster);
    if (known) return known;
    const starting = this.#start(cluster);
    this.#started.set(cluster, starting);
    starting.catch(() => this.#started.delete(cluster));
    return starting;
  }

  async #start(cluster: string): Promise<PGlite> {
    const { PGlite: Postgres } = await import("@electric-sql/pglite").catch(() => {
      throw new ServiceError(
        "DatabaseUnavailableException",
        "The package @electric-sql/pglite, which is Postgres locally, is not installed.",
      );
    });
    const { folder } = this.#cloud.storage;
    return freshDatabase(Postgres, folder === undefined ? undefined : join(folder, "rdsdata", cluster));
  }
}

/** `ERROR: relation "t" does not exist; Position: 15; SQLState: 42P01`. */
function refusalOf(error: unknown): ServiceError {
  const { message, severity, position, code } = error as {
    message: string;
    severity?: string;
    position?: string;
    code?: string;
  }; // PGlite's DatabaseError; what else is thrown has a message at least
  return new ServiceError(
    "DatabaseErrorException",
    `${severity ?? "ERROR"}: ${message}${position ? `; Position: ${position}` : ""}; SQLState: ${code ?? "XX000"}`,
  );
}
