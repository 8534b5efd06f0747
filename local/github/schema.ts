import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { withAdditions } from './schema-additions';

/** The package offers no export for the SDL; it lies beside the folder that the module search finds. */
const findSdl = (): string => {
  const searched = createRequire(__filename).resolve.paths('@octokit/graphql-schema') ?? [];
  for (const folder of searched) {
    try {
      return readFileSync(join(folder, '@octokit', 'graphql-schema', 'schema.graphql'), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`@octokit/graphql-schema is not installed where ${dirname(__filename)} looks for it. Run npm ci.`);
};

/** Two thirds of the file are descriptions, which nobody here reads: without them it parses in half the time. */
const withoutDescriptions = (sdl: string): string => sdl.replaceAll(/"""(?:\\"""|[^"]|"(?!""))*"""/g, '');

/** GitHub's own published schema (plus schema-additions), without resolvers. Takes about 150 ms: load it once. */
export const loadGitHubSchema = (): GraphQLSchema =>
  buildASTSchema(withAdditions(parse(withoutDescriptions(findSdl()), { noLocation: true })), {
    assumeValid: true,
    assumeValidSDL: true,
  });
