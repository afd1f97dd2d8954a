/** The resource tree: CreateResource, GetResource, GetResources, DeleteResource. */
import type { Resource } from "@aws-sdk/client-api-gateway";
import type { Handlers } from "../../../core/service.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, conflict, member, page, type RestApis, type Sdk } from "../store.ts";

export function resourceHandlers(apis: RestApis): Handlers<Sdk> {
  return {
    CreateResource({ restApiId, parentId, pathPart = "" }) {
      const api = apis.byId(restApiId);
      const parent = member(api.resources, "Resource", parentId);
      if (!/^(\{[\w.:-]+\+?\}|[\w.:%~!$&'()*,;=@-]+)$/.test(pathPart))
        throw badRequest(
          "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
        );
      if (parent.pathPart?.endsWith("+}"))
        throw badRequest("Cannot create a child of a resource with a greedy path variable");
      const siblings = Object.values(api.resources).filter((resource) => resource.parentId === parent.id);
      if (siblings.some((resource) => resource.pathPart === pathPart))
        throw conflict("Another resource with the same parent already has this name: " + pathPart);
      if (
        pathPart.startsWith("{") &&
        siblings.some((resource) => isVariable(resource) && isGreedy(resource.pathPart) === isGreedy(pathPart))
      )
        throw badRequest(
          `A sibling (${siblings.find(isVariable)?.pathPart ?? ""}) of this resource already has a variable path part -- only one is allowed`,
        );
      const id = newId(apis.cloud, 6);
      const path = `${parent.path === "/" ? "" : (parent.path ?? "")}/${pathPart}`;
      const resource: Resource = { id, parentId: parent.id, pathPart, path };
      api.resources[id] = resource;
      apis.save(api);
      return resource;
    },
    GetResource({ restApiId, resourceId, embed }) {
      return shape(member(apis.byId(restApiId).resources, "Resource", resourceId), embed);
    },
    GetResources({ restApiId, embed, limit, position }) {
      const sorted = Object.values(apis.byId(restApiId).resources).sort((a, b) =>
        (a.path ?? "") < (b.path ?? "") ? -1 : 1,
      );
      return page(
        sorted.map((resource) => shape(resource, embed)),
        limit,
        position,
      );
    },
    DeleteResource({ restApiId, resourceId }) {
      const api = apis.byId(restApiId);
      const { id = "", path = "" } = member(api.resources, "Resource", resourceId);
      if (path === "/") throw badRequest("Root resource cannot be deleted");
      for (const [key, resource] of Object.entries(api.resources))
        if (key === id || resource.path?.startsWith(`${path}/`)) delete api.resources[key];
      apis.save(api);
      return {};
    },
  };
}

const isVariable = (resource: Resource): boolean => resource.pathPart?.startsWith("{") ?? false;
const isGreedy = (pathPart: string | undefined): boolean => pathPart?.endsWith("+}") ?? false;

/** Methods are named; their settings come only with `embed=methods`. */
function shape(resource: Resource, embed: readonly string[] | undefined): Resource {
  if (!resource.resourceMethods || embed?.includes("methods")) return resource;
  return {
    ...resource,
    resourceMethods: Object.fromEntries(Object.keys(resource.resourceMethods).map((method) => [method, {}])),
  };
}
