// Enforces import-table.json: the table is the rule, this file only translates it.
const { rooms } = require('./import-table.json');

const roomRules = rooms.map(({ room, files, may, notSelf }) => ({
  name: `imports of ${room}`,
  comment: `${room} may import ${may.length ? may.join(', ') : 'nothing of ours'} (import-table.json)`,
  severity: 'error',
  from: { path: files },
  to: {
    path: '^(?!node_modules)',
    pathNot: [...may, ...(notSelf ? [] : [files]), 'node_modules'],
    dependencyTypes: ['local'],
  },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'cdktf stays in stacks',
      comment: 'CDKTF is archived upstream; docs/decisions/0001 keeps the way out short.',
      severity: 'error',
      from: { pathNot: '^(stacks/|main\\.ts$|test/)' },
      to: { path: 'node_modules/(cdktf|@cdktf|constructs)/' },
    },
    {
      name: 'no provider barrel',
      comment: 'The index of the provider loads every resource: 5 s and 700 MB.',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/@cdktf/provider-aws/lib/index\\.' },
    },
    {
      name: 'vendors stay in adapters',
      severity: 'error',
      from: { path: '^(domain|config|workflows|stacks|deployment|lambdas/[^_/]+/(?!handler))' },
      to: { path: 'node_modules/(@aws-sdk|@octokit)/' },
    },
    {
      name: 'nothing ships from test or scripts',
      severity: 'error',
      from: { pathNot: '^(test|scripts)/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    exclude: { path: '^(dist|build|cdktf\\.out|node_modules/.*/node_modules|local/sample/repository)' },
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.mjs', '.js'], // no .json: `cdktf` would be taken for our cdktf.json, and its rule never fire,
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
