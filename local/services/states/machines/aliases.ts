/** Aliases: a name that leads to one version, or by weights to two. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { readMachineArn } from "../arns.ts";
import { page } from "../paging.ts";
import type { AliasRecord, Route } from "../records.ts";
import type { Store } from "../store.ts";

const invalid = (message: string): never => {
  throw new ServiceError("ValidationException", message);
};

/** Throws ValidationException, or ResourceNotFound for a version that is not there. */
function readRouting(store: Store, input: SFN.RoutingConfigurationListItem[] | undefined): readonly Route[] {
  const items = input ?? [];
  const check = new Constraints().list("routingConfiguration", items, { min: 1, max: 2 });
  items.forEach(({ weight }, index) =>
    check.number(`routingConfiguration.${index + 1}.member.weight`, weight, { required: true, min: 0, max: 100 }),
  );
  check.check();
  const routes = items.map(({ stateMachineVersionArn = "", weight = 0 }) => ({
    versionArn: stateMachineVersionArn,
    weight,
  }));
  const arns = routes.map(({ versionArn }) => versionArn);
  const shown = `Received: [${arns.join(", ")}]`;
  if (arns.some((arn) => !/^\d+$/.test(readMachineArn(arn).qualifier ?? "")))
    invalid(`Routing configuration must contain state machine version ARNs. ${shown}`);
  if (new Set(arns).size < arns.length)
    invalid(`Routing configuration must contain distinct state machine version ARNs. ${shown}`);
  if (new Set(arns.map((arn) => readMachineArn(arn).machine)).size > 1)
    invalid(`Routing configuration must contain versions of one state machine. ${shown}`);
  const weights = routes.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100)
    invalid(`Sum of routing configuration weights must equal 100. Received: [${weights.join(", ")}]`);
  for (const arn of arns) {
    if (!store.versions.has(arn))
      throw new ServiceError("ResourceNotFound", `Request references a resource that does not exist: ${arn}`, {
        detail: { resourceName: arn },
      });
  }
  return routes;
}

export const createStateMachineAlias =
  (store: Store): Handler<typeof SFN, "CreateStateMachineAlias"> =>
  (input) => {
    const name = input.name ?? "";
    new Constraints()
      .text("name", input.name, {
        required: true,
        min: 1,
        max: 80,
        pattern: /^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]+$/,
        patternText: "^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$",
      })
      .check();
    const routing = readRouting(store, input.routingConfiguration);
    const { machine } = readMachineArn(routing[0]?.versionArn);
    const arn = `${machine}:${name}`;
    const existing = store.aliases.get(arn);
    if (
      existing &&
      (JSON.stringify(existing.routing) !== JSON.stringify(routing) || existing.description !== input.description)
    ) {
      throw new ServiceError(
        "ConflictException",
        "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
      );
    }
    const now = store.now();
    const alias: AliasRecord = existing ?? {
      arn,
      machineArn: machine,
      name,
      description: input.description,
      routing,
      creationDate: now,
      updateDate: now,
    };
    store.aliases.set(arn, alias);
    return { stateMachineAliasArn: arn, creationDate: new Date(alias.creationDate) };
  };

const aliasAt = (store: Store, arn: string | undefined): AliasRecord => {
  readMachineArn(arn);
  const alias = store.aliases.get(arn ?? "");
  if (!alias)
    throw new ServiceError("ResourceNotFound", `Request references a resource that does not exist: ${arn ?? ""}`, {
      detail: { resourceName: arn },
    });
  return alias;
};

export const updateStateMachineAlias =
  (store: Store): Handler<typeof SFN, "UpdateStateMachineAlias"> =>
  (input) => {
    const alias = aliasAt(store, input.stateMachineAliasArn);
    if (input.description === undefined && input.routingConfiguration === undefined)
      invalid("At least one of description or routing configuration must be specified");
    if (input.routingConfiguration !== undefined) alias.routing = readRouting(store, input.routingConfiguration);
    if (input.description !== undefined) alias.description = input.description;
    alias.updateDate = store.now();
    store.aliases.set(alias.arn, alias);
    return { updateDate: new Date(alias.updateDate) };
  };

export const describeStateMachineAlias =
  (store: Store): Handler<typeof SFN, "DescribeStateMachineAlias"> =>
  ({ stateMachineAliasArn }) => {
    const alias = aliasAt(store, stateMachineAliasArn);
    return {
      stateMachineAliasArn: alias.arn,
      name: alias.name,
      ...(alias.description === undefined ? {} : { description: alias.description }),
      routingConfiguration: alias.routing.map(({ versionArn, weight }) => ({
        stateMachineVersionArn: versionArn,
        weight,
      })),
      creationDate: new Date(alias.creationDate),
      updateDate: new Date(alias.updateDate),
    };
  };

export const deleteStateMachineAlias =
  (store: Store): Handler<typeof SFN, "DeleteStateMachineAlias"> =>
  ({ stateMachineAliasArn }) => {
    store.aliases.delete(aliasAt(store, stateMachineAliasArn).arn);
    return {};
  };

/** Of a machine, or those that lead to one version. */
export const listStateMachineAliases =
  (store: Store): Handler<typeof SFN, "ListStateMachineAliases"> =>
  ({ stateMachineArn, maxResults, nextToken }) => {
    const { machine, qualifier } = readMachineArn(stateMachineArn);
    store.machine(stateMachineArn);
    const aliases = store
      .aliasesOf(machine)
      .filter(
        ({ routing }) => qualifier === undefined || routing.some(({ versionArn }) => versionArn === stateMachineArn),
      );
    const { items, ...rest } = page(aliases, `aliases ${stateMachineArn}`, maxResults, nextToken);
    return {
      stateMachineAliases: items.map(({ arn, creationDate }) => ({
        stateMachineAliasArn: arn,
        creationDate: new Date(creationDate),
      })),
      ...rest,
    };
  };
