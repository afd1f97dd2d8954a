type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The object without members that are undefined. */
export function given<T extends object>(members: T): Optional<T> & Required<T> {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  // What was filtered out is exactly what the type makes optional.
  return Object.fromEntries(present) as Optional<T> & Required<T>;
}
