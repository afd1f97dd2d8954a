/**
 * Makes the sample invoices, each laid out differently, and `expected.json` with what stands on them:
 * `node apps/invoice-rpa/samples/make-invoices.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { PDFDocument, type PDFFont, StandardFonts } from "pdf-lib";
import sharp from "sharp";
import type { Expected } from "./expected.ts";
import { type Invoice, INVOICES } from "./invoices.ts";

async function pdfOf({ pages }: Invoice): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  // The same bytes at every run.
  document.setCreationDate(new Date("2026-05-01"));
  document.setModificationDate(new Date("2026-05-01"));
  const font: PDFFont = await document.embedFont(StandardFonts.Helvetica);
  for (const written of pages) {
    const page = document.addPage([595, 842]);
    for (const [text, x, y, size = 11] of written) page.drawText(text, { x, y: 842 - y, size, font });
  }
  return document.save();
}

/** The upper half of the page as a scanner sees it: askew, with grain. */
async function scanned(pdf: Uint8Array, { degrees, noise, dpi, blur }: NonNullable<Invoice["scan"]>) {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  const { data, width, height } = await document.getPage(0).render({ scale: dpi / 72 });
  document.destroy();
  const { data: turned, info } = await sharp(data, { raw: { width, height, channels: 4 } })
    .extract({ left: 0, top: 0, width, height: Math.round(height * 0.4) })
    .flatten({ background: "#fff" })
    .greyscale()
    .rotate(degrees, { background: "#f4f4f4" })
    .blur(blur ?? 0.4)
    .raw()
    .toBuffer({ resolveWithObject: true });
  let seed = 7;
  const grain = () => {
    // A linear congruential generator: the same grain at every run.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (seed / 2 ** 32 - 0.5) * noise;
  };
  const pixels = Uint8Array.from(turned, (value) => Math.max(0, Math.min(255, value * 0.95 + grain())));
  return sharp(pixels, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

async function inPdf(picture: Uint8Array): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setCreationDate(new Date("2026-05-01"));
  document.setModificationDate(new Date("2026-05-01"));
  const image = await document.embedJpg(picture);
  document
    .addPage([595, (595 * image.height) / image.width])
    .drawImage(image, { x: 0, y: 0, width: 595, height: (595 * image.height) / image.width });
  return document.save();
}

async function bytesOf(invoice: Invoice): Promise<Uint8Array> {
  const pdf = await pdfOf(invoice);
  if (!invoice.scan) return pdf;
  const picture = await scanned(pdf, invoice.scan);
  if (invoice.file.endsWith(".png")) return picture.png({ palette: true, colours: 16 }).toBuffer();
  const jpeg = await picture.jpeg({ quality: 55 }).toBuffer();
  return invoice.file.endsWith(".pdf") ? inPdf(jpeg) : jpeg;
}

const expected: Expected[] = [];
for (const invoice of INVOICES) {
  const bytes = await bytesOf(invoice);
  writeFileSync(join(import.meta.dirname, invoice.file), bytes);
  console.log(`${invoice.file.padEnd(24)} ${bytes.length} bytes`);
  expected.push({ file: invoice.file, kind: invoice.scan ? "scan" : "digital", ...invoice.expected });
}
writeFileSync(join(import.meta.dirname, "expected.json"), `${JSON.stringify(expected, undefined, 2)}\n`);
