/** The pseudo parameters (Pseudo parameters reference). */
import type { Value } from "../value.ts";

export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
]);

export const pseudoParameters = (stack: {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly id: string;
}): Readonly<Record<string, Value>> => ({
  "AWS::AccountId": stack.accountId,
  "AWS::NotificationARNs": [],
  "AWS::Partition": "aws",
  "AWS::Region": stack.region,
  "AWS::StackId": stack.id,
  "AWS::StackName": stack.name,
  "AWS::URLSuffix": "amazonaws.com",
});
