import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { pageOf } from "./paging.ts";
import { nullMember, type CloudFormationModule, type Context } from "./store.ts";

export const listExports =
  ({ store }: Context): Handler<CloudFormationModule, "ListExports"> =>
  ({ NextToken: token }) => {
    const all = store
      .live()
      .flatMap((stack) =>
        Object.values(stack.outputs).flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: exportName, Value: value }],
        ),
      )
      .sort((a, b) => (a.Name < b.Name ? -1 : 1));
    const { items, ...next } = pageOf(all, ({ Name }) => Name, token);
    return { Exports: [...items], ...next };
  };

/** The names of the stacks that import an export. */
export const listImports =
  ({ store }: Context): Handler<CloudFormationModule, "ListImports"> =>
  ({ ExportName: name, NextToken: token }) => {
    if (name === undefined) throw nullMember("exportName");
    const importers = store.importers(name).map((stack) => stack.name);
    if (importers.length === 0)
      throw new ServiceError("ValidationError", `Export '${name}' is not imported by any stack.`);
    const { items, ...next } = pageOf(importers, (importer) => importer, token);
    return { Imports: [...items], ...next };
  };
