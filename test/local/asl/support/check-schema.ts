import { NormalizedSchema } from '@smithy/core/schema';

type Checked = Parameters<typeof NormalizedSchema.of>[0];

const scalarFault = (schema: NormalizedSchema, value: unknown): string | undefined => {
  if (schema.isTimestampSchema()) return value instanceof Date ? undefined : 'must be a Date';
  if (schema.isStringSchema()) return typeof value === 'string' ? undefined : 'must be a string';
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? undefined : 'must be a boolean';
  if (schema.isNumericSchema()) return typeof value === 'number' ? undefined : 'must be a number';
  return 'has an unexpected type';
};

/** Every fault of `value` against a schema that the SDK client exports: unknown members and wrong types, with their place. */
export const schemaFaults = (schema: Checked, value: unknown, place = ''): readonly string[] => {
  const normalized = NormalizedSchema.of(schema);
  if (normalized.isListSchema()) {
    if (!Array.isArray(value)) return [`${place} must be a list`];
    return value.flatMap((item, index) => schemaFaults(normalized.getValueSchema(), item, `${place}[${index}]`));
  }
  if (normalized.isMapSchema()) {
    return Object.entries(value as object).flatMap(([key, item]) =>
      schemaFaults(normalized.getValueSchema(), item, `${place}.${key}`),
    );
  }
  if (normalized.isStructSchema()) {
    const members = normalized.getMemberSchemas();
    return Object.entries(value as object).flatMap(([key, item]) => {
      const member = members[key];
      return member ? schemaFaults(member, item, `${place}.${key}`) : [`${place}.${key} is not a member`];
    });
  }
  const fault = scalarFault(normalized, value);
  return fault ? [`${place} ${fault}`] : [];
};
