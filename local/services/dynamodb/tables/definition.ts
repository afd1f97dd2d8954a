/** A table as CreateTable and CloudFormation define it. Throws ValidationException. */
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { Constraints } from "../../constraints.ts";
import { invalid, invalidParameters } from "../validation.ts";
import {
  checkIndexes,
  checkTableName,
  readAttributeTypes,
  readIndex,
  readKeys,
  readThroughput,
  refuseParameters,
} from "./check-schema.ts";
import type { IndexRecord, StreamView, TableRecord, Throughput } from "./record.ts";
import { readTags } from "./tags.ts";

/** The parts of a record that a definition gives. */
type Definition = Pick<
  TableRecord,
  | "name"
  | "attributeTypes"
  | "keys"
  | "indexes"
  | "throughput"
  | "isProtected"
  | "tableClass"
  | "isEncryptedByKms"
  | "encryptionKey"
  | "tags"
> & { readonly streamView: StreamView | undefined };

/** @param activeAt when the indexes can be read, epoch ms. */
export function readDefinition(input: CreateTableCommandInput, activeAt: number): Definition {
  const name = checkTableName(input.TableName);
  refuseParameters("CreateTable", input, ["OnDemandThroughput", "WarmThroughput", "ResourcePolicy"]);
  const attributeTypes = readAttributeTypes(input.AttributeDefinitions);
  const keys = readKeys("keySchema", input.KeySchema, attributeTypes);
  const throughput = readBilling(input);
  const indexes: IndexRecord[] = [];
  for (const [member, kind, given] of [
    ["localSecondaryIndexes", "local", input.LocalSecondaryIndexes],
    ["globalSecondaryIndexes", "global", input.GlobalSecondaryIndexes],
  ] as const) {
    if (given?.length === 0) throw invalidParameters(`List of ${member[0]?.toUpperCase()}${member.slice(1)} is empty`);
    for (const [at, index] of (given ?? []).entries()) {
      indexes.push(readIndex(kind, `${member}.${at + 1}.member`, index, attributeTypes, activeAt));
    }
  }
  for (const index of indexes) checkIndexThroughput(index, throughput);
  checkIndexes(keys, attributeTypes, indexes);
  return {
    name,
    attributeTypes,
    keys,
    indexes,
    throughput,
    streamView: readStream(input.StreamSpecification, "creation"),
    isProtected: input.DeletionProtectionEnabled ?? false,
    tableClass: readTableClass(input.TableClass),
    ...readEncryption(input.SSESpecification),
    tags: readTags(input.Tags),
  };
}

function readBilling(input: CreateTableCommandInput): Throughput | undefined {
  const { BillingMode: mode = "PROVISIONED", ProvisionedThroughput: throughput } = input;
  new Constraints().text("billingMode", mode, { oneOf: ["PROVISIONED", "PAY_PER_REQUEST"] }).check();
  if (mode === "PAY_PER_REQUEST") {
    if (!throughput) return undefined;
    throw invalidParameters(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
  }
  if (throughput) return readThroughput(throughput);
  throw invalidParameters(
    "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
  );
}

export function checkIndexThroughput(index: IndexRecord, throughput: Throughput | undefined): void {
  if (index.kind === "local") return;
  if (throughput === undefined && index.throughput) {
    throw invalidParameters(
      `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (throughput && !index.throughput) {
    throw invalidParameters(`ProvisionedThroughput is not specified for index: ${index.name}`);
  }
}

/** What AWS says of a stream without a view, and of a view without a stream. */
const STREAM_RULES = {
  creation: {
    on: "Table is being created with a stream enabled, UpdateViewType is required",
    off: "Table is being created with a stream disabled, UpdateViewType should not be specified",
  },
  update: {
    on: "If stream is being enabled then UpdateViewType is required",
    off: "If stream is being disabled, then UpdateViewType must not be specified",
  },
} as const;

export function readStream(
  input: CreateTableCommandInput["StreamSpecification"],
  during: keyof typeof STREAM_RULES,
): StreamView | undefined {
  if (!input) return undefined;
  const { StreamEnabled: isEnabled, StreamViewType: view } = input;
  new Constraints()
    .present("streamSpecification.streamEnabled", isEnabled)
    .text("streamSpecification.streamViewType", view, {
      oneOf: ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"],
    })
    .check();
  if (isEnabled && !view) throw invalidParameters(STREAM_RULES[during].on);
  if (!isEnabled && view) throw invalidParameters(STREAM_RULES[during].off);
  return view;
}

export function readTableClass(given: string | undefined): TableRecord["tableClass"] {
  if (given === "STANDARD_INFREQUENT_ACCESS") return given;
  if (given === undefined || given === "STANDARD") return "STANDARD";
  throw invalid(
    "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].",
  );
}

/** Tables are always encrypted; KMS says with a key of the account rather than one of AWS's own. */
export function readEncryption(
  input: CreateTableCommandInput["SSESpecification"],
): Pick<TableRecord, "isEncryptedByKms" | "encryptionKey"> {
  const { Enabled: isEnabled = false, SSEType: type, KMSMasterKeyId: key } = input ?? {};
  if (!isEnabled && type !== undefined) throw invalidParameters("SSEType can not be specified if Enabled is false");
  if (!isEnabled && key !== undefined) {
    throw invalidParameters("KMSMasterKeyId can not be specified if Enabled is false");
  }
  if (key !== undefined && type === undefined) {
    throw invalidParameters("SSEType KMS is required if KMSMasterKeyId is specified");
  }
  if (type === "AES256") throw invalidParameters("SSEType AES256 is not supported");
  return { isEncryptedByKms: isEnabled, encryptionKey: key };
}
