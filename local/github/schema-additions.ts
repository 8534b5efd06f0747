import { type DocumentNode, Kind, parse, visit } from 'graphql';

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

/** The published schema with the additions merged in: new types, new fields, new arguments of known fields. */
export const withAdditions = (published: DocumentNode): DocumentNode => {
  const known = new Set(
    published.definitions.map((definition) => ('name' in definition ? definition.name?.value : '')),
  );
  const fresh = additions.definitions.filter((added) => 'name' in added && !known.has(added.name?.value));
  const merged = visit(published, {
    ObjectTypeDefinition: (type) => {
      const added = additions.definitions.find(
        (definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === type.name.value,
      );
      if (added?.kind !== Kind.OBJECT_TYPE_DEFINITION) return false;
      const addedFields = added.fields ?? [];
      const fields = (type.fields ?? []).map((field) => {
        const more = addedFields.find((candidate) => candidate.name.value === field.name.value)?.arguments ?? [];
        const names = new Set(field.arguments?.map((argument) => argument.name.value));
        const lacking = more.filter((argument) => !names.has(argument.name.value));
        return { ...field, arguments: [...(field.arguments ?? []), ...lacking] };
      });
      const names = new Set(fields.map((field) => field.name.value));
      return { ...type, fields: [...fields, ...addedFields.filter((field) => !names.has(field.name.value))] };
    },
  });
  return { ...merged, definitions: [...merged.definitions, ...fresh] };
};
