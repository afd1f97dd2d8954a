/** CRC-32C (Castagnoli) and CRC-64/NVME, which Node does not have. Both are reflected, with inverted start and end. */

const CRC32C = tableOf32(0x82f63b78);
// x^64 polynomial of the NVM Express specification, reflected: 0x9a6c9329ac4bc9b5, as two halves.
const NVME = tableOf64(0x9a6c9329, 0xac4bc9b5);

/** Continues from a former value; 0 starts. */
export function crc32c(bytes: Uint8Array, value = 0): number {
  let crc = ~value;
  for (let at = 0; at < bytes.length; at++) crc = (CRC32C[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

export interface Crc64 {
  readonly high: number;
  readonly low: number;
}

/** Continues from a former value; zeros start. In 32-bit halves: bigints are a hundred times slower. */
export function crc64nvme(bytes: Uint8Array, value: Crc64 = { high: 0, low: 0 }): Crc64 {
  let high = ~value.high;
  let low = ~value.low;
  for (let at = 0; at < bytes.length; at++) {
    const index = (low ^ (bytes[at] ?? 0)) & 255;
    low = ((low >>> 8) | (high << 24)) ^ (NVME.low[index] ?? 0);
    high = (high >>> 8) ^ (NVME.high[index] ?? 0);
  }
  return { high: ~high >>> 0, low: ~low >>> 0 };
}

function tableOf32(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}

function tableOf64(polynomialHigh: number, polynomialLow: number): { high: Int32Array; low: Int32Array } {
  const table = { high: new Int32Array(256), low: new Int32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) {
        low ^= polynomialLow;
        high ^= polynomialHigh;
      }
    }
    table.high[byte] = high;
    table.low[byte] = low;
  }
  return table;
}
