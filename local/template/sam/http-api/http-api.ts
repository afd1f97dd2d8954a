/** AWS::Serverless::HttpApi, written in the template or implied by an event. */
import { inside, type Path } from "../../template-error.ts";
import { compact, isFields, ref, valueFunction, type Fields, type Value } from "../../value.ts";
import { ConditionalPaths } from "../conditional-paths.ts";
import { stageId } from "../logical-ids.ts";
import { checkProperties, fieldsOf, invalid, listOf, type Lowering, type SamResource } from "../lowering.ts";
import { copyPaths, INTEGRATION, METHODS, methodKey, newDocument, type Paths, readDefinition } from "../openapi.ts";
import { authorizerScopes, httpSchemes } from "./authorizers.ts";

export const IMPLICIT_HTTP_API = "ServerlessHttpApi";
const DEFAULT_STAGE = "$default";

const LOWERED =
  "AccessLogSettings Auth CorsConfiguration DefaultRouteSettings DefinitionBody DefinitionUri Description DisableExecuteApiEndpoint FailOnWarnings Name RouteSettings StageName StageVariables Tags".split(
    " ",
  );

interface RouteAuth {
  readonly authorizer: string | undefined;
  readonly scopes: Value | undefined;
  /** The function's: without it there is no route. */
  readonly condition?: Value | undefined;
  readonly at: Path;
}

export class HttpApi {
  readonly id: string;
  readonly #lowering: Lowering;
  readonly #resource: SamResource;
  readonly #document: Fields;
  readonly #s3: Fields | undefined;
  readonly #paths: Paths;
  readonly #conditional = new ConditionalPaths();
  readonly #routeSettings: Record<string, Value> = {};

  constructor(lowering: Lowering, resource: SamResource) {
    checkProperties(lowering, resource, LOWERED, ["Domain", "PropagateTags"]);
    this.id = resource.id;
    this.#lowering = lowering;
    this.#resource = resource;
    const { document, s3 } = readDefinition(lowering, resource);
    this.#document = document ?? newDocument();
    this.#s3 = s3;
    this.#paths = copyPaths(this.#document);
  }

