import { createHash } from "node:crypto";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { describe } from "../configuration.ts";
import { invalid, preconditionFailed } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { specOf } from "../spec.ts";
import type { FunctionRecord, LAMBDA, VersionRecord } from "../store.ts";

export const publishVersion =
  (lambda: LambdaService): Handler<LAMBDA, "PublishVersion"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    const { latest } = lambda.functions.get(name);
    if (input.RevisionId !== undefined && input.RevisionId !== latest.revisionId) throw preconditionFailed();
    if (input.CodeSha256 !== undefined && input.CodeSha256 !== latest.codeSha256)
      throw invalid(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    return publish(lambda, name, input.Description === undefined ? {} : { description: input.Description });
  };

/**
 * A copy of $LATEST that stays as it is. Answers the newest version when nothing has changed since ("PublishVersion"), unless
 * it must be a new one. Throws InvalidParameterValueException when code of a folder cannot be built.
 */
export async function publish(
  lambda: LambdaService,
  name: string,
  { description, isNew = false }: { readonly description?: string; readonly isNew?: boolean },
): Promise<FunctionConfiguration> {
  const { functions, cloud } = lambda;
  const frozen = await freeze(lambda, functions.get(name));
  const record = functions.get(name);
  const latest = { ...record.latest, ...frozen };
  const newest = functions.versionsOf(name).at(-1);
  if (newest && !isNew && isSame(newest, latest)) return describe(functions, record, newest);
  const version: VersionRecord = {
    ...latest,
    version: String(record.nextVersion),
    configuration: { ...latest.configuration, description: description ?? latest.configuration.description },
    revisionId: cloud.uuid(),
    modifiedAt: cloud.clock.now(),
  };
  functions.saveVersion(name, version);
  const updated = functions.save({ ...record, nextVersion: record.nextVersion + 1 });
  lambda.runtime.prepare(specOf(functions, updated, version));
  return describe(functions, updated, version);
}

/** Code of a folder is built now, and stays what it is now; its hash is that of the build. */
async function freeze(
  { runtime, functions }: LambdaService,
  record: FunctionRecord,
): Promise<Pick<VersionRecord, "code" | "codeSha256">> {
  const { code, codeSha256 } = record.latest;
  if (code.kind !== "local") return { code, codeSha256 };
  try {
    const root = await runtime.rootOf(specOf(functions, record, record.latest));
    return { code: { ...code, root }, codeSha256: createHash("sha256").update(root).digest("base64") };
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

/** The description alone makes no new version. */
const isSame = (a: VersionRecord, b: VersionRecord): boolean =>
  a.codeSha256 === b.codeSha256 &&
  JSON.stringify({ ...a.configuration, description: "" }) === JSON.stringify({ ...b.configuration, description: "" });
