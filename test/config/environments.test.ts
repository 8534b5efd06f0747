import { expect } from 'chai';
import {
  environmentNames,
  firstEnvironment,
  loadEnvironment,
  loadEnvironments,
  parseEnvironment,
} from '../../config/load';
import { namesOf, secretNames, stackKinds } from '../../config/naming';
import type { Environment } from '../../config/schema';
import { taskContracts } from '../../lambdas/registry';

const sound = (): Environment => firstEnvironment();
const problemOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    const { name, message, remedy } = error as Error & { remedy: string };
    return `${name}: ${message} ${remedy}`;
  }
  return 'none';
};

describe('the environments', () => {
  it('have among them test, staging and production, with the intervals and thresholds of the deployment strategy', () => {
    const named = ['test', 'staging', 'production'].map(loadEnvironment);
    const seen = named.map(({ name, pollIntervalMinutes, coverageThreshold }) => [
      name,
      pollIntervalMinutes,
      coverageThreshold,
    ]);
    expect(seen).to.deep.equal([
      ['test', 5, 80],
      ['staging', 10, 80],
      ['production', 15, 80],
    ]);
  });

  it('have each a name and an account of their own', () => {
    const all = loadEnvironments();
    expect(new Set(all.map(({ account }) => account)).size).to.equal(all.length);
    expect(new Set(environmentNames()).size).to.equal(all.length);
  });

  it('are found by name; an unknown name is refused with the list of those that there are', () => {
    expect(loadEnvironment('staging').pollIntervalMinutes).to.equal(10);
    expect(problemOf(() => loadEnvironment('prod'))).to.equal(
      `ValidationError: There is no environment "prod". Use one of: ${environmentNames().join(', ')}.`,
    );
    for (const name of ['', 'TEST', 'toString', '__proto__'])
      expect(problemOf(() => loadEnvironment(name))).to.match(/Use one of/);
  });

  it('begin with the one in which a release is tried first', () => {
    expect(firstEnvironment().name).to.equal(environmentNames()[0]);
  });
});

describe('parseEnvironment', () => {
  it('takes a sound one as it is', () => {
    expect(parseEnvironment(sound())).to.deep.equal(sound());
    const more = { ...sound(), agent: { kind: 'command', command: 'agent' }, alarmEmails: ['ops@example.com'] };
    expect(parseEnvironment(more)).to.deep.equal(more);
  });

  const wrong: Record<string, readonly [object, RegExp]> = {
    'a threshold of 101': [{ coverageThreshold: 101 }, /coverageThreshold/],
    'a negative threshold': [{ coverageThreshold: -1 }, /coverageThreshold/],
    'a threshold that is no number': [{ coverageThreshold: Number.NaN }, /coverageThreshold/],
    'a negative interval': [{ pollIntervalMinutes: -5 }, /pollIntervalMinutes/],
    'an interval of 0': [{ pollIntervalMinutes: 0 }, /pollIntervalMinutes/],
    'half a minute': [{ pollIntervalMinutes: 0.5 }, /pollIntervalMinutes/],
    'an account of 11 digits': [{ account: '12345678901' }, /an AWS account id has 12 digits/],
    'an account as a number': [{ account: 111122223333 }, /account/],
    'a region that is none': [{ region: 'europe' }, /an AWS region such as eu-central-1/],
    'a name in capitals': [{ name: 'Test' }, /lower-case letters and digits/],
    'a name with a dash': [{ name: 'my-test' }, /lower-case letters and digits/],
    'a name that is too long for S3': [{ name: 'a'.repeat(14) }, /2 to 13 of them/],
    'no slot': [{ maxConcurrentItems: 0 }, /maxConcurrentItems/],
    'a build that could never raise its alarm': [{ buildTimeoutMinutes: 60 }, /buildTimeoutMinutes/],
    'a build longer than CodeBuild allows': [{ buildTimeoutMinutes: 2161 }, /buildTimeoutMinutes/],
    'days that CloudWatch does not know': [{ logRetentionDays: 31 }, /logRetentionDays/],
    'days that Secrets Manager does not know': [{ secretRecoveryDays: 3 }, /secretRecoveryDays/],
    'an agent that nobody knows': [{ agent: { kind: 'other' } }, /agent/],
    'a command that is empty': [{ agent: { kind: 'command', command: '' } }, /agent\.command/],
    'tokens sent in clear': [{ githubApiUrl: 'http://github.example.com' }, /begins with https/],
    'a mail address that is none': [{ alarmEmails: ['ops'] }, /alarmEmails\[0\]/],
    'a field that nobody knows': [{ colour: 'red' }, /Unrecognized key: "colour"/],
  };
  for (const [what, [change, message]] of Object.entries(wrong))
    it(`refuses ${what}, and names environment and field`, () => {
      const problem = problemOf(() => parseEnvironment({ ...sound(), ...change }));
      expect(problem)
        .to.match(/^ValidationError: The configuration of the environment \S+ is wrong/)
        .and.match(message);
      expect(problem).to.match(/Correct it in config\/environments\//);
    });

  it('refuses what is no object at all', () => {
    for (const value of [null, undefined, 7, 'test', []])
      expect(problemOf(() => parseEnvironment(value))).to.match(/^ValidationError: .*without a name is wrong/);
  });
});

describe('namesOf', () => {
  const longest = { name: 'a'.repeat(13), account: '111122223333', region: 'ap-southeast-2' };
  const all = (environment: Pick<Environment, 'name' | 'account' | 'region'>): readonly string[] => {
    const names = namesOf(environment);
    return [
      ...Object.entries(names).flatMap(([key, value]) =>
        typeof value === 'string' && key !== 'heldLocksIndex' ? [value] : [],
      ),
      ...stackKinds.map(names.stack),
      ...secretNames.map(names.secret),
      ...taskContracts.flatMap(({ name }) => [
        names.task(name),
        names.taskLogGroup(name),
        names.role(name),
        names.alarm(name),
      ]),
      names.parameter('x'),
    ];
  };

  it('gives no two environments a name in common, but for what lies inside of a resource', () => {
    const inside = ['live', 'items', 'bundles/worker.zip'];
    const [first, second] = loadEnvironments().map((environment) => new Set(all(environment)));
    const common = [...(first ?? [])].filter((name) => second?.has(name) && !inside.includes(name));
    expect(common).to.deep.equal([]);
  });

  it('names everything kiro-worker-{env}-…', () => {
    const names = namesOf(loadEnvironment('test'));
    expect(names).to.include({
      locksTable: 'kiro-worker-test-locks',
      deadLetterQueue: 'kiro-worker-test-dead-letters',
      artifactsBucket: 'kiro-worker-test-artifacts-111122223333-us-east-1',
      boardSettingsParameter: '/kiro-worker/test/github-project-config',
    });
    expect([names.stack('core'), names.secret('github-token'), names.task('acquire-lock')]).to.deep.equal([
      'kiro-worker-test-core',
      'kiro-worker-test-github-token',
      'kiro-worker-test-acquire-lock',
    ]);
  });

  it('keeps to the limits of AWS also with the longest name of an environment', () => {
    const names = namesOf(longest);
    for (const bucket of [names.artifactsBucket, names.releasesBucket]) expect(bucket.length, bucket).to.be.at.most(63);
    for (const { name } of taskContracts) {
      expect(names.task(name).length, name).to.be.at.most(64);
      expect(names.role(name).length, name).to.be.at.most(64);
    }
    expect(names.stateMachine.length).to.be.at.most(80);
    expect(names.deadLetterQueue.length).to.be.at.most(80);
    for (const name of all(longest)) expect(name.length, name).to.be.at.most(140);
  });
});
