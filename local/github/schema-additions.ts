import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';

/**
 * What GitHub's API answers today and the newest published `@octokit/graphql-schema` does not have yet.
 * Remove a line here when the package has it. Source: GitHub's own SDL as served in August 2026, and documents of
 * public programs that use these fields.
 */
const additions = parse(
  `
  enum ProjectV2ItemArchivedState { ARCHIVED NOT_ARCHIVED }

  type ProjectV2 {
    items(archivedStates: [ProjectV2ItemArchivedState!] = [ARCHIVED, NOT_ARCHIVED], query: String = ""): ProjectV2ItemConnection!
  }

  type Issue {
    blockedBy(after: String, before: String, first: Int, last: Int, orderBy: IssueDependencyOrder): IssueConnection!
    blocking(after: String, before: String, first: Int, last: Int, orderBy: IssueDependencyOrder): IssueConnection!
  }

  enum IssueDependencyOrderField { CREATED_AT DEPENDENCY_ADDED_AT }

  input IssueDependencyOrder { direction: OrderDirection! field: IssueDependencyOrderField! }
`,
  { noLocation: true },
);

const nameOf = (definition: DefinitionNode): string => ('name' in definition ? (definition.name?.value ?? '') : '');

const withAddedFields = (
  type: ObjectTypeDefinitionNode,
  added: readonly FieldDefinitionNode[],
): ObjectTypeDefinitionNode => {
  const fields = (type.fields ?? []).map((field) => {
    const more = added.find((candidate) => candidate.name.value === field.name.value)?.arguments ?? [];
    const names = new Set(field.arguments?.map((argument) => argument.name.value));
    const lacking = more.filter((argument) => !names.has(argument.name.value));
    return lacking.length === 0 ? field : { ...field, arguments: [...(field.arguments ?? []), ...lacking] };
  });
  const names = new Set(fields.map((field) => field.name.value));
  return { ...type, fields: [...fields, ...added.filter((field) => !names.has(field.name.value))] };
};

/** The published schema with the additions merged in: new types, new fields, new arguments of known fields. */
export const withAdditions = (published: DocumentNode): DocumentNode => {
  const added = new Map(additions.definitions.map((definition) => [nameOf(definition), definition]));
  const known = new Set(published.definitions.map(nameOf));
  const merged = published.definitions.map((definition) => {
    const addition = added.get(nameOf(definition));
    return definition.kind === Kind.OBJECT_TYPE_DEFINITION && addition?.kind === Kind.OBJECT_TYPE_DEFINITION
      ? withAddedFields(definition, addition.fields ?? [])
      : definition;
  });
  const fresh = additions.definitions.filter((definition) => !known.has(nameOf(definition)));
  return { ...published, definitions: [...merged, ...fresh] };
};
