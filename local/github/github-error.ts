import { GraphQLError } from 'graphql';

/** The `type` that GitHub puts beside the message of a GraphQL error. */
export type GitHubErrorType =
  | 'NOT_FOUND'
  | 'UNPROCESSABLE'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'EXCESSIVE_PAGINATION'
  | 'MISSING_PAGINATION_BOUNDARIES'
  | 'INVALID_CURSOR_ARGUMENTS'
  | 'ARGUMENT_LIMIT'
  | 'MAX_NODE_LIMIT_EXCEEDED'
  | 'STAND_IN_LACKS';

/** An error that the client sees under `errors[]` with this type. */
export const githubError = (type: GitHubErrorType, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });

export const notANode = (id: string): GraphQLError =>
  githubError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);

const unknownField = /^Cannot query field "(\w+)" on type "(\w+)"/;

/** GitHub's form: `type` at the top, its own words for a field that does not exist. */
export const formatError = (error: GraphQLError): Record<string, unknown> => {
  const { message, path, locations } = error.toJSON();
  const [, fieldName, typeName] = unknownField.exec(message) ?? [];
  if (fieldName !== undefined) {
    return {
      message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
      extensions: { code: 'undefinedField', typeName, fieldName },
      locations,
    };
  }
  const { type } = error.extensions;
  return { ...(type === undefined ? {} : { type }), ...(path ? { path } : {}), locations, message };
};
