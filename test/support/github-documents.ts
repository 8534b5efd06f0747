import { GraphQLError, parse, validate } from 'graphql';
import { loadGitHubSchema } from '../../local/github/schema';

const schema = loadGitHubSchema();

/** What is wrong with a GraphQL document, measured against GitHub's published schema; empty when it is sound. */
export const validateDocument = (document: string): readonly string[] => {
  try {
    return validate(schema, parse(document)).map(({ message }) => message);
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message];
    throw error;
  }
};
