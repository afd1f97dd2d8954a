import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetWriteBuffer } from "hyparquet-writer";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readParquetUsers, withoutParquetRows } from "./parquet.ts";

const count = 50;
const range = Array.from({ length: count }, (_, index) => index);
const bytes = parquetWriteBuffer({
  columnData: [
    {
      name: "user_id",
      data: range.map((index) => (index % 5 === 4 ? null : `u${index % 5}`)),
      type: "STRING",
      nullable: true,
    },
    { name: "whole", data: range, type: "INT32" },
    { name: "ratio", data: range.map((index) => index / 3), type: "DOUBLE" },
    { name: "is", data: range.map((index) => index % 2 === 0), type: "BOOLEAN" },
    { name: "at", data: range.map((index) => new Date(Date.UTC(2030, 0, 1, 0, 0, index))), type: "TIMESTAMP" },
    { name: "more", data: range.map((index) => ({ index })), type: "JSON" },
    {
      name: "key",
      data: range.map((index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`),
      type: "UUID",
    },
  ],
  rowGroupSize: 20,
  codec: "GZIP",
  compressors: { GZIP: (input) => gzipSync(input) },
  kvMetadata: [{ key: "made-by", value: "a till" }],
});
const file = { byteLength: bytes.byteLength, slice: (start: number, end?: number) => bytes.slice(start, end) };
const rewritten = async (dropped: readonly number[]) => {
  const parts: Buffer[] = [];
  for await (const part of withoutParquetRows(file, new Set(dropped))) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts)).buffer;
};

describe("a Parquet file", () => {
  it("tells whose its rows are", async () => {
    const found: [string, number][] = [];
    const rows = await readParquetUsers(
      file,
      "user_id",
      (user, row) => void found.push([user, row]),
      () => {},
    );
    expect(rows).toBe(count);
    expect(found).toEqual(range.flatMap((index) => (index % 5 === 4 ? [] : [[`u${index % 5}`, index]])));
  });

  it("keeps the values of the other rows, its schema, codec and metadata", async () => {
    const before = await parquetReadObjects({ file: bytes, compressors });
    const dropped = [0, 7, 19, 20, 49];
    const after = await rewritten(dropped);
    expect(await parquetReadObjects({ file: after, compressors })).toEqual(
      before.filter((_, index) => !dropped.includes(index)),
    );
    const [old, now] = [parquetMetadata(bytes), parquetMetadata(after)];
    expect(now.schema).toEqual(old.schema);
    expect(now.key_value_metadata).toEqual(old.key_value_metadata);
    expect(now.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([17, 19, 9]);
    expect(now.row_groups[0]?.columns.map(({ meta_data }) => meta_data?.codec)).toEqual(Array(7).fill("GZIP"));
  });

  it("loses a row group of which every row goes", async () => {
    expect(parquetMetadata(await rewritten(range.slice(20, 40))).row_groups).toHaveLength(2);
    expect(parquetMetadata(await rewritten(range)).num_rows).toBe(0n);
  });

  it("that is none is refused", async () => {
    const broken = { byteLength: 20, slice: () => new ArrayBuffer(20) };
    const refused = { name: "RowsUnreadable" };
    await expect(
      readParquetUsers(
        broken,
        "user_id",
        () => {},
        () => {},
      ),
    ).rejects.toMatchObject(refused);
    await expect(
      readParquetUsers(
        file,
        "nobody",
        () => {},
        () => {},
      ),
    ).rejects.toMatchObject(refused);
  });
});
