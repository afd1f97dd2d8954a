/** AWS::Serverless::SimpleTable. */
import { inside } from "../template-error.ts";
import { checkProperties, fieldsOf, invalid, type Lowering, type SamResource, tagList, textOf } from "./lowering.ts";

const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = { String: "S", Number: "N", Binary: "B" };

export function lowerSimpleTable(lowering: Lowering, resource: SamResource): void {
  const { properties } = resource;
  checkProperties(
    lowering,
    resource,
    [
      "PointInTimeRecoverySpecification",
      "PrimaryKey",
      "ProvisionedThroughput",
      "SSESpecification",
      "TableName",
      "Tags",
    ],
    [],
  );
  const key = fieldsOf(properties["PrimaryKey"]);
  const name = key["Name"] ?? "id";
  const type = ATTRIBUTE_TYPES[textOf(lowering.known(key["Type"])) ?? "String"];
  if (type === undefined)
    throw invalid(
      resource.id,
      `Invalid 'PrimaryKey' type "${String(key["Type"])}".`,
      inside(resource.path, "Properties.PrimaryKey"),
    );
  const throughput = properties["ProvisionedThroughput"];
  lowering.add(
    resource.id,
    "AWS::DynamoDB::Table",
    {
      AttributeDefinitions: [{ AttributeName: name, AttributeType: type }],
      KeySchema: [{ AttributeName: name, KeyType: "HASH" }],
      BillingMode: throughput === undefined ? "PAY_PER_REQUEST" : undefined,
      ProvisionedThroughput: throughput,
      PointInTimeRecoverySpecification: properties["PointInTimeRecoverySpecification"],
      SSESpecification: properties["SSESpecification"],
      TableName: properties["TableName"],
      Tags: properties["Tags"] === undefined ? undefined : tagList(fieldsOf(properties["Tags"])),
    },
    resource.attributes,
  );
}
