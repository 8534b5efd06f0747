import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { bundleOf } from '../../stacks/bundle-manifest';
import { PipelineMachine } from '../../stacks/constructs/pipeline-machine';
import { ReleaseBundle } from '../../stacks/constructs/release-bundle';
import { SecretContainer } from '../../stacks/constructs/secret-container';
import { SecretsStack } from '../../stacks/secrets-stack';
import { someBundles } from '../support/synthesized-stacks';

describe('a construct', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'app-'));
  const app = new App({ outdir });
  after(() => rmSync(outdir, { recursive: true, force: true }));

  it('says so when its stack belongs to no environment, instead of inventing a name', () => {
    const stack = new TerraformStack(app, 'of-nobody');
    const options = { secret: 'github-token', description: '', keyArn: 'key' } as const;
    expect(() => new SecretContainer(stack, 'secret', options)).to.throw(
      'of-nobody/secret stands in a stack that belongs to no environment',
    );
  });

  it('of a state machine names the task that is not in the registry', () => {
    const [environment] = loadEnvironments();
    if (!environment) throw new Error('there is no environment');
    const stack = new SecretsStack(app, environment);
    const worker = new ReleaseBundle(stack, 'worker', { bundle: bundleOf(someBundles(), 'worker'), key: 'worker.zip' });
    const options = { taskArns: new Map(), worker, deadLetterQueueUrl: 'queue', keyArn: 'key' };
    expect(() => new PipelineMachine(stack, 'pipeline', options)).to.throw(
      'The state machine calls poll-work-items, which is not in lambdas/registry.ts',
    );
  });
});
