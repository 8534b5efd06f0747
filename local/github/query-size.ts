import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

const pageSize = (field: FieldNode, variables: Variables): number | null => {
  const boundary = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  if (boundary?.kind === Kind.INT) return Number(boundary.value);
  const given = boundary?.kind === Kind.VARIABLE ? variables[boundary.name.value] : null;
  return typeof given === 'number' ? given : null;
};

/** How many nodes a query may return at most: each connection's page size times those around it, as GitHub counts. */
export const countNodes = (
  operation: OperationDefinitionNode,
  document: DocumentNode,
  variables: Variables,
): number => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const part of document.definitions)
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part);

  const countIn = (set: SelectionSetNode | undefined, times: number): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + countIn(selection.selectionSet, times);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        return sum + countIn(fragments.get(selection.name.value)?.selectionSet, times);
      }
      const size = pageSize(selection, variables);
      return size === null
        ? sum + countIn(selection.selectionSet, times)
        : sum + size * times + countIn(selection.selectionSet, size * times);
    }, 0);

  return countIn(operation.selectionSet, 1);
};
