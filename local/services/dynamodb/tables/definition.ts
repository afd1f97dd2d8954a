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
    streamView: readStream(input.StreamSpecification),
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
    throw invalidParameters(`ProvisionedThroughput must be specified for index: ${index.name}`);
  }
}

export function readStream(input: CreateTableCommandInput["StreamSpecification"]): StreamView | undefined {
  if (!input) return undefined;
  const { StreamEnabled: isEnabled, StreamViewType: view } = input;
  new Constraints()
    .present("streamSpecification.streamEnabled", isEnabled)
    .text("streamSpecification.streamViewType", view, {
      oneOf: ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"],
    })
    .check();
  if (isEnabled && !view) throw invalidParameters("StreamViewType is required when StreamEnabled is true");
  if (!isEnabled && view) throw invalidParameters("StreamViewType cannot be specified when StreamEnabled is false");
  return view;
}

export function readTableClass(given: string | undefined): TableRecord["tableClass"] {
  new Constraints().text("tableClass", given, { oneOf: ["STANDARD", "STANDARD_INFREQUENT_ACCESS"] }).check();
  return given === "STANDARD_INFREQUENT_ACCESS" ? given : "STANDARD";
}

/** Tables are always encrypted; KMS says with a key of the account rather than one of AWS's own. */
export function readEncryption(
  input: CreateTableCommandInput["SSESpecification"],
): Pick<TableRecord, "isEncryptedByKms" | "encryptionKey"> {
  const { Enabled: isEnabled = false, SSEType: type, KMSMasterKeyId: key } = input ?? {};
  if (!isEnabled && (type !== undefined || key !== undefined)) {
    throw invalid("One or more parameter values were invalid: SSEType and KMSMasterKeyId require SSE to be enabled");
  }
  if (type === "AES256") throw invalidParameters("SSEType AES256 is not supported");
  return { isEncryptedByKms: isEnabled, encryptionKey: key };
}
