/** Answers that an HTTP API gives itself: a status and `{"message": …}`. */
import type { Answer } from "../../apigateway/shared-serving/context.ts";

export class Problem extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "Problem";
    this.status = status;
  }
}

export const notFound = (): Problem => new Problem(404, "Not Found");
export const forbidden = (): Problem => new Problem(403, "Forbidden");
export const unauthorized = (): Problem => new Problem(401, "Unauthorized");
export const internalError = (): Problem => new Problem(500, "Internal Server Error");

export const answerOf = (problem: Problem): Answer => ({
  status: problem.status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: problem.message }),
});
