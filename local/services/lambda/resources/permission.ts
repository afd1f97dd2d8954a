/** AWS::Lambda::Permission. Every change makes a new one. */
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { boolean, defined, text } from "./properties.ts";
import { unlessGone } from "./version-and-alias.ts";

export const permissionProvider = (lambda: LambdaService): ResourceProvider => ({
  known: {
    Action: true,
    EventSourceToken: true,
    FunctionName: true,
    FunctionUrlAuthType: true,
    InvokedViaFunctionUrl: true,
    Principal: true,
    PrincipalOrgID: true,
    SourceAccount: true,
    SourceArn: true,
  },
  async create(properties, context) {
    const id = context.physicalName(100);
    const { FunctionUrlAuthType: authType } = properties;
    await lambda.cloud.call(
      "lambda",
      "AddPermission",
      {
        ...functionOf(properties),
        StatementId: id,
        Action: text(properties["Action"]),
        Principal: text(properties["Principal"]),
        ...defined({
          SourceArn: text(properties["SourceArn"]),
          SourceAccount: text(properties["SourceAccount"]),
          EventSourceToken: text(properties["EventSourceToken"]),
          PrincipalOrgID: text(properties["PrincipalOrgID"]),
          InvokedViaFunctionUrl: boolean(properties["InvokedViaFunctionUrl"]),
        }),
        ...(authType !== undefined && { FunctionUrlAuthType: authType === "NONE" ? "NONE" : "AWS_IAM" }),
      },
      ACCOUNT,
    );
    return { physicalId: id, attributes: { Id: id } };
  },
  async delete(id, properties) {
    const input = { ...functionOf(properties), StatementId: id };
    await unlessGone(lambda.cloud.call("lambda", "RemovePermission", input, ACCOUNT));
  },
});

function functionOf(properties: Properties): { FunctionName: string; Qualifier?: string } {
  const { name, qualifier } = readFunctionName(text(properties["FunctionName"]));
  return { FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) };
}
