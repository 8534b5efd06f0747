// An esbuild plugin: the AWS SDK without what a bundle cannot reach. esbuild keeps it only because it cannot prove that nobody wants it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Lambda hands credentials over in variables; SSO, STS, profiles and instance metadata are 100 KB of dead code there. */
const LAMBDA_CREDENTIALS = `
  import { fromEnv } from '@aws-sdk/credential-provider-env';
  export const defaultProvider = (options) => fromEnv(options);`;

/** Names of the error classes that tell the SDK's retry strategy what they are. */
const retryableErrors = (schemasFile) => {
  const text = readFileSync(join(dirname(dirname(schemasFile)), 'models', 'errors.js'), 'utf8');
  const classes = text.matchAll(/^export class (\w+) [\s\S]*?^}/gm);
  return new Set([...classes].filter(([body]) => body.includes('$retryable')).map(([, name]) => name));
};

/**
 * Schemas are constants whose computed keys look like side effects: each becomes a call marked as pure.
 * Error classes of operations that nobody calls are not registered; such an error still arrives with its name, as the service's base exception.
 */
const leanSchemas = (path, isNamed) => {
  const text = readFileSync(path, 'utf8');
  const retryable = text.includes('registerError') ? retryableErrors(path) : new Set();
  return text
    .replace(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, name) =>
      isNamed(name) || retryable.has(name) ? line : '',
    )
    .replace(/^((?:export )?(?:var|const) [\w$]+ = )(\[[\s\S]*?\]);$/gm, '$1/* @__PURE__ */ (() => ($2))();');
};

/** `isNamed` says whether the project's own code mentions an error class. */
export const leanAwsSdk = ({ isNamed, inLambda }) => ({
  name: 'lean-aws-sdk',
  setup(build) {
    build.onLoad(
      { filter: /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ },
      ({ path }) => ({
        contents: leanSchemas(path, isNamed),
        loader: 'js',
      }),
    );
    // Clients read their version and nothing else from their package.json.
    build.onLoad({ filter: /[/\\]@aws-sdk[/\\].*[/\\]package\.json$/ }, ({ path }) => ({
      contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
      loader: 'json',
    }));
    if (!inLambda) return;
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: 'lambda-credentials',
      namespace: 'lean-aws-sdk',
      pluginData: { resolveDir },
    }));
    build.onLoad({ filter: /./, namespace: 'lean-aws-sdk' }, ({ pluginData }) => ({
      contents: LAMBDA_CREDENTIALS,
      resolveDir: pluginData.resolveDir,
    }));
  },
});
