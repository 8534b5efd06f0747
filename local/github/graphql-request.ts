import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import * as z from 'zod';
import type { Context, Resolver } from './context';
import { formatError, githubError } from './github-error';
import { countNodes } from './query-size';
import { resolverTable } from './resolvers/resolver-table';

const NODE_LIMIT = 500_000;

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** A request that can be carried out, or the errors that GitHub would answer with. */
export type ReadRequest =
  | {
      readonly kind: 'sound';
      readonly document: DocumentNode;
      readonly operation: OperationDefinitionNode;
      readonly variables: Readonly<Record<string, unknown>>;
      /** Its name, if it has one, and its root fields. */
      readonly names: readonly string[];
      readonly nodeCount: number;
    }
  | { readonly kind: 'unsound'; readonly status: 200 | 400; readonly body: object };

const unsound = (errors: readonly GraphQLError[]): ReadRequest => ({
  kind: 'unsound',
  status: 200,
  body: { errors: errors.map(formatError) },
});

const namesOf = (operation: OperationDefinitionNode): readonly string[] => [
  ...(operation.name ? [operation.name.value] : []),
  ...operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  ),
];

const parseBody = (text: string): z.infer<typeof bodySchema> | null => {
  try {
    return bodySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not JSON
  }
};

type CheckedDocument = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

const checkDocument = (query: string, schema: GraphQLSchema): CheckedDocument => {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
};

const KEPT_DOCUMENTS = 50;

/** Parses and validates bodies of POSTs to the GraphQL endpoint. A document that comes again is not checked again. */
export const requestReader = (schema: GraphQLSchema): ((text: string) => ReadRequest) => {
  const known = new Map<string, CheckedDocument>();
  const check = (query: string): CheckedDocument => {
    const checked = known.get(query) ?? checkDocument(query, schema);
    if (known.size >= KEPT_DOCUMENTS) known.clear();
    known.set(query, checked);
    return checked;
  };
  return (text) => {
    const body = parseBody(text);
    if (!body) return { kind: 'unsound', status: 400, body: { message: 'Problems parsing JSON' } };
    const checked = check(body.query);
    if ('errors' in checked) return unsound(checked.errors);
    const { document } = checked;
    const operation = getOperationAST(document, body.operationName);
    if (!operation) return unsound([new GraphQLError('An operation name is required')]);
    const variables = body.variables ?? {};
    const nodeCount = countNodes(operation, document, variables);
    if (nodeCount > NODE_LIMIT) {
      const message = `This query requests up to ${nodeCount} possible nodes which exceeds the maximum limit of 500,000.`;
      return unsound([githubError('MAX_NODE_LIMIT_EXCEEDED', message)]);
    }
    return { kind: 'sound', document, operation, variables, names: namesOf(operation), nodeCount };
  };
};

/** Computed field, own property of the record, or a loud refusal: a field is never silently null. */
const fieldResolver: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const { parentType, fieldName } = info;
  const resolve = resolverTable[parentType.name]?.[fieldName] as Resolver<unknown, unknown> | undefined;
  if (resolve) return resolve(source, args, context, info);
  if (typeof source === 'object' && source !== null && Object.hasOwn(source, fieldName)) {
    const value = (source as Record<string, unknown>)[fieldName];
    return typeof value === 'function' ? value() : value;
  }
  throw githubError('STAND_IN_LACKS', `The local GitHub does not implement ${parentType.name}.${fieldName}.`);
};

/** Carries out a sound request. Errors of fields stand in the answer, as over the wire. */
export const answerRequest = async (
  request: Extract<ReadRequest, { kind: 'sound' }>,
  schema: GraphQLSchema,
  context: Context,
): Promise<object> => {
  const result = await execute({
    schema,
    document: request.document,
    operationName: request.operation.name?.value,
    variableValues: request.variables,
    contextValue: context,
    fieldResolver,
    typeResolver: (record: { readonly kind: string }) => record.kind,
  });
  const { data, errors } = result;
  return { ...(data === undefined ? {} : { data }), ...(errors ? { errors: errors.map(formatError) } : {}) };
};
