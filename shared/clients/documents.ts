/** DynamoDB with plain objects. Undefined members of an item are left out, as in JSON. */
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "./dynamodb.ts";

export const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
