import type { Handler } from "../../../core/service.ts";
import { LARGEST_UNPACKED } from "../../../lambda/code/unpack.ts";
import { ACCOUNT_LIMIT } from "../concurrency/limits.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";

const TOTAL_CODE_BYTES = 75 * 1024 ** 3;
const LARGEST_ZIP = 50 * 1024 ** 2;

export const getAccountSettings =
  (lambda: LambdaService): Handler<LAMBDA, "GetAccountSettings"> =>
  () => {
    const all = lambda.functions.all();
    return {
      AccountLimit: {
        TotalCodeSize: TOTAL_CODE_BYTES,
        CodeSizeUnzipped: LARGEST_UNPACKED,
        CodeSizeZipped: LARGEST_ZIP,
        ConcurrentExecutions: ACCOUNT_LIMIT,
        UnreservedConcurrentExecutions: lambda.concurrency.unreserved,
      },
      AccountUsage: {
        TotalCodeSize: all.reduce((bytes, { latest }) => bytes + latest.codeSize, 0),
        FunctionCount: all.length,
      },
    };
  };
