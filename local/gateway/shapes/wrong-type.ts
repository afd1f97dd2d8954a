/**
 * What AWS says of JSON values of the wrong type. Most services share one wording; DynamoDB has a newer one. The sentences are those
 * that users report in issue threads, slips of grammar included.
 */
import { ServiceError } from "../../core/errors.ts";

export type Expected = "String" | "Integer" | "Boolean" | "Blob" | "Timestamp" | "list" | "map" | "structure";

export interface WrongType {
  readonly expected: Expected;
  readonly value: unknown;
  /** Name of the structure that is expected, or of the structures in the list or map. */
  readonly shape: string | undefined;
  /** Within a list or map rather than a member of a structure. */
  readonly isElement: boolean;
}

export type Wording = (wrong: WrongType) => string;

export const serializationException = (message: string): ServiceError =>
  new ServiceError("SerializationException", message, { status: 400 });

const isScalar = (expected: Expected): boolean => /^[A-Z]/.test(expected);

/** As parsers name a token: `STRING_VALUE`, `NUMBER_VALUE`, `DECIMAL_VALUE`, `TRUE_VALUE`. */
function tokenOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  if (typeof value === "number") return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  return "STRING_VALUE";
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

export const usualWording: Wording = ({ expected, value }) => {
  if (Array.isArray(value)) return "Start of list found where not expected";
  if (isObject(value)) return "Start of structure or map found where not expected.";
  if (!isScalar(expected)) return expected === "structure" ? "Expected null" : `Expected ${expected} or null`;
  const article = expected === "Integer" || expected === "Boolean" ? "an" : "a";
  return `${tokenOf(value)} can not be converted to ${article} ${expected}`;
};

const JAVA_TYPES: Readonly<Partial<Record<Expected, string>>> = {
  Blob: "java.nio.ByteBuffer",
  String: "java.lang.String",
  Integer: "java.lang.Integer",
  Boolean: "java.lang.Boolean",
};
const NESTED_COLLECTION =
  "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader 'bootstrap')";

export const dynamoWording: Wording = ({ expected, value, shape, isElement }) => {
  if (isObject(value)) return "Start of structure or map found where not expected";
  const structure = shape === undefined ? "java.lang.String" : `com.amazonaws.dynamodb.v20120810.${shape}`;
  if (Array.isArray(value)) {
    if (expected === "map") return `Unrecognized collection type java.util.Map<java.lang.String, ${structure}>`;
    return `Unrecognized collection type class ${JAVA_TYPES[expected] ?? structure}`;
  }
  if (expected === "structure") return isElement ? "Unexpected value type in payload" : "Unexpected field type";
  if (!isScalar(expected)) return isElement ? NESTED_COLLECTION : "Unexpected field type";
  if (expected === "Blob") return "only base-64-encoded strings are convertible to bytes";
  if (expected === "Boolean" && typeof value === "string") return "Unexpected token received from parser";
  return `${tokenOf(value)} cannot be converted to ${expected}`;
};

export const wordingOf = (serviceId: string): Wording =>
  serviceId === "dynamodb" || serviceId === "dynamodbstreams" ? dynamoWording : usualWording;
