/** Queries that are kept under a name for people. */
import type { Cloud } from "../../core/cloud.ts";
import type { Handlers } from "../../core/service.ts";
import { type Athena, invalidRequest, type NamedQuery, namedQueriesOf, PRIMARY, workGroupNamed } from "./store.ts";

export function namedQueryHandlers(cloud: Cloud): Handlers<Athena> {
  const queries = namedQueriesOf(cloud);
  const named = (id = ""): NamedQuery => {
    const found = queries.get(id);
    if (!found) throw invalidRequest(`NamedQuery ${id} was not found`);
    return found;
  };
  return {
    CreateNamedQuery({ Name: name = "", Description: description, Database: database = "", QueryString, WorkGroup }) {
      const id = cloud.uuid();
      const workGroup = workGroupNamed(cloud, WorkGroup).name;
      queries.set(id, { id, name, description, database, query: QueryString ?? "", workGroup });
      return { NamedQueryId: id };
    },
    GetNamedQuery({ NamedQueryId }) {
      const { id, name, description, database, query, workGroup } = named(NamedQueryId);
      return {
        NamedQuery: {
          NamedQueryId: id,
          Name: name,
          Database: database,
          QueryString: query,
          WorkGroup: workGroup,
          ...(description !== undefined && { Description: description }),
        },
      };
    },
    ListNamedQueries({ WorkGroup = PRIMARY }) {
      const found = [...queries.values()].filter(({ workGroup }) => workGroup === WorkGroup);
      return { NamedQueryIds: found.map(({ id }) => id) };
    },
    DeleteNamedQuery({ NamedQueryId }) {
      queries.delete(named(NamedQueryId).id);
      return {};
    },
  };
}
