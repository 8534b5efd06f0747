import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadEnvironments } from '../../../config/load';
import { namesOf, stackKinds } from '../../../config/naming';
import type { Environment } from '../../../config/schema';
import { taskContracts } from '../../../lambdas/registry';
import { checkDefinition } from '../../../local/asl/check-definition';
import { describeDeposits, describeEnvironment } from '../../../local/stacks/describe-environment';
import { readStacks } from '../../../local/stacks/terraform-json';
import { temporaryFolder } from '../../support/temporary-folder';
import { synthesizeStacks } from './support/synthesized';

const describeIn = (stacksFolder: string, environment: Environment) => {
  const home = { region: environment.region, accountId: environment.account };
  const stacks = readStacks(stacksFolder, stackKinds.map(namesOf(environment).stack));
  const versions = { functionVersion: () => 3, objectVersion: (_: string, key: string) => `version-of-${key}` };
  return {
    ...describeDeposits(stacks, home),
    ...describeEnvironment(stacks, { home, url: 'http://127.0.0.1:1', ...versions }),
  };
};

describe('describeEnvironment', () => {
  const folder = temporaryFolder();

  for (const environment of loadEnvironments())
    it(`understands the stacks of ${environment.name} and leaves no token in them`, () => {
      const names = namesOf(environment);
      const described = describeIn(synthesizeStacks(folder(), {}, environment).stacksFolder, environment);
      expect(JSON.stringify(described)).not.to.match(/\$\{[a-z]/);
      expect(described.functions.map(({ name }) => name).sort()).to.deep.equal(
        taskContracts.map(({ name }) => names.task(name)).sort(),
      );
      expect(described.projects.map(({ name }) => name)).to.have.members([names.gitProject, names.builderProject]);
      expect(described.buckets).to.include.members([names.artifactsBucket, names.releasesBucket]);
      expect(described.tables.map(({ name }) => name)).to.have.members([names.locksTable, names.ledgerTable]);
      expect(described.secrets).to.include(names.secret('github-token'));
      expect(described.parameters.map(({ name }) => name)).to.include(names.boardSettingsParameter);
      expect(described.queues).to.deep.equal([
        {
          name: names.deadLetterQueue,
          url: `http://127.0.0.1:1/${environment.account}/${names.deadLetterQueue}`,
          visibilitySeconds: 30,
        },
      ]);
    });

  it('gives a definition that the engine takes, with versions of functions and of the worker', () => {
    const [environment] = loadEnvironments() as [Environment];
    const { pipeline } = describeIn(synthesizeStacks(folder(), {}, environment).stacksFolder, environment);
    const { definition, release } = pipeline;
    expect(() => checkDefinition(definition)).not.to.throw();
    expect(definition).to.contain(`:function:${namesOf(environment).task('acquire-lock')}:3"`);
    expect(definition).to.contain('"SourceVersion":"version-of-bundles/worker.zip"');
    expect(release).to.match(/^[0-9a-f]{12}$/);
    expect(definition).to.contain(`release ${release}`);
  });

  it('gives every function a role that exists, with its permissions as objects', () => {
    const [environment] = loadEnvironments() as [Environment];
    const { functions, roles } = describeIn(synthesizeStacks(folder(), {}, environment).stacksFolder, environment);
    for (const { role } of functions) {
      const found = roles.find(({ arn }) => arn === role);
      expect(found?.policies[0]?.document).to.have.property('Statement').that.is.an('array').that.is.not.empty;
      expect(found?.trust).to.have.property('Statement');
    }
  });

  const change = (stack: string, edit: (text: string) => string) => {
    const [environment] = loadEnvironments() as [Environment];
    const { stacksFolder } = synthesizeStacks(folder(), {}, environment);
    const file = join(stacksFolder, 'stacks', stack, 'cdk.tf.json');
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    return () => describeIn(stacksFolder, environment);
  };
  const poller = namesOf((loadEnvironments() as [Environment])[0]).stack('poller');

  it('names the resource whose shape it does not expect', () => {
    expect(change(poller, (text) => text.replaceAll('"handler": "index.handler"', '"handler": 5')))
      .to.throw(Error, /aws_lambda_function\.\S+ of \S+-poller is not as this machine expects it:[\s\S]*handler/)
      .with.property('name', 'ValidationError');
  });

  it('refuses permissions that it would overlook', () => {
    const other = '"aws_iam_role_policy_attachment": { "x": { "role": "r", "policy_arn": "a" } }, "aws_iam_role": {';
    expect(change(poller, (text) => text.replace('"aws_iam_role": {', other)))
      .to.throw(Error, 'aws_iam_role_policy_attachment.x')
      .with.property('name', 'ValidationError');
  });

  it('refuses an alias that does not point to the newest version alone', () => {
    expect(change(poller, (text) => text.replace('"weight": 100', '"weight": 90')))
      .to.throw(Error, 'must route everything to')
      .with.property('name', 'ValidationError');
  });

  it('says which file is missing or broken, and what to do', () => {
    const [environment] = loadEnvironments() as [Environment];
    mkdirSync(join(folder(), 'empty'));
    const missing = () => describeIn(join(folder(), 'empty'), environment);
    expect(missing).to.throw(Error, 'manifest.json does not exist').with.property('name', 'BuildOutputMissing');
    expect(missing).to.throw(Error).with.property('remedy', 'Synthesize the stacks: npm run synth.');
    expect(change(poller, (text) => text.slice(0, 100))).to.throw('is not what CDKTF writes');
    expect(change(poller, () => '{"terraform":[]}')).to.throw('is not what CDKTF writes');
  });

  it('says which stack is missing', () => {
    const [test, other] = loadEnvironments() as [Environment, Environment];
    const { stacksFolder } = synthesizeStacks(folder(), {}, test);
    expect(() => describeIn(stacksFolder, other)).to.throw(`has no stack ${namesOf(other).stack('core')}`);
  });
});
