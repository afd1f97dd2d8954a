/** AWS::Serverless::Api, written in the template or implied by an event. */
import { createHash } from "node:crypto";
import { inside } from "../../template-error.ts";
import { compact, isFields, ref, valueFunction, type Fields, type Value } from "../../value.ts";
import { sortedJson } from "../code.ts";
import { ConditionalPaths } from "../conditional-paths.ts";
import { stageId } from "../logical-ids.ts";
import {
  checkProperties,
  fieldsOf,
  invalid,
  listOf,
  type Lowering,
  type SamResource,
  tagList,
  textOf,
} from "../lowering.ts";
import { copyPaths, INTEGRATION, methodKey, newDocument, type Paths, readDefinition } from "../openapi.ts";
import { type ApiAuth, type MethodRequest, securityOf, validator, withCredentials, withRequest } from "./methods.ts";
import { restDocument } from "./document.ts";
import { lowerUsagePlan } from "./usage-plan.ts";

export const IMPLICIT_REST_API = "ServerlessRestApi";

/** Properties of the API, and those of its stage. */
const OF_API = [
  "ApiKeySourceType",
  "BinaryMediaTypes",
  "Description",
  "DisableExecuteApiEndpoint",
  "FailOnWarnings",
  "MinimumCompressionSize",
  "Mode",
  "Name",
];
const OF_STAGE = [
  "AccessLogSetting",
  "CacheClusterEnabled",
  "CacheClusterSize",
  "CanarySetting",
  "MethodSettings",
  "TracingEnabled",
  "Variables",
];
const LOWERED = [
  "AlwaysDeploy",
  "Auth",
  "Cors",
  "DefinitionBody",
  "DefinitionUri",
  "EndpointConfiguration",
  "GatewayResponses",
  "Models",
  "OpenApiVersion",
  "StageName",
  "Tags",
];

export class RestApi {
  readonly id: string;
  readonly #lowering: Lowering;
  readonly #resource: SamResource;
  readonly #document: Fields;
  readonly #s3: Fields | undefined;
  readonly #paths: Paths;
  readonly #conditional = new ConditionalPaths();
  readonly #validators: Record<string, Value> = {};
  #usesApiKeys = false;
  #usesIam = false;

  constructor(lowering: Lowering, resource: SamResource) {
    checkProperties(
      lowering,
      resource,
      [...OF_API, ...OF_STAGE, ...LOWERED],
      ["Domain", "MergeDefinitions", "PropagateTags"],
    );
    if (resource.properties["StageName"] === undefined)
      throw invalid(resource.id, "Missing required property 'StageName'.", inside(resource.path, "Properties"));
    this.id = resource.id;
    this.#lowering = lowering;
    this.#resource = resource;
    const { document, s3 } = readDefinition(lowering, resource);
    this.#document = document ?? newDocument();
    this.#s3 = s3;
    this.#paths = copyPaths(this.#document);
  }

  /** What permissions of this API's events end in. */
  get permissionSuffix(): string {
    return textOf(this.#resource.properties["StageName"]) ?? "Stage";
  }

  get #isOpenApi3(): boolean {
    const version =
      this.#document["openapi"] ?? this.#lowering.known(this.#resource.properties["OpenApiVersion"]) ?? "";
    return String(version).startsWith("3");
  }

