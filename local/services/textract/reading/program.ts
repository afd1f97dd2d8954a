/** The thread that reads documents, one after the other, page by page. */
import { parentPort } from "node:worker_threads";
import type { Ask, Page, Refusal, Reply } from "./messages.ts";
import { countPictures, readPicture } from "./ocr.ts";
import { openPdf } from "./pdf.ts";
import { hasStopped, type Pdfium, startPdfium } from "./pdfium.ts";

/** A page with a picture and fewer words than these is a scan with a stamp on it, and is read by looking at it. */
const FEW_WORDS = 10;

let starting: Promise<Pdfium> | undefined;

interface Pages {
  readonly count: number;
  read(index: number): Promise<Page>;
  close(): void;
}

async function openPages({ format, bytes }: Ask): Promise<Pages | Refusal> {
  if (format === "picture") {
    return {
      count: await countPictures(bytes),
      read: (index) => readPicture(bytes, undefined, index),
      close: () => undefined,
    };
  }
  const pdf = openPdf(await (starting ??= startPdfium()), bytes);
  if (typeof pdf === "string") return pdf;
  return {
    count: pdf.pageCount,
    async read(index) {
      const { hasPictures, ...page } = pdf.read(index);
      if (page.words.length >= FEW_WORDS || !hasPictures) return page;
      const { grey, ...size } = pdf.draw(index);
      const seen = await readPicture(grey, size);
      return seen.words.length > page.words.length ? seen : page;
    },
    close: () => pdf.close(),
  };
}

async function read(ask: Ask, answer: (reply: Reply) => void): Promise<void> {
  const { id, mostPages } = ask;
  const pages = await openPages(ask).catch((): Refusal => "unreadable");
  if (typeof pages === "string") return answer({ id, kind: "refused", refusal: pages });
  try {
    if (pages.count === 0) return answer({ id, kind: "refused", refusal: "unreadable" });
    if (pages.count > mostPages) return answer({ id, kind: "refused", refusal: "too many pages" });
    for (let index = 0; index < pages.count; index++) {
      try {
        answer({ id, kind: "page", page: await pages.read(index) });
      } catch (error) {
        // An engine whose memory is used up or that has stopped is not to be trusted with the next document.
        if (hasStopped(error)) starting = undefined;
        answer({ id, kind: "lost page", reason: error instanceof Error ? error.message : String(error) });
      }
    }
    answer({ id, kind: "end" });
  } finally {
    try {
      pages.close();
    } catch {
      starting = undefined;
    }
  }
}

let before: Promise<void> = Promise.resolve();
parentPort?.on("message", (ask: Ask) => {
  before = before.then(() => read(ask, (reply) => parentPort?.postMessage(reply)));
});
