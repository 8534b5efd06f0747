import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { taskContracts } from '../../lambdas/registry';
import { parseBundleManifest } from '../../stacks/bundle-manifest';
import { runNode, tinyProject } from '../support/tiny-project';

const ROOMS = ['adapters', 'domain', 'lambdas', 'worker', 'buildspec.yml', 'scripts'];
const KILOBYTES_600 = 600_000;

/** Bundles a project into `out` in a process of its own. */
const bundle = async (root: string, out: string, env: NodeJS.ProcessEnv = {}) => {
  const module = pathToFileURL(join(root, 'scripts/bundling/bundle-all.mjs')).href;
  const code = `import { bundleAll } from ${JSON.stringify(module)};
    await bundleAll({ root: ${JSON.stringify(root)}, out: ${JSON.stringify(out)} });`;
  const ended = await runNode(root, ['--input-type=module', '-e', code], env);
  if (ended.code !== 0) throw new Error(ended.output);
};

describe('the bundles', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'bundles of a test '));
  const here = join(folder, 'here');
  const manifest = () => parseBundleManifest(JSON.parse(readFileSync(join(here, 'manifest.json'), 'utf8')));
  const contents = (name: string) => unzipSync(readFileSync(join(here, `${name}.zip`)));

  before(() => bundle(process.cwd(), here));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are one per task and one for the worker', () => {
    expect(Object.keys(manifest().bundles).sort()).to.deep.equal(
      [...taskContracts.map(({ name }) => name), 'worker'].sort(),
    );
    for (const { name } of taskContracts) expect(Object.keys(contents(name)), name).to.deep.equal(['index.mjs']);
    expect(Object.keys(contents('worker'))).to.deep.equal(['buildspec.yml', 'main.mjs']);
  });

  it('are what the manifest says they are', () => {
    for (const [name, { file, sha256, bytes }] of Object.entries(manifest().bundles)) {
      const zip = readFileSync(join(here, file));
      expect(zip.length, name).to.equal(bytes);
      expect(createHash('sha256').update(zip).digest('hex'), name).to.equal(sha256);
    }
  });

  it('stay below 600 KB per task', () => {
    for (const { name } of taskContracts)
      expect(contents(name)['index.mjs']?.length, name).to.be.within(10_000, KILOBYTES_600);
  });

  it('are the same bytes from another folder, with a space in its path, in another time zone', async () => {
    const elsewhere = join(folder, 'another project');
    mkdirSync(elsewhere);
    for (const room of ROOMS) cpSync(room, join(elsewhere, room), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(elsewhere, 'node_modules'));
    const there = join(elsewhere, 'out');
    await bundle(elsewhere, there, { TZ: 'Pacific/Kiritimati' });
    for (const file of readdirSync(here))
      expect(readFileSync(join(there, file)).equals(readFileSync(join(here, file))), file).to.equal(true);
  });

  it('run: each handler checks its input and its settings before it touches anything', async () => {
    for (const { name } of taskContracts) {
      const module = join(folder, `${name}.mjs`);
      writeFileSync(module, contents(name)['index.mjs'] ?? '');
      const code = `import { handler } from ${JSON.stringify(pathToFileURL(module).href)};
        const error = await handler({ unexpected: true }).catch((error) => error);
        process.stdout.write('\\n' + error.name + ': ' + error.message);`;
      const { output } = await runNode(folder, ['--input-type=module', '-e', code], { AWS_REGION: 'us-east-1' });
      expect(output, name).to.include(`ValidationError: The input of ${name} is wrong`);
    }
  });

  it('still know errors by name whose classes were left out', async () => {
    const code = `import { createServer } from 'node:http';
      import { handler } from ${JSON.stringify(pathToFileURL(join(folder, 'acquire-lock.mjs')).href)};
      const server = createServer((_, response) => {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException', message: 'no' }));
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:' + server.address().port;
      const item = ${JSON.stringify({
        itemId: 'PVTI_1',
        projectId: 'PVT_1',
        issueId: 'I_1',
        issueNumber: 1,
        title: 'One',
        url: 'https://github.com/o/r/issues/1',
        repository: 'o/r',
        repositoryId: 'R_1',
        branch: 'feature/one',
        baseBranch: 'main',
        specPath: '.kiro/specs/one',
        priority: null,
        createdAt: '2026-01-01T00:00:00Z',
      })};
      const error = await handler({ item, owner: 'arn:owner', dryRun: false }).catch((error) => error);
      process.stdout.write('\\n' + error.name + ': ' + error.message);
      server.close();
      server.closeAllConnections();`;
    expect(existsSync(join(folder, 'acquire-lock.mjs'))).to.equal(true);
    const { output } = await runNode(folder, ['--input-type=module', '-e', code], {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      ENVIRONMENT: 'somewhere',
      RELEASE: 'none',
      LOCKS_TABLE: 'locks',
      CREDIT_BUDGET_PARAMETER: 'budget',
      ARTIFACTS_BUCKET: 'artifacts',
      POWERTOOLS_SERVICE_NAME: 'acquire-lock',
    });
    expect(output).to.include('PermissionDenied: AWS denied to read credits#open of the locks table: no');
  });

  it('are refused when a task has grown too large', async () => {
    const project = tinyProject();
    try {
      const data = createHash('shake256', { outputLength: 400_000 }).update('seed').digest('hex');
      project.write('lambdas/greet/handler.ts', `export const handler = async () => '${data}';\n`);
      const { code, output } = await project.build();
      expect(code).to.equal(1);
      expect(output).to.match(/Lambda bundles may have 600000 bytes; too large: greet \(8\d{5}\)\./);
    } finally {
      project.remove();
    }
  });
});
