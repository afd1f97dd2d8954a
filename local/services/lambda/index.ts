/** AWS Lambda. */
import * as sdk from "@aws-sdk/client-lambda";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { operationsOf } from "./operations.ts";
import { tryReadFunctionName } from "./function-name.ts";
import { LambdaService } from "./lambda-service.ts";
import { permissionsOf } from "./permissions.ts";
import { resourcesOf } from "./resources/index.ts";
import { serveUrl } from "./urls/serve.ts";

/** The service with what only the local cloud can ask of it: `npm start` reloads functions when their files change. */
export interface LocalLambda extends Service<typeof sdk> {
  /** The next invocation of these functions runs their code as it is on disk now. */
  reload(functionNames: readonly string[]): void;
  /** The source files (absolute paths, or a folder) of which a function is made. Rejects when it cannot be built. */
  inputsOf(functionArn: string): Promise<readonly string[]>;
}

export function create(cloud: Cloud): LocalLambda {
  const lambda = new LambdaService(cloud);
  return {
    sdk,
    handlers: operationsOf(lambda),
    permissions: (operation, input) => permissionsOf(cloud, operation, input),
    resourcePolicy: (arn) => {
      const reference = tryReadFunctionName(arn, undefined);
      return reference && lambda.policies.document(reference.name, reference.qualifier);
    },
    resources: resourcesOf(lambda),
    serve: (request) => serveUrl(lambda, request),
    reload: (names) => lambda.reload(names),
    inputsOf: (arn) => lambda.inputsOf(arn),
    resume: () => lambda.resume(),
    stop: () => lambda.stop(),
  };
}
