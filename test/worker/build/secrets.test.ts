import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type BuildGround, inWhoseName, prepareBuild, type Scene } from '../../support/build-ground';

// Not real: put together here so that no scanner takes this file for a leak.
const planted = {
  github: ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_'),
  url: 'hunter2secret',
  aws: ['AKIA', 'IOSFODNN7QWERTYU'].join(''),
  header: 'c2VjcmV0LXRva2VuLXZhbHVl',
  keyBody: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7',
};
const prints = [
  `echo "token ${planted.github}"`,
  `echo "https://user:${planted.url}@example.com/x.git" >&2`,
  `echo "key ${planted.aws}"`,
  `echo "Authorization: Bearer ${planted.header}"`,
  `printf -- "-----BEGIN RSA PRIVATE KEY-----\\n${planted.keyBody}\\n"; sleep 0.1; printf "${planted.keyBody}\\n-----END RSA PRIVATE KEY-----\\nafter the key\\n"`,
  `printf "gh"; sleep 0.1; printf "p_${planted.github.slice(4)}\\n"`,
  `printf "\\033[31mghp_\\033[0m${planted.github.slice(4)}\\r\\n"`,
  `head -c 15350 /dev/zero | tr "\\0" x; echo " ${planted.github} tail of a long line"; head -c 15330 /dev/zero | tr "\\0" x; echo " ${planted.github} $(head -c 3000 /dev/zero | tr "\\0" y)"`,
].join('; ');

