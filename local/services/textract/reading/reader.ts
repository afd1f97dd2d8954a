/**
 * Reads documents in a thread that is started on first use (an eighth of a second for PDFs, half a second more for pictures), reused, and ended when a
 * page takes too long. What was read once in this process is not read again.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Ask, Format, Page, Refusal, Reply } from "./messages.ts";

/** Real time: virtual time stands still meanwhile. */
const MOST_MS_A_PAGE = 30_000;
const MOST_CACHED = 200;

export interface ReadDocument {
  /** In order; undefined where a page could not be read. */
  readonly pages: readonly (Page | undefined)[];
}

export interface Reader {
  /** Answers why the document cannot be read, when it cannot. */
  read(bytes: Uint8Array, format: Format, mostPages: number): Promise<ReadDocument | Refusal>;
  stop(): Promise<void>;
}

interface Question {
  readonly ask: Ask;
  readonly pages: (Page | undefined)[];
  readonly resolve: (answer: ReadDocument | Refusal) => void;
}

const cache = new Map<string, ReadDocument | Refusal>();

export function createReader({ mostMsAPage = MOST_MS_A_PAGE }: { readonly mostMsAPage?: number } = {}): Reader {
  let worker: Worker | undefined;
  let next = 0;
  let watch: NodeJS.Timeout | undefined;
  const waiting: Question[] = [];
  let current: Question | undefined;

  function start(): Worker {
    const started = new Worker(join(import.meta.dirname, "program.ts"), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      stdout: true,
      stderr: true, // the engines' remarks on documents are nobody's concern
    });
    started.unref();
    started.on("error", () => lose(started));
    started.on("exit", () => lose(started));
    started.on("message", (reply: Reply) => {
      if (started === worker && reply.id === current?.ask.id) take(current, reply);
    });
    return started;
  }

  function take(question: Question, reply: Reply): void {
    if (reply.kind === "page") question.pages.push(reply.page);
    if (reply.kind === "lost page") question.pages.push(undefined);
    if (reply.kind === "end") finish(question, { pages: question.pages });
    else if (reply.kind === "refused") finish(question, reply.refusal);
    else watchOver();
  }

  function finish(question: Question, answer: ReadDocument | Refusal): void {
    clearTimeout(watch);
    current = undefined;
    worker?.unref();
    question.resolve(answer);
    proceed();
  }

  function watchOver(): void {
    clearTimeout(watch);
    watch = setTimeout(() => worker && lose(worker), mostMsAPage);
  }

  /** The thread has ended, or has hung on a page: what it has read so far is kept, the rest is lost. */
  function lose(lost: Worker): void {
    if (lost !== worker) return;
    worker = undefined;
    void lost.terminate();
    if (current) finish(current, current.pages.length > 0 ? { pages: [...current.pages, undefined] } : "unreadable");
  }

  function proceed(): void {
    if (current) return;
    current = waiting.shift();
    if (!current) return;
    worker ??= start();
    worker.ref();
    worker.postMessage(current.ask);
    watchOver();
  }

  return {
    async read(bytes, format, mostPages) {
      const key = createHash("sha256").update(`${format} ${mostPages} `).update(bytes).digest("hex");
      const known = cache.get(key);
      if (known) return known;
      const answer = await new Promise<ReadDocument | Refusal>((resolve) => {
        waiting.push({ ask: { id: next++, format, bytes, mostPages }, pages: [], resolve });
        proceed();
      });
      const oldest = cache.keys().next();
      if (cache.size >= MOST_CACHED && !oldest.done) cache.delete(oldest.value);
      // A page that was lost may have been slow only.
      if (typeof answer !== "string" && !answer.pages.includes(undefined)) cache.set(key, answer);
      return answer;
    },
    async stop() {
      clearTimeout(watch);
      const ending = worker;
      worker = undefined;
      // Nobody waits for ever: what was not read is unreadable.
      for (const { resolve } of [...(current ? [current] : []), ...waiting.splice(0)]) resolve("unreadable");
      current = undefined;
      await ending?.terminate();
    },
  };
}
