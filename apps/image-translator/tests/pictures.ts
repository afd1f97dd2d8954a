/** Pictures with text, made here: signs as they hang at doors. */
import { PDFDocument } from "pdf-lib";
import sharp from "sharp";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A sign with these lines. */
export function signOf(lines: readonly string[], format: "png" | "jpeg" = "png"): Promise<Buffer> {
  const rows = lines.map((line, index) => `<text x="60" y="${90 + index * 64}">${escaped(line)}</text>`);
  const height = 110 + lines.length * 64;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="${height}"><rect width="100%" height="100%" fill="#fffdf5"/><g font-family="sans-serif" font-size="40" fill="#111">${rows.join("")}</g></svg>`;
  return sharp(Buffer.from(svg)).toFormat(format).toBuffer();
}

/** A picture of nothing: a soft colour from side to side. */
export function landscape(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><defs><linearGradient id="sky"><stop stop-color="#8ac"/><stop offset="1" stop-color="#cde"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#sky)"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** A sheet of paper, as a PDF: its text is read without recognising letters, which is quick. */
export async function sheetOf(...pages: readonly (readonly string[])[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  for (const lines of pages) {
    const page = pdf.addPage();
    for (const [index, line] of lines.entries()) page.drawText(line, { x: 50, y: 750 - 30 * index, size: 14 });
  }
  return pdf.save();
}
