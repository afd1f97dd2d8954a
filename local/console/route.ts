/** One address of the console's API. */
import { ServiceError } from "../core/errors.ts";
import type { HttpResponse } from "../core/service.ts";

export interface Ask {
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Answers something that becomes JSON, or a whole response. */
export type Route = (ask: Ask) => unknown;

/** By method and path, such as `GET /queues`. */
export type Routes = Readonly<Record<string, Route>>;

/** An answer that is not JSON. */
export class Whole {
  readonly response: HttpResponse;
  constructor(response: HttpResponse) {
    this.response = response;
  }
}

/** A parameter of the query that must be there. Throws BadRequest. */
export function required(ask: Ask, name: string): string {
  const value = ask.query.get(name);
  if (value === null || value === "") throw badRequest(`The parameter ${name} is missing`);
  return value;
}

/** A parameter of the query, undefined when it is missing or empty. */
export const optional = (ask: Ask, name: string): string | undefined => ask.query.get(name) || undefined;

/** The JSON object of a body. Throws BadRequest. */
export function fieldsOf(ask: Ask): Fields {
  let value: unknown;
  try {
    value = JSON.parse(ask.body.toString());
  } catch {
    throw badRequest("The body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest("The body is not an object");
  return new Fields(new Map(Object.entries(value)));
}

export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;
  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  /** Throws BadRequest when it is missing or no text. */
  text(name: string): string {
    const value = this.#values.get(name);
    if (typeof value !== "string") throw badRequest(`${name} is missing`);
    return value;
  }

  /** Undefined when missing or empty. Throws BadRequest when it is no text. */
  optionalText(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null || value === "") return undefined;
    return this.text(name);
  }

  /** A list of texts. Throws BadRequest when it is missing, holds anything else, nothing, or more than `most`. */
  texts(name: string, most: number): readonly string[] {
    const value = this.#values.get(name);
    if (!Array.isArray(value) || value.length === 0 || value.length > most)
      throw badRequest(`${name} must be a list of 1 to ${most} texts`);
    const texts = value.filter((each) => typeof each === "string");
    if (texts.length < value.length) throw badRequest(`${name} must be a list of 1 to ${most} texts`);
    return texts;
  }

  /** Throws BadRequest unless it is a number within the bounds. */
  number(name: string, least: number, most: number): number {
    const value = this.#values.get(name);
    if (typeof value !== "number" || !Number.isFinite(value) || value < least || value > most)
      throw badRequest(`${name} must be a number from ${least} to ${most}`);
    return value;
  }
}

export const badRequest = (message: string): ServiceError => new ServiceError("BadRequest", message, { status: 400 });
export const notFound = (message: string): ServiceError => new ServiceError("NotFound", message, { status: 404 });
