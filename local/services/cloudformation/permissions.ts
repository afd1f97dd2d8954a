/** What callers need for each operation (Actions, resources, and condition keys for AWS CloudFormation). */
import type { Permission } from "../../core/principal.ts";
import type { Context } from "./store.ts";

const ON_EVERYTHING: ReadonlySet<string> = new Set(["ListExports", "ListImports", "ListStacks", "ValidateTemplate"]);

export function permissionsOf(
  { cloud, store, changeSets }: Context,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): readonly Permission[] {
  const text = (name: string) => (typeof input[name] === "string" ? input[name] : undefined);
  const changeSetName = text("ChangeSetName");
  const name = text("StackName") ?? (changeSetName === undefined ? undefined : changeSets.get(changeSetName)?.stackId);
  const resource =
    name === undefined || ON_EVERYTHING.has(operation)
      ? "*"
      : (store.find(name)?.id ?? (name.startsWith("arn:") ? name : cloud.arn("cloudformation", `stack/${name}/*`)));
  return [
    {
      action: `cloudformation:${operation}`,
      resource,
      ...(changeSetName === undefined ? {} : { context: { "cloudformation:ChangeSetName": changeSetName } }),
    },
  ];
}
