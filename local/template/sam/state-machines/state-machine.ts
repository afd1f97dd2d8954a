/** AWS::Serverless::StateMachine. */
import { inside } from "../../template-error.ts";
import { getAtt, ref, type Fields } from "../../value.ts";
import { lowerEvents } from "../events/index.ts";
import { checkProperties, fieldsOf, invalid, type Lowering, type SamResource, tagList, textOf } from "../lowering.ts";
import { addRole, managedPolicy, trust } from "../roles.ts";
import { stateMachineDefinition } from "./definition.ts";

const LOWERED =
  "AutoPublishAlias Definition DefinitionSubstitutions DefinitionUri Events Logging Name PermissionsBoundary Policies Role RolePath Tags Tracing Type UseAliasAsEventTarget".split(
    " ",
  );

export function lowerStateMachine(lowering: Lowering, resource: SamResource): void {
  const { id, properties } = resource;
  checkProperties(lowering, resource, LOWERED, ["DeploymentPreference", "PropagateTags"]);
  const path = inside(resource.path, "Properties");
  if (properties["Role"] !== undefined && properties["Policies"] !== undefined)
    throw invalid(id, "Specify either 'Role' or 'Policies' (but not both at the same time) or neither of them", path);

  const alias = lowerAlias(lowering, resource);
  const eventTarget = alias !== undefined && lowering.known(properties["UseAliasAsEventTarget"]) === true ? alias : id;
  lowerEvents(
    lowering,
    {
      kind: "state-machine",
      resource,
      reference: ref(eventTarget),
      arn: ref(eventTarget),
      variable: eventTarget,
      boundary: properties["PermissionsBoundary"],
    },
    properties["Events"],
  );
  const tracing = properties["Tracing"];
  const tags = tagList({ "stateMachine:createdBy": "SAM" }, fieldsOf(properties["Tags"]));
  lowering.add(
    id,
    "AWS::StepFunctions::StateMachine",
    {
      ...stateMachineDefinition(lowering, resource),
      LoggingConfiguration: properties["Logging"],
      RoleArn: properties["Role"] ?? getAtt(`${id}Role`, "Arn"),
      StateMachineName: properties["Name"],
      StateMachineType: properties["Type"],
      Tags: tags,
      TracingConfiguration: tracing,
    },
    resource.attributes,
  );
  if (properties["Role"] !== undefined) return;
  const isTraced = lowering.known(fieldsOf(tracing)["Enabled"]) === true;
  addRole(lowering, {
    id: `${id}Role`,
    trust: trust("states.amazonaws.com"),
    managed: [],
    inline: [],
    policies: properties["Policies"],
    policiesPath: inside(path, "Policies"),
    managedAfter: isTraced ? [managedPolicy("AWSXrayWriteOnlyAccess")] : [],
    boundary: properties["PermissionsBoundary"],
    rolePath: properties["RolePath"],
    tags,
    attributes: resource.passed,
  });
}

/** A version of every revision, and an alias that points at the newest. Answers the alias's logical id. */
function lowerAlias(lowering: Lowering, resource: SamResource): string | undefined {
  const { id, properties } = resource;
  const given = properties["AutoPublishAlias"];
  if (given === undefined) return undefined;
  const name = textOf(lowering.known(given));
  if (name === undefined)
    throw invalid(
      id,
      "AutoPublishAlias must be known before deployment.",
      inside(resource.path, "Properties.AutoPublishAlias"),
    );
  const kept: Fields = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
  lowering.add(
    `${id}Version`,
    "AWS::StepFunctions::StateMachineVersion",
    { StateMachineArn: ref(id), StateMachineRevisionId: getAtt(id, "StateMachineRevisionId") },
    { ...resource.passed, ...kept },
  );
  const aliasId = `${id}Alias${name.replaceAll(/[^A-Za-z0-9]/g, "")}`;
  lowering.add(
    aliasId,
    "AWS::StepFunctions::StateMachineAlias",
    { Name: name, DeploymentPreference: { Type: "ALL_AT_ONCE", StateMachineVersionArn: ref(`${id}Version`) } },
    resource.passed,
  );
  lowering.renamed.set(`${id}.Alias`, aliasId);
  return aliasId;
}
