/** Documents for the tests: PDFs with text at given places, and pictures of them. */
import { PDFDocument, StandardFonts } from "pdf-lib";
import sharp from "sharp";

export type Written = readonly [text: string, x: number, y: number, size?: number];

/** A PDF of A4 pages; x and y are points from the upper left corner. */
export async function pdfOf(...pages: readonly (readonly Written[])[]): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const written of pages) {
    const page = document.addPage([595, 842]);
    for (const [text, x, y, size = 11] of written) page.drawText(text, { x, y: 842 - y, size, font });
  }
  return document.save();
}

/** A picture of lines of text, 120 dots an inch. */
export async function pictureOf(lines: readonly string[], format: "png" | "jpeg" | "tiff" = "png"): Promise<Buffer> {
  const texts = lines.map((line, index) => `<text x="60" y="${80 + index * 50}">${line.replace("&", "&amp;")}</text>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1100" height="${140 + lines.length * 50}"><rect width="100%" height="100%" fill="#fff"/><g font-family="sans-serif" font-size="28">${texts.join("")}</g></svg>`;
  return sharp(Buffer.from(svg)).toFormat(format).toBuffer();
}

/** A PDF whose one page is a picture. */
export async function scanOf(picture: Uint8Array): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const image = await document.embedPng(picture);
  document
    .addPage([595, 842])
    .drawImage(image, { x: 0, y: 842 - 300, width: 595, height: (595 * image.height) / image.width });
  return document.save();
}
