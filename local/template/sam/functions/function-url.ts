/** FunctionUrlConfig: a URL, and leave for everybody to call it when it asks for no signature. */
import { inside } from "../../template-error.ts";
import { isFields, ref, type Value } from "../../value.ts";
import { invalid, type Lowering, type SamResource } from "../lowering.ts";

export function lowerFunctionUrl(lowering: Lowering, resource: SamResource, aliasId: string | undefined): void {
  const config = resource.properties["FunctionUrlConfig"];
  if (!isFields(config)) return;
  const { AuthType: auth, Cors, InvokeMode } = config;
  const authType = lowering.known(auth);
  if (authType !== "NONE" && authType !== "AWS_IAM")
    throw invalid(
      resource.id,
      "AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.",
      inside(resource.path, "Properties.FunctionUrlConfig"),
    );
  const target: Value = ref(aliasId ?? resource.id);
  lowering.add(
    `${resource.id}Url`,
    "AWS::Lambda::Url",
    { TargetFunctionArn: target, AuthType: auth, Cors, InvokeMode },
    resource.passed,
  );
  if (authType !== "NONE") return;
  lowering.add(
    `${resource.id}UrlPublicPermissions`,
    "AWS::Lambda::Permission",
    { Action: "lambda:InvokeFunctionUrl", FunctionName: target, Principal: "*", FunctionUrlAuthType: auth },
    resource.passed,
  );
  lowering.add(
    `${resource.id}URLInvokeAllowPublicAccess`,
    "AWS::Lambda::Permission",
    { Action: "lambda:InvokeFunction", FunctionName: target, Principal: "*", InvokedViaFunctionUrl: true },
    resource.passed,
  );
}
