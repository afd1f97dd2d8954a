/** The text of the template that an input names: given, in S3, or that of the stack. */
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import type { Principal } from "../../../core/principal.ts";
import type { StackRecord } from "../../../template/engine/state/record.ts";
import { Constraints } from "../../constraints.ts";
import type { Context } from "../store.ts";
import { templateLocation } from "./template-url.ts";

/** CloudFormation quotas: bytes of a template in a request, and in S3. */
const LONGEST_BODY = 51_200;
const LONGEST_OBJECT = 1_000_000;

interface TemplateInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

export interface TemplateSource {
  readonly body: string;
  /** Of a template that was deployed from its file. */
  readonly folder?: string;
}

/** Throws ValidationError when none or several are named, and for what cannot be read. */
export async function templateSource(
  context: Context,
  input: TemplateInput,
  former: StackRecord | undefined,
  as: Principal,
): Promise<TemplateSource> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: usesPrevious = false } = input;
  const given = [body !== undefined, url !== undefined, usesPrevious].filter(Boolean).length;
  if (given === 0) throw new ServiceError("ValidationError", "Either Template URL or Template Body must be specified.");
  if (given > 1)
    throw new ServiceError(
      "ValidationError",
      "Only one of TemplateBody, TemplateURL and UsePreviousTemplate may be specified.",
    );
  if (body !== undefined) {
    // The limit counts bytes; the message is that of the length.
    if (Buffer.byteLength(body) > LONGEST_BODY || body === "")
      new Constraints("ValidationError").text("templateBody", body, { min: 1, max: LONGEST_BODY - 1 }).check();
    return { body };
  }
  if (url !== undefined) return { body: await fetchTemplate(context, url, as) };
  if (!former || former.body === "") throw new ServiceError("ValidationError", "There is no previous template to use.");
  return { body: former.body, ...(former.folder === undefined ? {} : { folder: former.folder }) };
}

async function fetchTemplate({ cloud }: Context, url: string, as: Principal): Promise<string> {
  const { bucket, key, versionId } = templateLocation(url);
  const object = await cloud
    .call(
      "s3",
      "GetObject",
      { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) },
      as,
    )
    .catch((error: unknown) => {
      if (!isServiceError(error)) throw error;
      throw new ServiceError(
        "ValidationError",
        `S3 error: ${error.message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
      );
    });
  if ((object.ContentLength ?? 0) > LONGEST_OBJECT)
    throw new ServiceError("ValidationError", `Template may not exceed ${LONGEST_OBJECT} bytes in size.`);
  // Within the cloud a body is bytes, whatever the SDK's type says.
  const body: unknown = object.Body;
  return body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : "";
}
