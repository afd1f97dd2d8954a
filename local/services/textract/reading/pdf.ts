/** A PDF: its pages, the words that it carries as text with their places, and pages as bitmaps for those that carry pictures of text. */
import type { Box, Page, Refusal, Word } from "./messages.ts";
import type { Pdfium } from "./pdfium.ts";

/** FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY (fpdfview.h). */
const LOCKED = new Set([4, 5]);
const IMAGE_OBJECT = 3;
const GREY = 1;
const WHITE = 0xffffffff;
const DOTS_AN_INCH = 200;
/** A page at 200 dots an inch that is larger than this (A2) is drawn smaller. */
const MOST_PIXELS = 16_000_000;
/** More is no page that anybody reads. */
const MOST_CHARACTERS = 200_000;
/** Text that a document carries is certain. */
const CERTAIN = 99.9;
/** PageToDevice answers integers: a grid fine enough for the hundredth part of a point. */
const GRID = 1_000_000;
/** Quotas in Amazon Textract: "PDF Specific Limits". */
const MOST_POINTS = 9_000;

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel. */
  readonly grey: Uint8Array;
}

export interface Pdf {
  readonly pageCount: number;
  /** Throws when the page is broken or too large. */
  read(index: number): Page & { readonly hasPictures: boolean };
  draw(index: number): Bitmap;
  close(): void;
}

/** Answers why it cannot be read, when it cannot. */
export function openPdf(pdfium: Pdfium, bytes: Uint8Array): Pdf | Refusal {
  const { malloc, free } = pdfium.wasmExports;
  const copy = malloc(bytes.length);
  if (copy === 0) return "unreadable";
  pdfium.HEAPU8.set(bytes, copy);
  const document = pdfium._FPDF_LoadMemDocument(copy, bytes.length, 0);
  if (document === 0) {
    const error = pdfium._FPDF_GetLastError();
    free(copy);
    return LOCKED.has(error) ? "locked" : "unreadable";
  }

  function onPage<T>(index: number, work: (page: number, size: { width: number; height: number }) => T): T {
    const page = pdfium._FPDF_LoadPage(document, index);
    if (page === 0) throw new Error("The page is broken");
    try {
      const [width, height] = [pdfium._FPDF_GetPageWidthF(page), pdfium._FPDF_GetPageHeightF(page)];
      if (!(width > 0 && height > 0 && width <= MOST_POINTS && height <= MOST_POINTS))
        throw new Error("The page is larger than 9000 points, or has no size");
      return work(page, { width, height });
    } finally {
      pdfium._FPDF_ClosePage(page);
    }
  }

  return {
    pageCount: pdfium._FPDF_GetPageCount(document),
    read: (index) =>
      onPage(index, (page, size) => ({
        ...size,
        words: wordsOn(pdfium, page, size),
        hasPictures: hasPictures(pdfium, page),
      })),
    draw: (index) => onPage(index, (page, size) => draw(pdfium, page, size)),
    close() {
      pdfium._FPDF_CloseDocument(document);
      free(copy);
    },
  };
}

function hasPictures(pdfium: Pdfium, page: number): boolean {
  const count = pdfium._FPDFPage_CountObjects(page);
  for (let index = 0; index < count; index++) {
    if (pdfium._FPDFPageObj_GetType(pdfium._FPDFPage_GetObject(page, index)) === IMAGE_OBJECT) return true;
  }
  return false;
}

function wordsOn(pdfium: Pdfium, page: number, size: { width: number; height: number }): Word[] {
  const text = pdfium._FPDFText_LoadPage(page);
  if (text === 0) throw new Error("The page's text is broken");
  const place = placesOn(pdfium, page, size);
  try {
    const count = pdfium._FPDFText_CountChars(text);
    if (count > MOST_CHARACTERS)
      throw new Error(`The page has ${count} characters, at most ${MOST_CHARACTERS} are read`);
    const words: Word[] = [];
    let word: Word | undefined;
    for (let index = 0; index < count; index++) {
      const code = pdfium._FPDFText_GetUnicode(text, index);
      const character = code > 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
      const box = character.trim() === "" ? undefined : place.of(text, index);
      if (word && (box === undefined || !continues(word, box))) {
        words.push(word);
        word = undefined;
      }
      if (box)
        word = word
          ? { ...around(word, box), text: word.text + character, confidence: CERTAIN }
          : { ...box, text: character, confidence: CERTAIN };
    }
    return word ? [...words, word] : words;
  } finally {
    place.release();
    pdfium._FPDFText_ClosePage(text);
  }
}

/** Letters of one word stand side by side, less than a quarter of their height apart. */
function continues(word: Box, next: Box): boolean {
  const height = word.bottom - word.top;
  const overlap = Math.min(word.bottom, next.bottom) - Math.max(word.top, next.top);
  const gap = next.left - word.right;
  return overlap > height / 2 && gap < height / 4 && gap > -height;
}

const around = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});

/** Where characters stand on the page as it is seen: turned by its own rotation, cut by its crop box. */
function placesOn(pdfium: Pdfium, page: number, { width, height }: { width: number; height: number }) {
  const { malloc, free } = pdfium.wasmExports;
  const scratch = malloc(16);
  const seen = (x: number, y: number): readonly [number, number] => {
    pdfium._FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, scratch, scratch + 4);
    const at = scratch >> 2;
    return [((pdfium.HEAP32[at] ?? 0) / GRID) * width, ((pdfium.HEAP32[at + 1] ?? 0) / GRID) * height];
  };
  return {
    of(text: number, index: number): Box | undefined {
      if (pdfium._FPDFText_GetLooseCharBox(text, index, scratch) === 0) return undefined;
      const at = scratch >> 2;
      const [left = 0, top = 0, right = 0, bottom = 0] = pdfium.HEAPF32.slice(at, at + 4);
      const [[x1, y1], [x2, y2]] = [seen(left, top), seen(right, bottom)];
      const box = { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
      // Text beside the page is not seen.
      return box.right <= 0 || box.bottom <= 0 || box.left >= width || box.top >= height ? undefined : box;
    },
    release: () => free(scratch),
  };
}

function draw(pdfium: Pdfium, page: number, size: { width: number; height: number }): Bitmap {
  const { malloc, free } = pdfium.wasmExports;
  const wanted = DOTS_AN_INCH / 72;
  const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (size.width * size.height)));
  const [width, height] = [Math.max(1, Math.round(size.width * scale)), Math.max(1, Math.round(size.height * scale))];
  const pixels = malloc(width * height);
  if (pixels === 0) throw new Error("The page needs more memory than there is");
  const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, GREY, pixels, width);
  try {
    pdfium._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
    pdfium._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, 0);
    return { width, height, grey: pdfium.HEAPU8.slice(pixels, pixels + width * height) };
  } finally {
    pdfium._FPDFBitmap_Destroy(bitmap);
    free(pixels);
  }
}
