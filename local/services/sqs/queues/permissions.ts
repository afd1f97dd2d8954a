/** AddPermission and RemovePermission: statements of the queue policy by label. */
import { ServiceError } from "../../../core/errors.ts";
import type { PolicyDocument, Statement } from "../../../core/principal.ts";
import type { Handler } from "../../../core/service.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter, missingParameter, type Queues, type SQS } from "../store.ts";

export const addPermission =
  (queues: Queues): Handler<SQS, "AddPermission"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    const { Label: label, AWSAccountIds: accounts, Actions: actions } = input;
    if (!label) throw missingParameter("Label");
    if (!accounts?.length) throw missingParameter("AWSAccountIds");
    if (!actions?.length) throw missingParameter("Actions");
    if (!/^[\w-]{1,80}$/.test(label)) {
      const reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
      throw invalidParameter(label, "Label", reason);
    }
    const statements = statementsOf(queue);
    if (statements.some(({ Sid }) => Sid === label)) throw invalidParameter(label, "Label", "Already exists.");
    if (actions.length > 7) {
      throw new ServiceError("OverLimit", `${actions.length} Actions were found, maximum allowed is 7.`);
    }
    const roots = accounts.map((account) => `arn:aws:iam::${account}:root`);
    const names = actions.map((action) => `SQS:${action}`);
    const statement: Statement = {
      Sid: label,
      Effect: "Allow",
      Principal: { AWS: oneOrMany(roots) },
      Action: oneOrMany(names),
      Resource: queue.arn,
    };
    setStatements(queues, queue, [...statements, statement]);
    return {};
  };

export const removePermission =
  (queues: Queues): Handler<SQS, "RemovePermission"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    if (!input.Label) throw missingParameter("Label");
    const statements = statementsOf(queue);
    const kept = statements.filter(({ Sid }) => Sid !== input.Label);
    if (kept.length === statements.length) throw invalidParameter(input.Label, "Label", "can't find label.");
    setStatements(queues, queue, kept);
    return {};
  };

function statementsOf(queue: Queue): readonly Statement[] {
  const text = queue.record.attributes["Policy"];
  if (text === undefined) return [];
  // Checked to be a policy document when it was set.
  const { Statement: statements } = JSON.parse(text) as PolicyDocument;
  return "Effect" in statements ? [statements] : statements;
}

function setStatements(queues: Queues, queue: Queue, statements: readonly Statement[]): void {
  const { Policy: _, ...attributes } = queue.record.attributes;
  const policy = { Version: "2008-10-17", Id: `${queue.arn}/SQSDefaultPolicy`, Statement: statements };
  const changed = statements.length === 0 ? attributes : { ...attributes, Policy: JSON.stringify(policy) };
  queues.update(queue, { attributes: changed, modifiedAt: queues.cloud.clock.now() });
}

const oneOrMany = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? "") : values;
