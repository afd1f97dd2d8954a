/** Policies made ready for many decisions: each document is compiled once. */
import type { Effect, PolicyDocument, Statement } from "../core/principal.ts";
import { compileCondition, type Condition } from "./condition.ts";
import { compilePattern, type Lookup, matches, type Pattern } from "./pattern.ts";

export interface CompiledStatement {
  readonly effect: Effect;
  /** The statement's Sid, or its place among the statements (`#0`). */
  readonly label: string;
  /** Lower case. */
  readonly actions: readonly Pattern[];
  readonly actionsAreExceptions: boolean;
  /** Undefined in trust policies, which have no resource of their own. */
  readonly resources: readonly Pattern[] | undefined;
  readonly resourcesAreExceptions: boolean;
  readonly principals: PrincipalList | undefined;
  readonly principalsAreExceptions: boolean;
  readonly conditions: readonly Condition[];
}

/** `everyone`, or the listed values by kind (`AWS`, `Service`, `Federated`, `CanonicalUser`). */
export type PrincipalList = "everyone" | Readonly<Record<string, readonly string[]>>;

export type CompiledPolicy = readonly CompiledStatement[];

const byText = new Map<string, CompiledPolicy>();
const byDocument = new WeakMap<PolicyDocument, CompiledPolicy>();
// Deployments make new texts for as long as the cloud runs; the cache must not grow with them.
const MOST_TEXTS = 2000;

/** The compiled form of a document's JSON text. Throws SyntaxError when it is no JSON. */
export function compileText(text: string): CompiledPolicy {
  const known = byText.get(text);
  if (known) return known;
  // JSON.parse knows no types; documents are validated where they enter (services/iam).
  const compiled = compile(JSON.parse(text) as PolicyDocument);
  if (byText.size >= MOST_TEXTS) byText.clear();
  byText.set(text, compiled);
  return compiled;
}

/** The compiled form of a parsed document, remembered for as long as the document lives. It must not change afterwards. */
export function compileDocument(document: PolicyDocument): CompiledPolicy {
  const known = byDocument.get(document);
  if (known) return known;
  const compiled = compile(document);
  byDocument.set(document, compiled);
  return compiled;
}

function compile(document: PolicyDocument): CompiledPolicy {
  const variables = document.Version === "2012-10-17";
  return list(document.Statement).map((statement, index) => compileStatement(statement, index, variables));
}

function compileStatement(statement: Statement, index: number, variables: boolean): CompiledStatement {
  const principals = statement.Principal ?? statement.NotPrincipal;
  const resources = statement.Resource ?? statement.NotResource;
  return {
    effect: statement.Effect,
    label: statement.Sid ?? `#${index}`,
    // Actions are compared without case and have no variables.
    actions: list(statement.Action ?? statement.NotAction).map((action) =>
      compilePattern(action.toLowerCase(), { wildcards: true, variables: false }),
    ),
    actionsAreExceptions: statement.Action === undefined,
    resources:
      resources === undefined
        ? undefined
        : list(resources).map((arn) => compilePattern(arn, { wildcards: true, variables })),
    resourcesAreExceptions: statement.Resource === undefined,
    principals: principals === undefined ? undefined : compilePrincipals(principals),
    principalsAreExceptions: statement.Principal === undefined,
    conditions: compileCondition(statement.Condition, variables),
  };
}

function compilePrincipals(principals: NonNullable<Statement["Principal"]>): PrincipalList {
  if (typeof principals === "string") return "everyone";
  const lists = Object.entries(principals).map(([kind, values]) => [kind, list(values)] as const);
  return lists.some(([kind, values]) => kind === "AWS" && values.includes("*"))
    ? "everyone"
    : Object.fromEntries(lists);
}

/** The action pattern by which a statement speaks of an action; undefined when it does not. The action is in lower case. */
export function actionPattern(statement: CompiledStatement, action: string): string | undefined {
  const found = statement.actions.find((pattern) => matches(pattern, action, nothing));
  if (statement.actionsAreExceptions)
    return found ? undefined : `not ${statement.actions.map((a) => a.source).join(", ")}`;
  return found?.source;
}

export function speaksOfResource(statement: CompiledStatement, resource: string, lookup: Lookup): boolean {
  if (statement.resources === undefined) return true;
  const listed = statement.resources.some((pattern) => matches(pattern, resource, lookup));
  return listed !== statement.resourcesAreExceptions;
}

export const conditionsHold = (statement: CompiledStatement, lookup: Lookup): boolean =>
  statement.conditions.every((condition) => condition(lookup));

/** One or many as a list. */
export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  // isArray does not narrow readonly arrays: the cast says what the check has shown.
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

const nothing: Lookup = () => undefined;
