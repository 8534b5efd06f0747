type Json = unknown;

const mapNames = (value: Json, rename: (name: string) => string): Json => {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map((item) => mapNames(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [rename(name), mapNames(member, rename)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Names as Step Functions writes them (`buildStatus` → `BuildStatus`), members sorted, moments as milliseconds since 1970. */
export const toPascalCase = (value: Json): Json =>
  mapNames(value, (name) => name.charAt(0).toUpperCase() + name.slice(1));

/** Names as the service's API has them. */
export const toCamelCase = (value: Json): Json =>
  mapNames(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
