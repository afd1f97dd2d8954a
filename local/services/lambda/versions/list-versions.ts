import type { Handler } from "../../../core/service.ts";
import { describe } from "../configuration.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import type { LAMBDA } from "../store.ts";

/** $LATEST first, then the published versions from the oldest on. */
export const listVersionsByFunction =
  ({ functions }: LambdaService): Handler<LAMBDA, "ListVersionsByFunction"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    const record = functions.get(name);
    const versions = [record.latest, ...functions.versionsOf(name)];
    const { items, nextMarker } = pageOf(versions, input.Marker, input.MaxItems);
    return {
      Versions: items.map((version) =>
        describe(functions, record, version, { qualifiedArn: functions.arn(name, version.version) }),
      ),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
    };
  };
