/** S3: the bucket of the same template notifies the function. */
import { ref, type Fields, type Value } from "../../value.ts";
import { fieldsOf, listOf, type Lowering, referenced, textOf } from "../lowering.ts";
import { addPermission, eventError, type EventTarget, required, type SamEvent } from "./event.ts";

export function lowerS3Event(lowering: Lowering, target: EventTarget, event: SamEvent): void {
  const bucketId = referenced(required(target, event, "Bucket"));
  const bucket = bucketId === undefined ? undefined : lowering.made[bucketId];
  if (bucketId === undefined || bucket?.["Type"] !== "AWS::S3::Bucket")
    throw eventError(target, event, "S3 events must reference an S3 bucket in the same template.");
  const permission = `${event.id}Permission`;
  addPermission(lowering, target, permission, "s3.amazonaws.com", { SourceAccount: ref("AWS::AccountId") });
  const condition = textOf(target.resource.attributes["Condition"]);
  const filter = event.properties["Filter"];
  const added = listOf(required(target, event, "Events")).map((name): Value => {
    const configuration: Fields = {
      Function: target.arn,
      ...(filter === undefined ? {} : { Filter: filter }),
      Event: name,
    };
    return condition === undefined ? configuration : { "Fn::If": [condition, configuration, ref("AWS::NoValue")] };
  });
  const properties = fieldsOf(bucket["Properties"]);
  const notifications = fieldsOf(properties["NotificationConfiguration"]);
  lowering.made[bucketId] = {
    ...bucket,
    ...(condition === undefined ? { DependsOn: [...listOf(bucket["DependsOn"]), permission] } : {}),
    Properties: {
      ...properties,
      NotificationConfiguration: {
        ...notifications,
        LambdaConfigurations: [...listOf(notifications["LambdaConfigurations"]), ...added],
      },
      ...(condition === undefined
        ? {}
        : { Tags: [...listOf(properties["Tags"]), conditionalDependency(condition, permission)] }),
    },
  };
}

/** DependsOn cannot be conditional; a tag whose value refers to the permission where it exists makes the bucket wait for it. */
const conditionalDependency = (condition: string, permission: string): Fields => ({
  Key: `sam:ConditionalDependsOn:${permission}`,
  Value: { "Fn::If": [condition, ref(permission), "no dependency"] },
});
