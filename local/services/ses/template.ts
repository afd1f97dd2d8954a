/** Mail templates with `{{name}}` and `{{order.id}}`. Sections and helpers of Handlebars are refused when a template is made. */

/** What is wrong with a template; undefined when it can be rendered. */
export function templateProblem(template: string): string | undefined {
  const tags = template.match(/\{\{\{?[^}]*\}?\}\}/g) ?? [];
  if ((template.match(/\{\{/g)?.length ?? 0) !== tags.length) return "Unclosed tag in template";
  const odd = tags.find((tag) => !/^\{\{\s*[\w.-]+\s*\}\}$|^\{\{\{\s*[\w.-]+\s*\}\}\}$/.test(tag));
  return odd === undefined ? undefined : `${odd} is not supported by the local cloud: only attributes are`;
}

/** Throws when the data lacks an attribute. Values are escaped for HTML unless written in three braces. */
export function render(template: string, data: unknown, isHtml = false): string {
  return template.replace(/\{\{(\{?)\s*([\w.-]+)\s*\}?\}\}/g, (_all, third: string, path: string) => {
    const value = path
      .split(".")
      .reduce<unknown>(
        (at, name) =>
          typeof at === "object" && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
        data,
      );
    if (value === undefined) throw new Error(`Attribute '${path}' is not present in the rendering data.`);
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return isHtml && third === "" ? text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`) : text;
  });
}
