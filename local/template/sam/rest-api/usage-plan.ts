/** Auth.UsagePlan: a usage plan with one key, for one API or shared by several. */
import { inside } from "../../template-error.ts";
import { isFields, ref, type Fields, type Value } from "../../value.ts";
import { fieldsOf, invalid, listOf, type Lowering, type SamResource } from "../lowering.ts";

const SHARED = "Serverless";

export function lowerUsagePlan(lowering: Lowering, api: SamResource, stage: string): void {
  const plan = fieldsOf(api.properties["Auth"])["UsagePlan"];
  if (!isFields(plan)) return;
  const path = inside(api.path, "Properties.Auth.UsagePlan");
  const kind = lowering.known(plan["CreateUsagePlan"]);
  if (kind !== "PER_API" && kind !== "SHARED" && kind !== "NONE")
    throw invalid(api.id, "'CreateUsagePlan' is required field and must be one of PER_API, SHARED, NONE", path);
  if (kind === "NONE") return;
  const prefix = kind === "SHARED" ? SHARED : api.id;
  const planId = `${prefix}UsagePlan`;
  const keyId = `${prefix}ApiKey`;
  const apiStage: Fields = { ApiId: ref(api.id), Stage: ref(stage) };
  const stageKey: Fields = { RestApiId: ref(api.id), StageName: ref(stage) };

  const existing = lowering.made[planId];
  if (kind === "SHARED" && existing) {
    extend(lowering, planId, "ApiStages", apiStage, [api.id]);
    extend(lowering, keyId, "StageKeys", stageKey, []);
    return;
  }
  const tags = plan["Tags"];
  lowering.add(
    planId,
    "AWS::ApiGateway::UsagePlan",
    {
      ApiStages: [apiStage],
      Description: plan["Description"],
      Quota: plan["Quota"],
      Throttle: plan["Throttle"],
      UsagePlanName: plan["UsagePlanName"],
      Tags: tags,
    },
    { ...api.passed, DependsOn: [api.id] },
  );
  lowering.add(
    keyId,
    "AWS::ApiGateway::ApiKey",
    { Enabled: true, StageKeys: [stageKey], Tags: tags },
    { ...api.passed, DependsOn: [planId] },
  );
  lowering.add(
    `${planId}Key`,
    "AWS::ApiGateway::UsagePlanKey",
    { KeyId: ref(keyId), KeyType: "API_KEY", UsagePlanId: ref(planId) },
    { ...api.passed, DependsOn: [keyId] },
  );
}

function extend(lowering: Lowering, id: string, list: string, item: Value, dependsOn: readonly string[]): void {
  const resource = fieldsOf(lowering.made[id]);
  const properties = fieldsOf(resource["Properties"]);
  lowering.made[id] = {
    ...resource,
    DependsOn: [...listOf(resource["DependsOn"]), ...dependsOn],
    Properties: { ...properties, [list]: [...listOf(properties[list]), item] },
  };
}