  get #auth(): ApiAuth {
    const auth = fieldsOf(this.#resource.properties["Auth"]);
    const authorizers = fieldsOf(auth["Authorizers"]);
    return {
      defaultAuthorizer: textOf(this.#lowering.known(auth["DefaultAuthorizer"])),
      apiKeyRequired: this.#lowering.known(auth["ApiKeyRequired"]) === true,
      invokeRole: auth["InvokeRole"],
      scopesOf: (name) => listOf(fieldsOf(authorizers[name])["AuthorizationScopes"]),
    };
  }

  /** Answers false when the method has an integration already. */
  addMethod(path: string, method: string, operation: Fields, request: MethodRequest): boolean {
    if (this.#s3)
      throw invalid(
        this.id,
        "Methods cannot be added to a definition that lies in S3.",
        inside(this.#resource.path, "Properties.DefinitionUri"),
      );
    const item = (this.#paths[path] ??= {});
    const key = methodKey(method);
    const existing = fieldsOf(item[key]);
    if (existing[INTEGRATION] !== undefined) return false;
    this.#checkAuthorizer(request);
    const check = validator(request.model);
    if (check) this.#validators[check.name] = check.definition;
    const security = securityOf(request, this.#auth);
    this.#usesApiKeys ||= request.apiKeyRequired === true;
    this.#usesIam ||= request.authorizer === "AWS_IAM";
    this.#conditional.note(path, key, request.condition);
    item[key] = compact({
      ...existing,
      ...withRequest(withCredentials(operation, request, this.#auth), request, this.#isOpenApi3),
      security,
    });
    return true;
  }

  #checkAuthorizer({ authorizer, at }: MethodRequest): void {
    if (authorizer === undefined || authorizer === "NONE" || authorizer === "AWS_IAM") return;
    const authorizers = fieldsOf(fieldsOf(this.#resource.properties["Auth"])["Authorizers"]);
    if (!(authorizer in authorizers))
      throw invalid(
        this.id,
        `Unable to set Authorizer [${authorizer}] on API method because the related API does not define it.`,
        at,
      );
  }

  /** Adds the API, its deployment and its stage, once all events have been lowered. */
  finish(): void {
    const { properties, metadata: _metadata, ...resource } = this.#resource;
    const condition = this.id === IMPLICIT_REST_API ? this.#conditional.ofAll(this.#lowering, this.id) : undefined;
    const extra: Fields = condition === undefined ? {} : { Condition: condition };
    const attributes = { ...resource.attributes, ...extra };
    const passed = { ...resource.passed, ...extra };
    const body = this.#s3
      ? undefined
      : restDocument(this.#lowering, this.#resource, {
          document: this.#document,
          paths: this.#paths,
          conditional: this.#conditional,
          validators: this.#validators,
          isOpenApi3: this.#isOpenApi3,
          auth: this.#auth,
          usesApiKeys: this.#usesApiKeys || this.#auth.apiKeyRequired,
          usesIam: this.#usesIam || this.#auth.defaultAuthorizer === "AWS_IAM",
        });
    this.#lowering.add(
      this.id,
      "AWS::ApiGateway::RestApi",
      {
        ...Object.fromEntries(OF_API.map((name) => [name, properties[name]])),
        Body: body,
        BodyS3Location: this.#s3,
        ...endpoint(properties["EndpointConfiguration"]),
      },
      attributes,
    );
    const digest = createHash("sha1")
      .update(sortedJson(compact({ body, s3: this.#s3, always: alwaysDeploy(this.#lowering, properties) })))
      .digest("hex");
    const deployment = `${this.id}Deployment${digest.slice(0, 10)}`;
    this.#lowering.add(
      deployment,
      "AWS::ApiGateway::Deployment",
      { Description: `RestApi deployment id: ${digest}`, RestApiId: ref(this.id) },
      passed,
    );
    const stage = stageId(this.id, properties["StageName"]);
    this.#lowering.add(
      stage,
      "AWS::ApiGateway::Stage",
      {
        ...Object.fromEntries(OF_STAGE.map((name) => [name, properties[name]])),
        DeploymentId: ref(deployment),
        RestApiId: ref(this.id),
        StageName: properties["StageName"],
        Tags: properties["Tags"] === undefined ? undefined : tagList(fieldsOf(properties["Tags"])),
      },
      passed,
    );
    this.#lowering.renamed.set(`${this.id}.Deployment`, deployment);
    this.#lowering.renamed.set(`${this.id}.Stage`, stage);
    lowerUsagePlan(this.#lowering, this.#resource, stage);
  }
}

/** The template says that the stage is to be deployed afresh with every change of anything. */
const alwaysDeploy = (lowering: Lowering, properties: Fields): Value | undefined =>
  lowering.known(properties["AlwaysDeploy"]) === true ? properties : undefined;

/** `REGIONAL` or `{ Type: REGIONAL }`. */
function endpoint(given: Value | undefined): Fields {
  if (given === undefined) return {};
  const type = isFields(given) && !valueFunction(given) ? given["Type"] : given;
  const vpcEndpoints = isFields(given) ? given["VPCEndpointIds"] : undefined;
  return {
    EndpointConfiguration: compact({ Types: type === undefined ? undefined : [type], VpcEndpointIds: vpcEndpoints }),
    ...(type === undefined ? {} : { Parameters: { endpointConfigurationTypes: type } }),
  };
}