  /** Answers false when the route has an integration already. */
  addRoute(path: string, method: string, operation: Fields, auth: RouteAuth): boolean {
    if (this.#s3)
      throw invalid(
        this.id,
        "Routes cannot be added to a definition that lies in S3.",
        inside(this.#resource.path, "Properties.DefinitionUri"),
      );
    const item = (this.#paths[path] ??= {});
    const key = methodKey(method);
    const existing = fieldsOf(item[key]);
    if (existing[INTEGRATION] !== undefined) return false;
    const security = this.#security(auth);
    this.#conditional.note(path, key, auth.condition);
    item[key] = { ...existing, ...operation, ...(security === undefined ? {} : { security }) };
    return true;
  }

  addRouteSettings(path: string, method: string, settings: Fields): void {
    const key = path === DEFAULT_STAGE ? path : `${method.toUpperCase()} ${path}`;
    this.#routeSettings[key] = { ...fieldsOf(this.#routeSettings[key]), ...settings };
  }

  #security({ authorizer, scopes, at }: RouteAuth): Value | undefined {
    const name = authorizer ?? this.#lowering.known(fieldsOf(this.#resource.properties["Auth"])["DefaultAuthorizer"]);
    if (typeof name !== "string") return undefined;
    if (name !== "NONE" && !(name in this.#schemeNames()))
      throw invalid(
        this.id,
        `Unable to set Authorizer on API method because '${name}' is not defined in the API's Authorizers.`,
        at,
      );
    return [{ [name]: scopes === undefined ? authorizerScopes(this.#resource, name) : listOf(scopes) }];
  }

  #schemeNames(): Fields {
    const auth = fieldsOf(this.#resource.properties["Auth"]);
    const iam: Fields = this.#lowering.known(auth["EnableIamAuthorizer"]) === true ? { AWS_IAM: {} } : {};
    return { ...fieldsOf(auth["Authorizers"]), ...iam };
  }

  /** Adds the API and its stage, once all events have been lowered. */
  finish(): void {
    const { properties, metadata: _metadata, ...resource } = this.#resource;
    const condition = this.id === IMPLICIT_HTTP_API ? this.#conditional.ofAll(this.#lowering, this.id) : undefined;
    const extra: Fields = condition === undefined ? {} : { Condition: condition };
    const attributes = { ...resource.attributes, ...extra };
    const passed = { ...resource.passed, ...extra };
    this.#lowering.add(
      this.id,
      "AWS::ApiGatewayV2::Api",
      {
        Body: this.#s3 ? undefined : this.#body(),
        BodyS3Location: this.#s3,
        Description: this.#s3 ? properties["Description"] : undefined,
        DisableExecuteApiEndpoint: this.#s3 ? properties["DisableExecuteApiEndpoint"] : undefined,
        FailOnWarnings: properties["FailOnWarnings"],
      },
      attributes,
    );
    const stageName = properties["StageName"] ?? DEFAULT_STAGE;
    const stage = stageName === DEFAULT_STAGE ? `${this.id}ApiGatewayDefaultStage` : stageId(this.id, stageName);
    const own = fieldsOf(properties["RouteSettings"]);
    const routeSettings = { ...own, ...this.#routeSettings };
    this.#lowering.add(
      stage,
      "AWS::ApiGatewayV2::Stage",
      {
        ApiId: ref(this.id),
        StageName: stageName,
        AutoDeploy: true,
        AccessLogSettings: properties["AccessLogSettings"],
        DefaultRouteSettings: properties["DefaultRouteSettings"],
        RouteSettings: Object.keys(routeSettings).length > 0 ? routeSettings : undefined,
        StageVariables: properties["StageVariables"],
        Tags: this.#s3 ? properties["Tags"] : { "httpapi:createdBy": "SAM", ...fieldsOf(properties["Tags"]) },
      },
      passed,
    );
    this.#lowering.renamed.set(`${this.id}.Stage`, stage);
  }

  #body(): Fields {
    const { properties } = this.#resource;
    const schemes = httpSchemes(this.#lowering, this.#resource);
    this.#secureGiven();
    const components = fieldsOf(this.#document["components"]);
    const cors = corsOf(properties["CorsConfiguration"]);
    const disable = properties["DisableExecuteApiEndpoint"];
    return compact({
      ...this.#document,
      openapi: this.#document["openapi"] ?? "3.0.1",
      info: compact({
        ...fieldsOf(this.#document["info"]),
        title: properties["Name"] ?? fieldsOf(this.#document["info"])["title"],
        description: properties["Description"] ?? fieldsOf(this.#document["info"])["description"],
      }),
      paths: this.#conditional.wrap(this.#lowering, this.id, this.#paths),
      components:
        Object.keys(schemes).length > 0
          ? { ...components, securitySchemes: { ...fieldsOf(components["securitySchemes"]), ...schemes } }
          : this.#document["components"],
      "x-amazon-apigateway-cors": cors ?? this.#document["x-amazon-apigateway-cors"],
      tags: [
        ...listOf(this.#document["tags"]),
        ...Object.entries({ "httpapi:createdBy": "SAM", ...fieldsOf(properties["Tags"]) }).map(
          ([name, value]): Fields => ({ name, "x-amazon-apigateway-tag-value": value }),
        ),
      ],
      servers:
        disable === undefined
          ? this.#document["servers"]
          : [{ "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: disable } }],
    });
  }

  /** The default authorizer also guards routes of the given definition that name none. */
  #secureGiven(): void {
    const security = this.#security({ authorizer: undefined, scopes: undefined, at: this.#resource.path });
    if (security === undefined) return;
    for (const item of Object.values(this.#paths))
      for (const [method, operation] of Object.entries(item))
        if (
          METHODS.has(method) &&
          method !== "options" &&
          isFields(operation) &&
          operation[INTEGRATION] !== undefined &&
          operation["security"] === undefined
        )
          item[method] = { ...operation, security };
  }
}

const CORS_MEMBERS: Readonly<Record<string, string>> = {
  AllowOrigins: "allowOrigins",
  AllowMethods: "allowMethods",
  AllowHeaders: "allowHeaders",
  ExposeHeaders: "exposeHeaders",
  MaxAge: "maxAge",
  AllowCredentials: "allowCredentials",
};

function corsOf(configuration: Value | undefined): Value | undefined {
  if (configuration === true) return { allowOrigins: ["*"] };
  if (!isFields(configuration)) return undefined;
  if (valueFunction(configuration)) return configuration;
  return Object.fromEntries(Object.entries(configuration).map(([name, value]) => [CORS_MEMBERS[name] ?? name, value]));
}
