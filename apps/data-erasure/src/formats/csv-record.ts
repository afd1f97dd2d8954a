/** One record of a CSV file, by RFC 4180. */

/** The fields of a record: quotes around a field are taken off, doubled ones within it are one. */
export function fieldsOf(record: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (record[at] === '"') {
      let value = "";
      let from = at + 1;
      for (;;) {
        const quote = record.indexOf('"', from);
        if (quote < 0) {
          fields.push(value + record.slice(from));
          return fields;
        }
        value += record.slice(from, quote);
        if (record[quote + 1] !== '"') {
          at = quote + 1;
          break;
        }
        value += '"';
        from = quote + 2;
      }
      const comma = record.indexOf(",", at);
      fields.push(value + record.slice(at, comma < 0 ? undefined : comma));
      if (comma < 0) return fields;
      at = comma + 1;
    } else {
      const comma = record.indexOf(",", at);
      fields.push(record.slice(at, comma < 0 ? undefined : comma));
      if (comma < 0) return fields;
      at = comma + 1;
    }
  }
}