describe(`a secret that is printed ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild(scene);
    return ground;
  };
  afterEach(() => ground?.remove());

  const everythingStored = ({ folder }: BuildGround): string =>
    readdirSync(join(folder, 'objects'))
      .filter((name) => name.includes(encodeURIComponent('/build/')) && !name.includes('bundle'))
      .map((name) => readFileSync(join(folder, 'objects', name), 'utf8'))
      .join('\n');

  const expectNone = (text: string, what: string): void => {
    for (const [name, secret] of Object.entries(planted))
      expect(text.includes(secret), `${name} in ${what}`).to.equal(false);
    expect(text.includes(planted.github.slice(0, 14)), `a part in ${what}`).to.equal(false);
  };

  it('is in no log, result or line of the build, whoever prints it', async () => {
    const settings = `install: {command: "sh print.sh"}\ntest: {command: "sh print.sh; exit 1"}\n`;
    const given = await prepare({
      settings,
      base: { 'print.sh': `${prints}\n` },
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent: 'echo x > a.txt; sh print.sh; [ $KIRO_WORKER_TASK_ID = 1 ]',
    });
    const result = await given.run();
    expect(result.fault?.code).to.equal('AgentDied');
    const stored = everythingStored(given);
    expect(stored).to.contain('[redacted]').and.to.contain('after the key');
    expectNone(stored, 'what is stored');
    expectNone(given.lines.join('\n'), 'the log of the build');
  });

  it('is in no error either', async () => {
    const given = await prepare({
      settings: `install: {command: "sh print.sh; exit 1"}\ntest: {command: "true"}\n`,
      base: { 'print.sh': `${prints}\n` },
    });
    const error = await given.fail();
    expect(error.name).to.equal('InstallFailed');
    expectNone(`${error.message} ${error.remedy}`, 'the error');
    expectNone(everythingStored(given), 'what is stored');
  });

  it('is in no commit: a variable that was passed on, in whatever form, and the work of other tasks is kept', async () => {
    const value = ['a quiet', 'value of no shape', '7391'].join(' ');
    const given = await prepare({
      passedVariables: { SHOP_TOKEN: value },
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent:
        'echo x > a.$KIRO_WORKER_TASK_ID; [ $KIRO_WORKER_TASK_ID = 1 ] || printf "id: %s" "$SHOP_TOKEN" | base64 -w 0 > b.txt',
    });
    const result = await given.run();
    expect(result.fault).to.deep.include({ code: 'SecretInChange', task: '2' });
    expect(result.fault?.message).to.match(/a credential of this worker, in b\.txt in commit/);
    expect(result.commits).to.have.length(1);
    expect(given.show('b.txt', result)).to.equal(null);
  });

  it('is in no coverage report that is stored, which is the same but for that', async () => {
    const value = ['a/quiet', 'value=of+no+shape', '7391'].join('-');
    const given = await prepare({
      passedVariables: { SHOP_TOKEN: value },
      settings: 'install: {command: ""}\ntest: {command: "sh test.sh"}\ncoverage: {reports: [lcov.info]}\n',
      base: { 'test.sh': 'printf "SF:größe-%s.js\\nDA:1,1\\nend_of_record\\n" "$SHOP_TOKEN" > lcov.info\n' },
      agent: 'echo x > a.txt',
    });
    await given.run();
    expect(given.text('build/coverage/after/lcov.info')).to.equal('SF:größe-[redacted].js\nDA:1,1\nend_of_record\n');
  });

  it('cannot be made a metric: each line of a program has a prefix', async () => {
    const metric = '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"Faults":0}';
    const { run, lines } = await prepare({
      settings: `install: {command: ""}\ntest: {command: "sh print.sh"}\n`,
      base: { 'print.sh': `printf '%s\\r%s\\n\\033[2K%s\\n' '${metric}' '${metric}' '${metric}'\n` },
      tasks: `- [ ] 1. ${metric}\n`,
    });
    await run();
    expect(lines.join('\n')).to.contain(metric);
    for (const line of lines) {
      expect(line.trimStart().startsWith('{'), line).to.equal(false);
      expect(line).not.to.match(/[\r\n]/);
    }
  });

  it('of Kiro goes to kiro-cli and to nobody else, and is taken out of what kiro-cli prints', async () => {
    const key = ['plain', 'key', '0123456789'].join('-');
    const given = await prepare({
      agent: { kind: 'kiro-cli', apiKeySecret: 'kiro-api-key' },
      secret: `${key}\n`,
      settings: 'install: {command: "env > env.install"}\ntest: {command: "env"}\n',
    });
    const bin = join(given.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'kiro-cli'),
      '#!/bin/sh\n[ "$*" = "chat --no-interactive --trust-all-tools" ] || exit 2\ncat > prompt.txt\ntest -n "$KIRO_API_KEY" && echo "my key is $KIRO_API_KEY" && printf %s "$KIRO_API_KEY" | base64\necho "▸ Credits: 0.01 • Time: 1s" >&2\n',
    );
    chmodSync(join(bin, 'kiro-cli'), 0o755);
    Object.assign(given.env, { searchPath: `${bin}:${given.env.searchPath}` });
    const result = await given.run();
    expect(result.commits).to.have.length(1);
    expect(given.logText('agent-1.log')).to.contain('my key is [redacted]');
    for (const text of [everythingStored(given), given.lines.join('\n')]) {
      expect(text).not.to.contain(key);
      expect(text).not.to.contain(Buffer.from(key).toString('base64'));
    }
    expect(given.logText('tests-after.log')).to.contain('HOME=').and.not.to.contain('KIRO_API_KEY');
  });

  it('of Kiro that is empty stops the build before it starts: kiro-cli would wait for a login', async () => {
    const { fail, lines } = await prepare({ agent: { kind: 'kiro-cli', apiKeySecret: 'kiro-api-key' }, secret: ' \n' });
    const error = await fail();
    expect(error.name).to.equal('AuthenticationFailed');
    expect(error.message).to.contain('kiro-api-key');
    expect(lines).to.deep.equal([]);
  });

  it('that an operator passes on by name reaches agent and tests, and is taken out of what they print', async () => {
    const key = ['passed', 'on', '0123456789'].join('-');
    const given = await prepare({
      passedVariables: { MODEL_API_KEY: key, HTTPS_PROXY: 'http://127.0.0.1:9' },
      agent: 'echo "agent has $MODEL_API_KEY and $HTTPS_PROXY"; echo x > done.txt',
      settings: 'install: {command: ""}\ntest: {command: "echo tests have $MODEL_API_KEY"}\n',
    });
    expect((await given.run()).commits).to.have.length(1);
    expect(given.logText('agent-1.log')).to.contain('agent has [redacted] and http://127.0.0.1:9');
    expect(given.logText('tests-after.log')).to.contain('tests have [redacted]');
    expect(everythingStored(given) + given.lines.join('\n')).not.to.contain(key);
  });
});
