/**
 * The PDF engine (PDFium on WebAssembly) by its own functions: the package's wrapper knows the text of a page but not where it stands.
 * Its memory may not grow beyond a limit: a document that wants more fails, and the process does not.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PDFiumModule } from "@hyzyla/pdfium";

const MOST_MEMORY = 512 * 1024 * 1024;

/** What is used of PDFium's C interface. Pointers and booleans are numbers. */
export interface Pdfium {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  readonly HEAPF32: Float32Array;
  readonly HEAPF64: Float64Array;
  readonly wasmExports: { malloc(size: number): number; free(pointer: number): void };
  _FPDF_InitLibraryWithConfig(config: number): void;
  _FPDF_LoadMemDocument(bytes: number, size: number, password: number): number;
  _FPDF_GetLastError(): number;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_CloseDocument(document: number): void;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_GetPageWidthF(page: number): number;
  _FPDF_GetPageHeightF(page: number): number;
  _FPDF_PageToDevice(
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    x: number,
    y: number,
    deviceX: number,
    deviceY: number,
  ): number;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(text: number): void;
  _FPDFText_CountChars(text: number): number;
  _FPDFText_GetUnicode(text: number, index: number): number;
  _FPDFText_GetLooseCharBox(text: number, index: number, rectangle: number): number;
  _FPDFBitmap_CreateEx(width: number, height: number, format: number, pixels: number, stride: number): number;
  _FPDFBitmap_FillRect(bitmap: number, left: number, top: number, width: number, height: number, color: number): void;
  _FPDFBitmap_Destroy(bitmap: number): void;
  _FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    flags: number,
  ): void;
}

/** WebAssembly's constructors, of which the types of Node say nothing. */
interface Engine {
  Module: new (program: Uint8Array) => object;
  Instance: new (program: object, imports: object) => { readonly exports: never };
  RuntimeError: new () => Error;
}
const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

/** Whether the engine itself has stopped, and not only the document is broken. */
export const hasStopped = (error: unknown): boolean =>
  error instanceof engine.RuntimeError || (error instanceof Error && error.message.startsWith("Aborted"));

export async function startPdfium(): Promise<Pdfium> {
  const program = createRequire(import.meta.url).resolve("@hyzyla/pdfium/pdfium.wasm");
  const compiled = new engine.Module(readFileSync(program));
  const started = await PDFiumModule({
    instantiateWasm(imports, done) {
      // Where Emscripten puts the functions that the engine calls.
      const { env } = imports as unknown as { env: { emscripten_resize_heap(size: number): boolean | number } };
      const grow = env.emscripten_resize_heap;
      env.emscripten_resize_heap = (size) => (size >>> 0 > MOST_MEMORY ? 0 : grow(size));
      const instance = new engine.Instance(compiled, imports);
      // The declared parameter is a module, what is read of it are the exports of an instance.
      done(instance as unknown as WebAssembly.Module);
      return instance.exports;
    },
  });
  const pdfium = started as unknown as Pdfium; // the package declares a part of what the engine exports
  pdfium._FPDF_InitLibraryWithConfig(0);
  return pdfium;
}
