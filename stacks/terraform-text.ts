/** Text that Terraform hands on as it is: without this, `${HOME}` or `%{` in a setting would be read as a template. */
export const terraformText = (text: string): string => text.replace(/[$%](?=\{)/g, (sign) => sign + sign);

/** A value with every text in it made safe for Terraform. */
export const terraformSafe = <T>(value: T): T => {
  if (typeof value === 'string') return terraformText(value) as T;
  if (Array.isArray(value)) return value.map(terraformSafe) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, terraformSafe(part)])) as T;
};
