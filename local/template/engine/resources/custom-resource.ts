/**
 * Custom::* and AWS::CloudFormation::CustomResource: a function is told what is wanted and answers by putting a document to a
 * presigned URL (Custom resource request and response objects).
 */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider, ResourceState } from "../../../core/service.ts";
import { isFields, type Fields } from "../../value.ts";

export const isCustomType = (type: string): boolean =>
  type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";

const POLL_MS = 1_000;
/** ServiceTimeout: how long the answer may take. */
const DEFAULT_TIMEOUT_SECONDS = 3_600;
/** Presigned URLs live two hours at CloudFormation. */
const URL_SECONDS = 7_200;

export function customResourceProvider(cloud: Cloud, type: string): ResourceProvider {
  const ask = async (
    requestType: string,
    properties: Properties,
    context: ResourceContext,
    members: Fields,
  ): Promise<Fields> => {
    const { ServiceToken: token, ServiceTimeout: timeout } = properties;
    if (typeof token !== "string" || !token.includes(":lambda:"))
      throw new ServiceError(
        "ValidationError",
        `ServiceToken must be the ARN of a function: the local cloud reaches no other custom resources`,
      );
    const bucket = `cloudformation-custom-resource-response-${cloud.accountId}`;
    const key = `${context.stackName}/${context.logicalId}/${cloud.uuid()}`;
    await ensureBucket(cloud, bucket);
    const request = {
      RequestType: requestType,
      ResponseURL: await presignedPut(cloud, bucket, key),
      StackId: context.stackId,
      RequestId: cloud.uuid(),
      ResourceType: type,
      LogicalResourceId: context.logicalId,
      ResourceProperties: texts(properties),
      ...members,
    };
    await cloud.call(
      "lambda",
      "Invoke",
      { FunctionName: token, InvocationType: "Event", Payload: Buffer.from(JSON.stringify(request)) },
      ACCOUNT,
    );
    const answer = await waitForAnswer(cloud, bucket, key, Number(timeout ?? DEFAULT_TIMEOUT_SECONDS));
    if (answer["Status"] === "SUCCESS") return answer;
    throw new ServiceError(
      "GeneralServiceException",
      `Received response status [FAILED] from custom resource. Message returned: ${String(answer["Reason"] ?? "no reason given")}`,
    );
  };
  return {
    known: true,
    create: async (properties, context) => stateOf(await ask("Create", properties, context, {}), undefined, context),
    // Another physical id in the answer means that the function has made a new one: the old is deleted in the clean-up.
    update: async (physicalId, properties, previous, context) =>
      stateOf(
        await ask("Update", properties, context, {
          PhysicalResourceId: physicalId,
          OldResourceProperties: texts(previous),
        }),
        physicalId,
        context,
      ),
    delete: async (physicalId, properties, context) => {
      await ask("Delete", properties, context, { PhysicalResourceId: physicalId });
    },
  };
}

function stateOf(answer: Fields, physicalId: string | undefined, context: ResourceContext): ResourceState {
  const { PhysicalResourceId: given, Data: data } = answer;
  return {
    physicalId: typeof given === "string" && given !== "" ? given : (physicalId ?? context.physicalName(128)),
    attributes: isFields(data) ? data : {},
  };
}

/** CloudFormation sends every scalar of the properties as text. */
function texts(value: unknown): Fields {
  // Texts instead of numbers and booleans: still what JSON can hold.
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === "number" || typeof inner === "boolean" ? String(inner) : inner,
    ),
  ) as Fields;
}

async function ensureBucket(cloud: Cloud, bucket: string): Promise<void> {
  try {
    await cloud.call("s3", "CreateBucket", { Bucket: bucket }, ACCOUNT);
  } catch (error) {
    if (!isServiceError(error) || !["BucketAlreadyOwnedByYou", "BucketAlreadyExists"].includes(error.name)) throw error;
  }
}

async function presignedPut(cloud: Cloud, bucket: string, key: string): Promise<string> {
  // Loaded only here: most stacks have no custom resource.
  const { S3Client, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
  const client = new S3Client({
    endpoint: cloud.endpoint,
    region: cloud.region,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: { accessKeyId: "AKIALOCALACCOUNT0000", secretAccessKey: "local" },
  });
  return getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }), {
    expiresIn: URL_SECONDS,
    signingDate: new Date(cloud.clock.now()),
  });
}

async function waitForAnswer(cloud: Cloud, bucket: string, key: string, timeoutSeconds: number): Promise<Fields> {
  const end = cloud.clock.now() + timeoutSeconds * 1_000;
  for (;;) {
    const answer = await readAnswer(cloud, bucket, key);
    if (answer) return answer;
    if (cloud.clock.now() >= end)
      throw new ServiceError(
        "NotStabilized",
        `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId`,
      );
    await cloud.clock.sleep(POLL_MS);
  }
}

async function readAnswer(cloud: Cloud, bucket: string, key: string): Promise<Fields | undefined> {
  try {
    const { Body } = await cloud.call("s3", "GetObject", { Bucket: bucket, Key: key }, ACCOUNT);
    const bytes = await bytesOf(Body);
    await cloud.call("s3", "DeleteObject", { Bucket: bucket, Key: key }, ACCOUNT);
    const answer: unknown = JSON.parse(bytes.toString());
    if (isFields(answer)) return answer;
    throw new ServiceError("GeneralServiceException", "Invalid response from the custom resource: not an object");
  } catch (error) {
    if (isServiceError(error) && error.name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** Inside the process a body is bytes, or a stream of them. */
async function bytesOf(body: unknown): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.concat(await Array.fromAsync(body as AsyncIterable<Uint8Array>));
}
