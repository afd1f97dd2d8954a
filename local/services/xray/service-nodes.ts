/** The nodes of the service map and who called whom, from the segments of traces ("X-Ray concepts", service graph). */
import type { Subsegment } from "../../core/segment.ts";
import type { Part, Trace } from "./trace.ts";

export interface NodeKey {
  readonly name: string;
  readonly type: string;
}

export interface Sighting {
  readonly node: NodeKey;
  /** Where the call came from. */
  readonly caller: NodeKey | "client";
  readonly part: Subsegment;
  /** Known only by its caller's word, as services that send no segments are. */
  readonly isInferred: boolean;
}

export const keyOf = ({ name, type }: NodeKey): string => `${type}\n${name}`;

/** Each segment once, and each call to a service that sent no segment of its own. */
export function sightingsOf(trace: Trace): Sighting[] {
  const answered = new Set(trace.segments.map(({ parent_id: parent }) => parent));
  return [...trace.parts.values()].flatMap((found): Sighting[] => {
    const { part, owner, parentId, isSegment } = found;
    if (isSegment) {
      const parent = parentId === undefined ? undefined : trace.parts.get(parentId)?.owner;
      const caller = parent === undefined ? "client" : segmentNode({ ...found, part: parent });
      return [{ node: segmentNode(found), caller, part, isInferred: false }];
    }
    const node = inferredNode(part);
    if (!node || !owner || answered.has(part.id)) return [];
    return [{ node, caller: segmentNode({ ...found, part: owner }), part, isInferred: true }];
  });
}

const segmentNode = ({ part }: Pick<Part, "part">): NodeKey => ({ name: part.name, type: part.origin ?? "" });

/** What identifies the resource that an SDK client called, by the client's name in the X-Ray SDKs. */
const RESOURCES: Readonly<Record<string, readonly [member: string, type: string]>> = {
  DynamoDB: ["table_name", "AWS::DynamoDB::Table"],
  S3: ["bucket_name", "AWS::S3::Bucket"],
  SNS: ["topic_arn", "AWS::SNS"],
  SQS: ["queue_url", "AWS::SQS::Queue"],
  Lambda: ["function_name", "AWS::Lambda"],
};

function inferredNode({ namespace, name, aws = {} }: Subsegment): NodeKey | undefined {
  if (namespace === "remote") return { name, type: "remote" };
  if (namespace !== "aws") return undefined;
  const [member, type] = RESOURCES[name] ?? [];
  const resource = member === undefined ? undefined : aws[member];
  if (type === undefined || typeof resource !== "string") return { name, type: `AWS::${name}` };
  return { name: resource.split(/[/:]/).at(-1) ?? resource, type };
}
