import { Constraints } from "../../constraints.ts";
import type { Handler, Input } from "../../../core/service.ts";
import { isInSegment, type Segment } from "../indexes/item-order.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid } from "../validation.ts";
import { readPage } from "./page.ts";
import { startOf } from "./query.ts";
import { answerPage, readSearch, searched } from "./search.ts";

/** All items of a table or index, or one segment of them. */
export const scan =
  (tables: Tables): Handler<DynamoDB, "Scan"> =>
  (input) => {
    const segment = readSegment(input);
    const search = readSearch("Scanning", input);
    search.placeholders.checkUsed();
    const { filter, selection } = search;
    const { table, index } = searched(tables, input, search);
    const order = table.order(index);
    const start = input.ExclusiveStartKey && startOf(table, index, order, input.ExclusiveStartKey);
    if (start && segment && !isInSegment(start.hash, segment)) {
      throw invalid(
        `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${segment.total} Segment: ${segment.segment}`,
      );
    }
    const places = order.scan(segment, start);
    const page = readPage({ table, index, places, limit: input.Limit, filter, selection });
    return answerPage(page, { table, index }, selection, input);
  };

function readSegment({ Segment: segment, TotalSegments: total }: Input<DynamoDB, "Scan">): Segment | undefined {
  new Constraints()
    .number("segment", segment, { min: 0, max: 999_999 })
    .number("totalSegments", total, { min: 1, max: 1_000_000 })
    .check();
  if (segment === undefined && total === undefined) return undefined;
  if (total === undefined) {
    throw invalid(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (segment === undefined) {
    throw invalid(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (segment < total) return { segment, total };
  throw invalid(
    `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
  );
}
