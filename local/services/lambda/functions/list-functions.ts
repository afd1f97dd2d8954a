import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { describe } from "../configuration.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import { LATEST, type LAMBDA } from "../store.ts";

export const listFunctions =
  ({ functions }: LambdaService): Handler<LAMBDA, "ListFunctions"> =>
  (input) => {
    new Constraints().text("functionVersion", input.FunctionVersion, { oneOf: ["ALL"] }).check();
    const all = functions.all().flatMap((record) => {
      const versions = input.FunctionVersion === "ALL" ? functions.versionsOf(record.name) : [];
      return [record.latest, ...versions].map((version) => ({ record, version }));
    });
    const { items, nextMarker } = pageOf(all, input.Marker, input.MaxItems);
    const listed = items.map(({ record, version }) =>
      describe(functions, record, version, { qualifiedArn: arnOf(record.name, version.version) }),
    );
    return { Functions: listed, ...(nextMarker !== undefined && { NextMarker: nextMarker }) };

    // With ALL even $LATEST is listed with its qualifier.
    function arnOf(name: string, version: string): string {
      return functions.arn(name, input.FunctionVersion !== "ALL" && version === LATEST ? undefined : version);
    }
  };
