/** Amazon DynamoDB. */
import * as sdk from "@aws-sdk/client-dynamodb";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { batchGetItem } from "./batches/batch-get-item.ts";
import { batchWriteItem } from "./batches/batch-write-item.ts";
import { transactGetItems } from "./batches/transact-get-items.ts";
import { transactWriteItems } from "./batches/transact-write-items.ts";
import { deleteItem } from "./items/delete-item.ts";
import { getItem } from "./items/get-item.ts";
import { putItem } from "./items/put-item.ts";
import { query } from "./searches/query.ts";
import { scan } from "./searches/scan.ts";
import { updateItem } from "./items/update-item.ts";
import { permissionsOf } from "./permissions.ts";
import { resourcesOf } from "./resources.ts";
import { Tables } from "./store.ts";
import { describeContinuousBackups, updateContinuousBackups } from "./tables/continuous-backups.ts";
import { createTable } from "./tables/create-table.ts";
import { deleteTable } from "./tables/delete-table.ts";
import { describeTable } from "./tables/describe-table.ts";
import { listTables } from "./tables/list-tables.ts";
import { listTagsOfResource, tagResource, untagResource } from "./tables/tags.ts";
import { describeTimeToLive, updateTimeToLive } from "./tables/time-to-live.ts";
import { updateTable } from "./tables/update-table.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const tables = new Tables(cloud);
  return {
    sdk,
    handlers: {
      BatchGetItem: batchGetItem(tables),
      BatchWriteItem: batchWriteItem(tables),
      CreateTable: createTable(tables),
      DeleteItem: deleteItem(tables),
      DeleteTable: deleteTable(tables),
      DescribeContinuousBackups: describeContinuousBackups(tables),
      DescribeTable: describeTable(tables),
      DescribeTimeToLive: describeTimeToLive(tables),
      GetItem: getItem(tables),
      ListTables: listTables(tables),
      ListTagsOfResource: listTagsOfResource(tables),
      PutItem: putItem(tables),
      Query: query(tables),
      Scan: scan(tables),
      TagResource: tagResource(tables),
      TransactGetItems: transactGetItems(tables),
      TransactWriteItems: transactWriteItems(tables),
      UntagResource: untagResource(tables),
      UpdateContinuousBackups: updateContinuousBackups(tables),
      UpdateItem: updateItem(tables),
      UpdateTable: updateTable(tables),
      UpdateTimeToLive: updateTimeToLive(tables),
    },
    permissions: (operation, input) => permissionsOf(tables, operation, input),
    resources: resourcesOf(tables),
    resume: () => tables.resume(),
    stop: () => tables.stop(),
  };
}
