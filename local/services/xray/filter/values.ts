/** What the keywords of filter expressions stand for: of the whole trace, or within `service(…) { … }` of one node's segment. */
import type { Sighting } from "../service-nodes.ts";
import { lengthOf, type Trace } from "../trace.ts";

export interface Subject {
  readonly trace: Trace;
  readonly sightings: readonly Sighting[];
}

type Read = (subject: Subject) => readonly (string | number | boolean)[];

const flag =
  (name: "fault" | "error" | "throttle"): Read =>
  ({ sightings }) => [sightings.some(({ part, isInferred }) => !isInferred && part[name] === true)];

const http =
  (name: string): Read =>
  ({ sightings }) =>
    sightings.flatMap(({ part }) => {
      const value = part.http?.request?.[name];
      return typeof value === "string" ? [value] : [];
    });

/** By their names in small letters. */
const KEYWORDS: Readonly<Record<string, Read>> = {
  ok: ({ sightings }) => [!sightings.some(({ part }) => part.fault === true || part.error === true)],
  fault: flag("fault"),
  error: flag("error"),
  throttle: flag("throttle"),
  partial: ({ trace }) => [trace.isPartial],
  duration: ({ trace }) => [trace.duration],
  responsetime: ({ trace, sightings }) =>
    sightings.length === 1
      ? sightings.map(({ part }) => lengthOf(part))
      : trace.root?.end_time === undefined
        ? []
        : [lengthOf(trace.root)],
  traceid: ({ trace }) => [trace.id],
  name: ({ sightings }) => sightings.map(({ node }) => node.name),
  "http.url": http("url"),
  "http.method": http("method"),
  "http.useragent": http("user_agent"),
  "http.clientip": http("client_ip"),
  "http.status": ({ sightings }) => sightings.flatMap(({ part }) => part.http?.response?.status ?? []),
};

/** Undefined for a keyword that is not known. */
export function valuesOf(keyword: string): Read | undefined {
  const annotation = /^annotation\.(.+)$/.exec(keyword)?.[1];
  if (annotation !== undefined) return ({ trace }) => trace.annotations.get(annotation) ?? [];
  const name = keyword.toLowerCase();
  return Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
}
